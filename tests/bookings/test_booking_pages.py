import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.access import access_token, booking_link
from bookings.models import BookingStatus
from events.models import TicketStock
from tests.factories import (
    BookingFactory,
    EventFactory,
    HoldFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db

PAGES = [
    "bookings:detail",
    "bookings:confirm",
    "bookings:cancel",
    "bookings:extend",
    "bookings:give_back",
]
POSTED = {"bookings:extend", "bookings:give_back"}


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(capacity=5, name="Stalls")


@pytest.fixture
def hold(ticket_type):
    return HoldFactory(event=ticket_type.event, tickets=[ticket_type, ticket_type])


@pytest.fixture
def booking(ticket_type):
    return BookingFactory(event=ticket_type.event, tickets=[ticket_type])


def details(**more):
    return {"name": "Ada", "email": "ada@example.com", "payment_method": "free"} | more


def test_guest_confirms_and_sees_reference_and_tickets(client, hold):
    first, second = hold.tickets.all()
    form = details(**{f"attendee_{second.pk}": "Charles"})

    response = client.post(booking_link(hold, "bookings:confirm"), form, follow=True)

    html = response.content.decode()
    assert hold.reference in html
    assert first.code_in_groups in html
    assert second.code_in_groups in html
    hold.refresh_from_db()
    assert hold.status == BookingStatus.CONFIRMED
    assert [ticket.attendee_name for ticket in hold.tickets.all()] == ["Ada", "Charles"]


def test_confirming_twice_gives_the_same_answer(client, hold):
    link = booking_link(hold, "bookings:confirm")

    first, second = client.post(link, details()), client.post(link, details(name="Else"))

    assert first["Location"] == second["Location"] == booking_link(hold)


def test_priced_booking_is_confirmed_to_be_paid_at_the_door(client):
    ticket_type = TicketTypeFactory(price=Decimal(12))
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type], total=12)
    link = booking_link(hold, "bookings:confirm")

    free = client.post(link, details(payment_method="free"))
    at_door = client.post(link, details(payment_method="at_door"), follow=True)

    assert free.status_code == 400
    assert "at the door" in at_door.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not an address"),
        ("email", ""),
        ("email", f"ada@{'ä' * 60}.example.com"),
        ("name", ""),
        ("name", "x" * 151),
        ("payment_method", "gold"),
    ],
)
def test_bad_detail_is_said_and_what_was_typed_is_kept(client, hold, field, value):
    response = client.post(booking_link(hold, "bookings:confirm"), details(**{field: value}))

    form = response.context["form"]
    assert response.status_code == 400
    assert list(form.errors) == [field]
    assert form[field].value() == value
    assert form["name" if field == "email" else "email"].value()
    hold.refresh_from_db()
    assert hold.is_pending


def test_hold_shows_its_time_and_can_be_extended_once(client, hold):
    hold.expires_at = timezone.now() + dt.timedelta(minutes=3)
    hold.save()

    before = client.get(booking_link(hold, "bookings:confirm")).content.decode()
    after = client.post(booking_link(hold, "bookings:extend"), follow=True).content.decode()

    assert "3 minutes" in before
    assert "I need more time" in before
    assert "15 minutes" in after
    assert "I need more time" not in after


@pytest.mark.parametrize("page", PAGES)
def test_booking_is_reached_by_its_link_or_its_owner_and_nobody_else(client, ticket_type, page):
    owner = UserFactory()
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type], user=owner)
    other = HoldFactory(event=ticket_type.event, tickets=[ticket_type])
    path = reverse(page, args=[hold.reference])
    visit = client.post if page in POSTED else client.get
    token = access_token(hold)

    assert visit(f"{path}?access={token}").status_code in (200, 302)
    assert visit(path).status_code == 404
    assert visit(f"{path}?access={token[:-1]}x").status_code == 404
    assert visit(f"{path}?access={access_token(other)}").status_code == 404
    client.force_login(UserFactory(is_staff=True))
    assert visit(path).status_code == 404
    client.force_login(owner)
    assert visit(path).status_code in (200, 302)


@pytest.mark.parametrize("reference", ["NOSUCHRE", "é", "x" * 200])
def test_unknown_reference_is_not_found(client, reference):
    assert client.get(reverse("bookings:detail", args=[reference])).status_code == 404


def test_cancelling_asks_first_and_frees_the_places_at_once(client, booking, ticket_type):
    link = booking_link(booking, "bookings:cancel")

    assert "Cancel this booking" in client.get(link).content.decode()
    assert TicketStock.objects.get(pk=ticket_type.pk).taken == 1

    page = client.post(link, follow=True).content.decode()
    assert "was cancelled" in page
    assert TicketStock.objects.get(pk=ticket_type.pk).taken == 0


def test_booking_of_an_event_that_started_is_kept(client):
    ticket_type = TicketTypeFactory(event=EventFactory(starts_at=days_from_now(-2)))
    booking = BookingFactory(event=ticket_type.event, tickets=[ticket_type])

    page = client.post(booking_link(booking, "bookings:cancel"), follow=True).content.decode()

    assert "can no longer be cancelled" in page
    booking.refresh_from_db()
    assert booking.is_confirmed


def test_giving_back_from_an_old_page_does_not_cancel_what_was_confirmed(client, hold):
    client.post(booking_link(hold, "bookings:confirm"), details())

    page = client.post(booking_link(hold, "bookings:give_back"), follow=True).content.decode()

    assert "confirmed already" in page
    hold.refresh_from_db()
    assert hold.is_confirmed


def test_more_time_keeps_what_was_typed(client, hold):
    _, second = hold.tickets.all()
    typed = {"name": "Grace", "email": "grace@", f"attendee_{second.pk}": "Charles"}

    response = client.post(booking_link(hold, "bookings:extend"), typed, follow=True)

    form = response.context["form"]
    assert (form["name"].value(), form["email"].value()) == ("Grace", "grace@")
    assert form[f"attendee_{second.pk}"].value() == "Charles"
    again = client.post(booking_link(hold, "bookings:extend"), typed, follow=True)
    assert list(again.context["messages"]) == []


def test_hold_of_a_guest_who_logs_in_becomes_theirs(client, hold):
    user = UserFactory()
    client.force_login(user)

    client.post(booking_link(hold, "bookings:confirm"), details())

    hold.refresh_from_db()
    assert hold.user == user


def test_host_who_stops_taking_payment_at_the_door_is_explained(client):
    ticket_type = TicketTypeFactory(price=Decimal(12))
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type], total=12)
    hold.event.allows_pay_at_door = False
    hold.event.save()
    link = booking_link(hold, "bookings:confirm")

    page, sent = client.get(link), client.post(link, details(payment_method="at_door"))

    assert "does not take payment at the door any more" in page.content.decode()
    assert sent.status_code == 400
    assert not sent.context["form"].has_error("payment_method")


def test_giving_a_hold_back_leads_to_the_event(client, hold, ticket_type):
    response = client.post(booking_link(hold, "bookings:give_back"))

    assert response["Location"] == hold.event.get_absolute_url()
    assert TicketStock.objects.get(pk=ticket_type.pk).taken == 0


def test_bookings_pages_are_never_cached(client, booking, hold):
    client.force_login(UserFactory())
    review = reverse("bookings:review", args=[booking.event.slug])
    pages = [
        *(booking_link(booking, page) for page in ("bookings:detail", "bookings:cancel")),
        booking_link(hold, "bookings:confirm"),
        reverse("bookings:create", args=[booking.event.slug]),
        reverse("bookings:list"),
        review,
    ]

    for page in pages:
        response = client.get(page)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]


def test_my_bookings_are_mine_only(client, booking):
    user = UserFactory()
    mine = BookingFactory(user=user)
    expired = BookingFactory(user=user, status=BookingStatus.EXPIRED)
    page = reverse("bookings:list")

    assert client.get(page).status_code == 302
    client.force_login(user)
    html = client.get(page).content.decode()

    assert mine.reference in html
    assert booking.reference not in html
    assert expired.reference not in html


@pytest.mark.parametrize("number", [1, 10])
def test_my_bookings_cost_the_same_for_any_number(client, django_assert_max_num_queries, number):
    user = UserFactory()
    client.force_login(user)
    for _ in range(number):
        BookingFactory(user=user)

    # the user, bookings and their number, waiting lists; the session, where Redis is slow
    with django_assert_max_num_queries(5):
        client.get(reverse("bookings:list"))


def test_name_of_a_ticket_type_is_shown_as_it_is_written(client):
    ticket_type = TicketTypeFactory(name="<b>Stalls</b>")
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type])

    html = client.get(booking_link(hold, "bookings:confirm")).content.decode()

    assert "&lt;b&gt;Stalls" in html
    assert "<b>Stalls" not in html

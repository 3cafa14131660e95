import datetime as dt
import uuid
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.access import access_token
from bookings.models import Booking, BookingStatus, PromoCode
from events.models import EventStatus, TicketStock
from tests.factories import (
    BookingFactory,
    EventFactory,
    HoldFactory,
    HostFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(capacity=5, name="Stalls", price=Decimal("12.50"))


def page_of(event):
    return reverse("bookings:create", args=[event.slug])


def choice(*rows, key=None):
    chosen = {f"quantity_{ticket_type.pk}": quantity for ticket_type, quantity in rows}
    return chosen | {"idempotency_key": key or uuid.uuid4()}


def field_errors(response, ticket_type):
    return response.context["form"].errors.get(f"quantity_{ticket_type.pk}", [])


def test_page_offers_the_ticket_types_that_everyone_sees(client, ticket_type):
    hidden = TicketTypeFactory(event=ticket_type.event, name="Friends", is_hidden=True)

    html = client.get(page_of(ticket_type.event)).content.decode()

    assert "Stalls" in html
    assert "12.50" in html
    assert hidden.name not in html


def test_ticket_that_nobody_could_pay_has_no_field_unless_a_code_makes_it_free(client):
    event = EventFactory(allows_pay_at_door=False)
    priced = TicketTypeFactory(event=event, price=5)
    free = TicketTypeFactory(event=event, price=0)
    PromoCode.objects.create(event=event, code="GUEST", value=100)
    page = page_of(event)

    html = client.get(page).content.decode()
    assert f'name="quantity_{free.pk}"' in html
    assert f'name="quantity_{priced.pk}"' not in html
    assert html.count("Not sold here") == 1

    html = client.get(f"{page}?code=GUEST").content.decode()
    assert f'name="quantity_{priced.pk}"' in html
    assert "Not sold here" not in html


def test_guest_gets_a_hold_and_is_asked_for_details(client, ticket_type):
    response = client.post(page_of(ticket_type.event), choice((ticket_type, 2)))

    booking = Booking.objects.get()
    assert booking.user is None
    assert booking.tickets.count() == 2
    assert response.status_code == 302
    details = client.get(response["Location"])
    assert details.status_code == 200
    assert b"15 minutes" in details.content


def test_hold_of_someone_logged_in_is_theirs(client, ticket_type):
    user = UserFactory()
    client.force_login(user)

    client.post(page_of(ticket_type.event), choice((ticket_type, 1)))

    assert Booking.objects.get().user == user


def test_form_sent_twice_gives_one_hold_and_the_same_answer(client, ticket_type):
    form = choice((ticket_type, 5))

    first = client.post(page_of(ticket_type.event), form)
    second = client.post(page_of(ticket_type.event), form)

    assert first["Location"] == second["Location"]
    assert Booking.objects.count() == 1


def test_same_form_with_another_choice_is_a_conflict_and_gets_a_new_key(client, ticket_type):
    form = choice((ticket_type, 1))
    client.post(page_of(ticket_type.event), form)

    response = client.post(
        page_of(ticket_type.event), form | choice((ticket_type, 2), key=form["idempotency_key"])
    )

    assert response.status_code == 409
    assert response.context["form"]["idempotency_key"].value() != str(form["idempotency_key"])
    assert Booking.objects.count() == 1


def test_sold_out_meanwhile_is_said_at_the_field_and_the_choice_is_kept(client, ticket_type):
    other = TicketTypeFactory(event=ticket_type.event, name="Balcony", capacity=1, taken=0)
    TicketStock.objects.filter(pk=ticket_type.pk).update(taken=4)

    response = client.post(page_of(ticket_type.event), choice((ticket_type, 2), (other, 1)))

    assert response.status_code == 409
    assert field_errors(response, ticket_type) == ["Only 1 left now."]
    assert field_errors(response, other) == []
    form = response.context["form"]
    assert form[f"quantity_{ticket_type.pk}"].value() == "2"
    assert form[f"quantity_{other.pk}"].value() == "1"
    assert not Booking.objects.exists()


def test_sale_closed_meanwhile_is_said_at_the_field(client, ticket_type):
    ticket_type.sales_end = days_from_now(-1)
    ticket_type.save()

    response = client.post(page_of(ticket_type.event), choice((ticket_type, 1)))

    assert response.status_code == 409
    assert field_errors(response, ticket_type) == ["Sales have closed."]
    assert "Sales have closed." in response.content.decode()


def test_more_than_allowed_is_said_at_the_field(client, ticket_type):
    ticket_type.max_per_booking = 3
    ticket_type.save()

    response = client.post(page_of(ticket_type.event), choice((ticket_type, 4)))

    assert response.status_code == 400
    assert field_errors(response, ticket_type) == ["At most 3 a booking."]


def test_event_cancelled_meanwhile_is_said(client, ticket_type):
    ticket_type.event.status = EventStatus.CANCELLED
    ticket_type.event.save()

    response = client.post(page_of(ticket_type.event), choice((ticket_type, 1)))

    assert response.status_code == 409
    assert "This event was cancelled." in response.content.decode()


@pytest.mark.parametrize("quantity", ["-1", "9" * 30, "1.5", "many", "1\x00", "9" * 6000])
def test_quantity_that_is_no_sensible_number_is_refused_and_kept(client, ticket_type, quantity):
    response = client.post(page_of(ticket_type.event), choice((ticket_type, quantity)))

    assert response.status_code == 400
    assert not Booking.objects.exists()
    if "\x00" not in quantity:
        assert field_errors(response, ticket_type)
        assert response.context["form"][f"quantity_{ticket_type.pk}"].value() == quantity


def test_nothing_chosen_is_said(client, ticket_type):
    response = client.post(page_of(ticket_type.event), choice((ticket_type, 0)))

    assert response.status_code == 400
    assert "Choose at least one ticket." in response.content.decode()


@pytest.mark.parametrize("key", ["", "not-a-key"])
def test_form_without_a_key_is_refused(client, ticket_type, key):
    form = choice((ticket_type, 1)) | {"idempotency_key": key}

    assert client.post(page_of(ticket_type.event), form).status_code == 400
    assert not Booking.objects.exists()


def test_hold_that_ran_out_comes_back_with_choice_and_details(client, ticket_type):
    TicketStock.objects.filter(pk=ticket_type.pk).update(capacity=2)
    hold = HoldFactory(
        event=ticket_type.event,
        tickets=[ticket_type, ticket_type],
        expires_at=timezone.now() - dt.timedelta(seconds=1),
    )
    confirm = f"{reverse('bookings:confirm', args=[hold.reference])}?access={access_token(hold)}"
    details = {"name": "Grace", "email": "grace@example.com", "payment_method": "at_door"}

    response = client.post(confirm, details, follow=True)

    assert response.resolver_match.view_name == "bookings:create"
    assert response.context["form"][f"quantity_{ticket_type.pk}"].value() == 2
    again = client.post(
        f"{page_of(ticket_type.event)}?{response.request['QUERY_STRING']}", choice((ticket_type, 2))
    )
    form = client.get(again["Location"]).context["form"]
    assert (form["name"].value(), form["email"].value()) == ("Grace", "grace@example.com")
    hold.refresh_from_db()
    assert hold.status == BookingStatus.EXPIRED
    assert TicketStock.objects.get(pk=ticket_type.pk).taken == 2


def test_places_that_an_overdue_hold_keeps_are_offered_again(client):
    ticket_type = TicketTypeFactory(capacity=1)
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type])
    page = page_of(ticket_type.event)
    assert f'name="quantity_{ticket_type.pk}"' not in client.get(page).content.decode()

    hold.expires_at = timezone.now()
    hold.save()

    assert f'name="quantity_{ticket_type.pk}"' in client.get(page).content.decode()


def test_hold_that_still_runs_is_not_chosen_again(client, ticket_type):
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type])

    page = client.get(
        page_of(ticket_type.event), {"again": hold.reference, "access": access_token(hold)}
    ).content.decode()

    assert "Your time ran out" not in page


def test_ticket_that_is_no_longer_offered_is_said_and_nothing_is_held(client, ticket_type):
    other = TicketTypeFactory(event=ticket_type.event, name="Balcony", is_hidden=True)

    response = client.post(page_of(ticket_type.event), choice((ticket_type, 1), (other, 2)))

    assert response.status_code == 400
    assert "no longer offered" in response.content.decode()
    assert not Booking.objects.exists()


def test_choosing_again_needs_the_link_of_that_booking(client, ticket_type):
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type])
    elsewhere = HoldFactory(tickets=[TicketTypeFactory()])
    page = page_of(ticket_type.event)

    good = client.get(page, {"again": hold.reference, "access": access_token(hold)})
    tampered = client.get(page, {"again": hold.reference, "access": "nonsense"})
    of_another_event = client.get(
        page, {"again": elsewhere.reference, "access": access_token(elsewhere)}
    )

    assert [r.status_code for r in (good, tampered, of_another_event)] == [200, 404, 404]


def test_draft_is_bookable_by_nobody_and_seen_by_its_host_only(client):
    host = HostFactory()
    ticket_type = TicketTypeFactory(event=EventFactory(host=host, status=EventStatus.DRAFT))
    page = page_of(ticket_type.event)

    assert client.get(page).status_code == 404
    client.force_login(host.owner)
    assert client.get(page).status_code == 200
    assert client.post(page, choice((ticket_type, 1))).status_code == 400


def test_unknown_event_is_not_found(client):
    assert client.get(reverse("bookings:create", args=["no-such-event"])).status_code == 404


@pytest.mark.parametrize("number_of_types", [1, 10])
def test_page_costs_the_same_for_any_number_of_ticket_types(
    client, django_assert_max_num_queries, number_of_types
):
    event = EventFactory()
    for _ in range(number_of_types):
        TicketTypeFactory(event=event)

    with django_assert_max_num_queries(3):  # the event, its ticket types and promo codes
        client.get(page_of(event))


def test_link_after_a_hold_names_the_booking_and_nothing_else(client, ticket_type):
    response = client.post(page_of(ticket_type.event), choice((ticket_type, 1)))

    booking = Booking.objects.get()
    link = urlsplit(response["Location"])
    assert link.path == reverse("bookings:confirm", args=[booking.reference])
    assert parse_qs(link.query) == {"access": [access_token(booking)]}


def test_booked_place_is_no_longer_offered(client):
    ticket_type = TicketTypeFactory(capacity=1)
    BookingFactory(event=ticket_type.event, tickets=[ticket_type])

    html = client.get(page_of(ticket_type.event)).content.decode()

    assert "Every place is taken at the moment." in html
    assert f'name="quantity_{ticket_type.pk}"' not in html

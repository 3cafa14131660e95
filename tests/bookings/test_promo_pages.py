"""Promo codes, as visitors of the booking page meet them."""

import datetime as dt
import uuid
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.access import booking_link
from bookings.models import Booking, DiscountKind, PromoCode
from bookings.services.gate import Gate
from events.models import TicketStock
from tests.bookings.waiting import html_of
from tests.factories import HoldFactory, TicketTypeFactory, UserFactory, days_from_now
from tests.html_form import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(capacity=5, name="Stalls", price=Decimal("12.50"))


@pytest.fixture
def event(ticket_type):
    return ticket_type.event


@pytest.fixture
def page(event):
    return reverse("bookings:create", args=[event.slug])


@pytest.fixture
def early(event):
    return make_code(event, "EARLY")


def make_code(event, code, *ticket_types, **more):
    promo_code = PromoCode.objects.create(
        event=event, code=code, **{"kind": DiscountKind.PERCENT, "value": 20} | more
    )
    promo_code.ticket_types.set(ticket_types)
    return promo_code


def choice(*rows, code="", key=None):
    chosen = {f"quantity_{ticket_type.pk}": quantity for ticket_type, quantity in rows}
    return chosen | {"code": code, "idempotency_key": key or uuid.uuid4()}


def test_address_with_a_code_shows_its_prices_beside_the_old_ones(client, page, early):
    html = html_of(client.get(page, {"code": " early "}))

    assert "Code EARLY is applied: 20% off." in html
    assert '<s><span class="visually-hidden">Without the code: </span>€12.50</s>' in html
    assert "€10.00" in html


def test_code_is_asked_for_only_where_there_is_one(client, page, event):
    assert "Promo code" not in html_of(client.get(page))

    make_code(event, "EARLY")

    assert "Promo code" in html_of(client.get(page))


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (DiscountKind.PERCENT, "12.50", "applied: 12.50% off."),
        (DiscountKind.AMOUNT, "5", "applied: €5.00 off each ticket."),
    ],
)
def test_discount_is_said_in_its_own_terms(client, page, event, kind, value, said):
    make_code(event, "OFF", kind=kind, value=Decimal(value))

    assert said in html_of(client.get(page, {"code": "OFF"}))


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("LATER", "This promo code is not valid yet."),
        ("OVER", "This promo code is no longer valid."),
        ("USED", "This promo code has been used up."),
        ("NO-SUCH", "We do not know this promo code."),
        ("OFF", "We do not know this promo code."),
        ("X" * 500, "We do not know this promo code."),
    ],
)
def test_code_that_does_not_count_is_kept_and_said_why(client, page, event, code, why):
    make_code(event, "LATER", starts_at=days_from_now(1))
    make_code(event, "OVER", ends_at=days_from_now(-1))
    make_code(event, "USED", max_uses=1, uses=1)
    make_code(event, "OFF", is_active=False)

    response = client.get(page, {"code": code})

    html = html_of(response)
    assert response.status_code == 200
    assert why in html
    assert 'aria-invalid="true"' in html
    assert submission(html)["code"] == code
    assert "<s>" not in html


def test_code_of_another_event_is_unknown(client, page, early):
    other = make_code(TicketTypeFactory().event, "ELSEWHERE")

    assert "We do not know" in html_of(client.get(page, {"code": other.code}))


def test_hidden_type_is_shown_and_sold_with_the_code_that_names_it_only(client, page, event):
    hidden = TicketTypeFactory(event=event, name="Backstage", is_hidden=True, price=Decimal(30))
    make_code(event, "FRIENDS", hidden, kind=DiscountKind.NONE, value=0)
    make_code(event, "EARLY")

    assert "Backstage" not in html_of(client.get(page))
    assert "Backstage" not in html_of(client.get(page, {"code": "EARLY"}))
    assert "applied: it unlocks Backstage." in html_of(client.get(page, {"code": "FRIENDS"}))

    refused = client.post(page, choice((hidden, 1), code="EARLY"))
    assert refused.status_code == 400
    assert "no longer offered" in html_of(refused)
    assert "Backstage" not in html_of(refused)
    assert client.post(page, choice((hidden, 1), code="FRIENDS")).status_code == 302
    assert Booking.objects.get().tickets.get().ticket_type == hidden


def test_hidden_type_stays_off_the_event_page_and_the_waiting_list(client, event):
    hidden = TicketTypeFactory(event=event, name="Backstage", is_hidden=True, capacity=0)
    make_code(event, "FRIENDS", hidden)
    wait = reverse("bookings:join_waitlist", args=[event.slug, hidden.pk])

    assert "Backstage" not in html_of(client.get(event.get_absolute_url(), {"code": "FRIENDS"}))
    assert client.get(wait).status_code == 404
    assert client.get(wait, {"code": "FRIENDS"}).status_code == 404


def test_applying_leads_to_an_address_with_the_code_and_the_choice_and_no_secrets(
    client, page, ticket_type, early
):
    other = TicketTypeFactory(event=ticket_type.event)
    form = choice((ticket_type, 2), (other, 0), code="EARLY") | {"csrfmiddlewaretoken": "secret"}

    response = client.post(page, form | {"apply": "1"})

    address = urlsplit(response["Location"])
    assert (address.path, address.fragment) == (page, "code")
    assert parse_qs(address.query) == {"code": ["EARLY"], f"quantity_{ticket_type.pk}": ["2"]}
    typed = submission(client.get(response["Location"]).content.decode())
    assert (typed["code"], typed[f"quantity_{ticket_type.pk}"]) == ("EARLY", "2")
    assert not Booking.objects.exists()


def test_applying_an_empty_field_takes_the_code_away(client, page, early):
    response = client.post(f"{page}?code=EARLY", choice() | {"apply": "1"}, follow=True)

    assert "is applied" not in html_of(response)


def test_code_is_sent_with_the_choice_and_the_hold_has_its_price(client, page, ticket_type, early):
    response = client.post(page, choice((ticket_type, 2), code="early"))

    booking = Booking.objects.get()
    assert response["Location"] == booking_link(booking, "bookings:confirm")
    assert (booking.promo_code, booking.total, booking.discount) == (early, 20, 5)
    assert early.code in html_of(client.get(response["Location"]))


def test_unknown_code_is_said_at_its_field_and_the_choice_is_kept(client, page, ticket_type):
    response = client.post(page, choice((ticket_type, 2), code="NO-SUCH"))

    form = response.context["form"]
    assert response.status_code == 400
    assert form.errors == {"code": ["We do not know this promo code."]}
    assert form[f"quantity_{ticket_type.pk}"].value() == "2"
    assert form["code"].value() == "NO-SUCH"
    assert not Booking.objects.exists()


def test_code_used_up_a_moment_ago_is_a_conflict_at_its_field(client, page, ticket_type, event):
    make_code(event, "LAST", max_uses=1)
    shown = client.get(page, {"code": "LAST"})
    assert "Code LAST is applied" in html_of(shown)
    client.post(page, choice((ticket_type, 1), code="LAST"))

    form = submission(shown.content.decode()) | {f"quantity_{ticket_type.pk}": 2}
    response = client.post(page, form)

    assert response.status_code == 409
    assert response.context["form"].errors == {"code": ["This promo code has been used up."]}
    assert response.context["form"][f"quantity_{ticket_type.pk}"].value() == "2"
    assert Booking.objects.count() == 1


def test_form_with_the_last_use_of_a_code_sent_twice_gives_one_answer(client, page, event):
    hidden = TicketTypeFactory(event=event, is_hidden=True)
    make_code(event, "LAST", hidden, max_uses=1)
    form = choice((hidden, 1), code="LAST")

    first, second = client.post(page, form), client.post(page, form)

    assert first["Location"] == second["Location"]
    assert Booking.objects.count() == 1


def test_choosing_again_keeps_the_code_even_if_its_last_use_was_the_hold(client, page, event):
    promo_code = make_code(event, "LAST", max_uses=1)
    client.post(page, choice((event.ticket_types.get(), 2), code="LAST"))
    hold = Booking.objects.get()
    Booking.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    response = client.get(booking_link(hold, "bookings:confirm"), follow=True)

    assert response.context["form"]["code"].value() == "LAST"
    assert "Code LAST is applied" in html_of(response)
    promo_code.refresh_from_db()
    assert promo_code.uses == 0


def test_another_code_can_be_applied_when_choosing_again(client, page, ticket_type, early):
    late = make_code(early.event, "LATE", value=50)
    hold = HoldFactory(
        event=early.event,
        tickets=[ticket_type],
        promo_code=early,
        expires_at=timezone.now() - dt.timedelta(seconds=1),
    )
    again = client.get(booking_link(hold, "bookings:confirm"))["Location"]

    response = client.post(
        again, choice((ticket_type, 1), code=late.code) | {"apply": "1"}, follow=True
    )

    assert "Code LATE is applied: 50% off." in html_of(response)
    assert "Your time ran out" in html_of(response)


def test_code_used_as_often_as_one_person_may_is_explained(client, page, ticket_type, event):
    make_code(event, "ONCE", max_uses_per_person=1)
    client.force_login(UserFactory())
    client.post(page, choice((ticket_type, 1), code="ONCE"))

    response = client.post(page, choice((ticket_type, 1), code="ONCE"))

    assert response.status_code == 400
    assert "as often as one person may" in html_of(response)


def test_too_many_people_at_once_are_asked_to_send_the_same_form_again(
    client, page, ticket_type, early, monkeypatch
):
    form = choice((ticket_type, 2), code="EARLY")
    with monkeypatch.context() as rush:
        shut = Gate(overall=0, per_event=1, patience=0)
        rush.setattr("bookings.views.turns.gate", shut)
        response = client.post(page, form)

    kept = submission(response.content.decode())
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert "Many people are booking at this moment" in html_of(response)
    assert (kept[f"quantity_{ticket_type.pk}"], kept["code"]) == ("2", "EARLY")
    assert kept["idempotency_key"] == str(form["idempotency_key"])
    assert client.post(page, kept).status_code == 302


@pytest.mark.parametrize("number", [1, 10])
def test_page_with_a_code_costs_the_same_for_any_number_of_types_and_codes(
    client, django_assert_max_num_queries, event, page, number
):
    hidden = [TicketTypeFactory(event=event, is_hidden=True) for _ in range(number)]
    for at in range(number):
        TicketTypeFactory(event=event)
        make_code(event, f"OTHER-{at}")
    make_code(event, "FRIENDS", *hidden)

    # the event, its ticket types; the code, what it is for, what it unlocks
    with django_assert_max_num_queries(5):
        html = html_of(client.get(page, {"code": "FRIENDS"}))
    assert html.count('name="quantity_') == 1 + 2 * number


def test_places_of_an_unlocked_type_that_an_overdue_hold_keeps_are_offered_again(
    client, page, event
):
    hidden = TicketTypeFactory(event=event, is_hidden=True, capacity=1)
    make_code(event, "FRIENDS", hidden)
    HoldFactory(event=event, tickets=[hidden], expires_at=timezone.now())

    html = html_of(client.get(page, {"code": "FRIENDS"}))

    assert f'name="quantity_{hidden.pk}"' in html
    assert TicketStock.objects.get(pk=hidden.pk).taken == 0

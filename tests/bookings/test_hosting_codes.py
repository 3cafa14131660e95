"""The pages on which hosts make promo codes."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models import DiscountKind, PromoCode
from events.models import Event
from tests.bookings.hosted import hosted_event, page_of
from tests.factories import BookingFactory, EventFactory, TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    event = hosted_event(client, timezone="America/New_York")
    event.ticket_types.update(name="Seat", price=Decimal(10))
    return event


def typed(**fields: Any) -> dict[str, Any]:
    return {"code": "SPRING", "is_active": "on", "kind": "percent", "value": "20", **fields}


def code_of(event: Event, **fields: Any) -> PromoCode:
    values = {"code": "SPRING", "kind": DiscountKind.PERCENT, "value": 20}
    return PromoCode.objects.create(event=event, **values | fields)


def html_of(response: Any) -> str:
    html: str = response.content.decode()
    return html


class TestWriting:
    def test_makes_a_code_that_takes_something_off(self, client: Client, event: Event) -> None:
        page = client.post(
            page_of(event, "hosted_new_code"),
            typed(code=" early bird-1 ", starts_at="2026-07-01T09:00", max_uses="5"),
            follow=True,
        )

        code = PromoCode.objects.get()
        assert (code.event, code.code, code.max_uses) == (event, "EARLYBIRD-1", 5)
        assert code.starts_at == dt.datetime(2026, 7, 1, 13, tzinfo=dt.UTC)
        assert "EARLYBIRD-1" in html_of(page)
        assert "20 % off: all tickets that everyone sees" in html_of(page)
        assert "Used <strong>0 of 5</strong> times" in html_of(page)

    def test_makes_a_code_that_shows_hidden_tickets_to_those_who_type_it(
        self, client: Client, event: Event
    ) -> None:
        hidden = TicketTypeFactory(event=event, name="Backstage", is_hidden=True)
        elsewhere = TicketTypeFactory(name="Elsewhere")
        book = reverse("bookings:create", args=[event.slug])
        fields = typed(code="FRIENDS", kind="none", value="0", ticket_types=[hidden.pk])

        page = html_of(client.get(page_of(event, "hosted_new_code")))
        response = client.post(page_of(event, "hosted_new_code"), fields)

        assert "Backstage (hidden)" in page
        assert elsewhere.name not in page
        assert response.status_code == 302
        assert "Backstage" not in html_of(client.get(book))
        assert "Backstage" in html_of(client.get(book, {"code": "friends"}))
        assert "Shows hidden tickets: Backstage (hidden)" in html_of(
            client.get(page_of(event, "hosted_codes"))
        )

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"code": "ä"}, "Three to forty capitals, digits and dashes."),
            ({"code": ""}, "This field is required."),
            ({"value": "101"}, "A discount is from 0 to 100 percent."),
            ({"value": "-1"}, "greater than or equal to 0"),
            ({"value": "0"}, "Say how much it takes off."),
            ({"kind": "none", "value": "0"}, "Choose the hidden tickets that it shows."),
            ({"max_uses": "-1"}, "greater than or equal to 0"),
            (
                {"starts_at": "2026-07-02T09:00", "ends_at": "2026-07-01T09:00"},
                "The end must come after the start.",
            ),
            ({"ends_at": "2026-03-08T02:30"}, "2026"),
            ({"ends_at": "tomorrow"}, "Enter a day and a time."),
        ],
    )
    def test_refuses_what_makes_no_sense_and_keeps_it(
        self, client: Client, event: Event, fields: dict[str, str], error: str
    ) -> None:
        sent = typed(max_uses_per_person="3") | fields

        response = client.post(page_of(event, "hosted_new_code"), sent)

        assert response.status_code == 400
        assert error in html_of(response)
        assert submission(html_of(response)).items() >= sent.items()
        assert not PromoCode.objects.exists()

    def test_refuses_a_second_code_of_the_same_name(self, client: Client, event: Event) -> None:
        code_of(EventFactory(), code="AUTUMN")
        code_of(event)

        response = client.post(page_of(event, "hosted_new_code"), typed(code="spring"))
        assert response.status_code == 400
        assert "This event has this code already." in html_of(response)

        response = client.post(page_of(event, "hosted_new_code"), typed(code="autumn"))
        assert response.status_code == 302

    def test_refuses_fewer_uses_than_there_were(self, client: Client, event: Event) -> None:
        page = page_of(event, "hosted_code", code_of(event, uses=3).pk)
        form = submission(html_of(client.get(page)))

        response = client.post(page, form | {"max_uses": "2"})

        assert response.status_code == 400
        assert "It has been used 3 times already." in html_of(response)
        assert client.post(page, form | {"max_uses": "3"}).status_code == 302

    def test_keeps_the_uses_that_were_counted_meanwhile(self, client: Client, event: Event) -> None:
        code = code_of(event, uses=3)
        page = page_of(event, "hosted_code", code.pk)
        form = submission(html_of(client.get(page)))
        PromoCode.objects.update(uses=4)

        client.post(page, form | {"value": "30", "uses": "0"})

        code.refresh_from_db()
        assert (code.value, code.uses) == (30, 4)

    def test_saved_unchanged_stays_as_it_is(self, client: Client, event: Event) -> None:
        code = code_of(event, ends_at=dt.datetime(2026, 7, 1, 13, 0, 7, tzinfo=dt.UTC))
        code.ticket_types.set(event.ticket_types.all())
        page = page_of(event, "hosted_code", code.pk)
        before = PromoCode.objects.values().get()

        assert client.post(page, submission(html_of(client.get(page)))).status_code == 302

        assert PromoCode.objects.values().get() == before
        assert list(code.ticket_types.all()) == list(event.ticket_types.all())


def test_ended_code_is_refused_from_then_on_and_kept_by_its_bookings(
    client: Client, event: Event
) -> None:
    code = code_of(event)
    booking = BookingFactory(event=event, promo_code=code)
    book = reverse("bookings:create", args=[event.slug])

    page = client.post(page_of(event, "hosted_end_code", code.pk), follow=True)

    assert "Switched off" in html_of(page)
    assert "We do not know this promo code." in html_of(client.get(book, {"code": "SPRING"}))
    booking.refresh_from_db()
    assert booking.promo_code == code


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "In use"),
        ({"is_active": False}, "Switched off"),
        ({"starts_at": timezone.now() + dt.timedelta(days=1)}, "Not yet"),
        ({"ends_at": timezone.now() - dt.timedelta(days=1)}, "Over"),
        ({"uses": 2, "max_uses": 2}, "Used up"),
    ],
)
def test_list_says_whether_a_code_can_be_used(
    client: Client, event: Event, fields: dict[str, Any], state: str
) -> None:
    code_of(event, **fields)

    page = html_of(client.get(page_of(event, "hosted_codes")))

    assert f"{state}</span></h2>" in page


@pytest.mark.parametrize("number", [1, 10])
def test_list_costs_the_same_for_any_number_of_codes(
    client: Client, event: Event, django_assert_max_num_queries: Any, number: int
) -> None:
    for at in range(number):
        code_of(event, code=f"CODE-{at}").ticket_types.set(event.ticket_types.all())

    # the session, the user, the event; the codes, how many they are, their tickets
    with django_assert_max_num_queries(6):
        page = html_of(client.get(page_of(event, "hosted_codes")))
    assert page.count("End it") == number


def test_code_of_another_event_is_not_there(client: Client, event: Event) -> None:
    other = code_of(EventFactory())

    assert client.get(page_of(event, "hosted_code", other.pk)).status_code == 404
    assert client.post(page_of(event, "hosted_end_code", other.pk)).status_code == 404
    other.refresh_from_db()
    assert other.is_active

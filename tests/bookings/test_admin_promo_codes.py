import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from bookings.models import DiscountKind, PromoCode
from events.models import Event
from tests.admin_pages import listed, run_action, text
from tests.factories import BookingFactory, EventFactory, TicketTypeFactory, UserFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db

CODES = "/admin/bookings/promocode/"


def typed(event: Event, **fields: Any) -> dict[str, Any]:
    return {
        "event": str(event.pk),
        "code": "SPRING",
        "is_active": "on",
        "kind": "percent",
        "value": "20",
        **fields,
    }


def code_of(event: Event, **fields: Any) -> PromoCode:
    values = {"code": "SPRING", "kind": DiscountKind.PERCENT, "value": 20}
    return PromoCode.objects.create(event=event, **values | fields)


def change_page(code: PromoCode) -> str:
    return f"{CODES}{code.pk}/change/"


@pytest.fixture
def event() -> Event:
    event: Event = TicketTypeFactory(
        event__timezone="America/New_York", name="Seat", price=Decimal(10)
    ).event
    return event


class TestWriting:
    def test_makes_capitals_of_what_was_typed(self, admin_client: Any, event: Event) -> None:
        admin_client.post(f"{CODES}add/", typed(event, code=" early bird-1 "))

        assert PromoCode.objects.get().code == "EARLYBIRD-1"

    def test_takes_times_on_the_clock_of_the_event(self, admin_client: Any, event: Event) -> None:
        admin_client.post(f"{CODES}add/", typed(event, starts_at="2026-07-01T09:00"))

        code = PromoCode.objects.get()
        assert code.starts_at == dt.datetime(2026, 7, 1, 13, tzinfo=dt.UTC)
        assert 'value="2026-07-01T09:00"' in text(admin_client.get(change_page(code)))

    def test_keeps_the_uses_that_were_counted_meanwhile(
        self, admin_client: Any, event: Event
    ) -> None:
        code = code_of(event, uses=3)
        page = text(admin_client.get(change_page(code)))
        PromoCode.objects.update(uses=4)

        admin_client.post(change_page(code), submission(page) | {"value": "30", "uses": "0"})

        code.refresh_from_db()
        assert (code.value, code.uses) == (30, 4)

    def test_saved_unchanged_stays_as_it_is(self, admin_client: Any, event: Event) -> None:
        code = code_of(event, ends_at=dt.datetime(2026, 7, 1, 13, 0, 7, tzinfo=dt.UTC))
        code.ticket_types.set(event.ticket_types.all())
        before = PromoCode.objects.values().get()

        page = text(admin_client.get(change_page(code)))
        assert admin_client.post(change_page(code), submission(page)).status_code == 302

        assert PromoCode.objects.values().get() == before
        assert list(code.ticket_types.all()) == list(event.ticket_types.all())

    def test_offers_the_tickets_of_the_event_alone(self, admin_client: Any, event: Event) -> None:
        other = TicketTypeFactory(name="Elsewhere")
        TicketTypeFactory(event=event, name="Backstage", is_hidden=True)
        code = code_of(event)

        for page in (change_page(code), f"{CODES}add/?event={event.pk}"):
            shown = text(admin_client.get(page))
            assert "Seat" in shown
            assert "Backstage (hidden)" in shown
            assert "Elsewhere" not in shown
        answer = admin_client.post(
            f"{CODES}add/", typed(event, code="OTHER", ticket_types=[other.pk])
        )
        assert "Select a valid choice" in text(answer)

    @pytest.mark.parametrize("event_key", ["", "x", "9" * 30, "0"])
    def test_of_no_event_has_no_tickets_to_offer(self, admin_client: Any, event_key: str) -> None:
        TicketTypeFactory(name="Seat")

        assert "Seat" not in text(admin_client.get(f"{CODES}add/?event={event_key}"))

    def test_needs_an_event(self, admin_client: Any, event: Event) -> None:
        for key in ("", "0"):
            answer = admin_client.post(f"{CODES}add/", typed(event) | {"event": key})
            assert answer.status_code == 200
        assert not PromoCode.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"code": "ä"}, "Three to forty capitals, digits and dashes."),
            ({"value": "101"}, "A discount is from 0 to 100 percent."),
            ({"value": "0"}, "Say how much it takes off."),
            ({"kind": "none", "value": "5"}, "A code without a discount takes nothing off"),
            ({"kind": "none", "value": "0"}, "Choose the hidden tickets that it shows."),
            (
                {"starts_at": "2026-07-02T09:00", "ends_at": "2026-07-01T09:00"},
                "The end must come after the start.",
            ),
            ({"starts_at": "2026-03-08T02:30"}, "2026"),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, admin_client: Any, event: Event, fields: dict[str, str], error: str
    ) -> None:
        answer = admin_client.post(f"{CODES}add/", typed(event, **fields))

        assert answer.status_code == 200
        assert error in str(answer.context["errors"])
        assert not PromoCode.objects.exists()

    def test_refuses_an_amount_off_tickets_in_two_currencies(
        self, admin_client: Any, event: Event
    ) -> None:
        dollars = TicketTypeFactory(event=event, currency="USD")
        amount = {"kind": "amount", "value": "5"}

        answer = admin_client.post(f"{CODES}add/", typed(event, **amount))
        assert "these tickets are in EUR, USD" in str(answer.context["errors"])

        admin_client.post(f"{CODES}add/", typed(event, **amount, ticket_types=[dollars.pk]))
        assert list(PromoCode.objects.get().ticket_types.all()) == [dollars]

    def test_refuses_a_second_code_of_the_same_name(self, admin_client: Any, event: Event) -> None:
        code_of(event)

        answer = admin_client.post(f"{CODES}add/", typed(event, code="spring"))

        assert "This event has this code already." in str(answer.context["errors"])

    def test_refuses_fewer_uses_than_there_were(self, admin_client: Any, event: Event) -> None:
        code = code_of(event, uses=3)
        page = text(admin_client.get(change_page(code)))

        answer = admin_client.post(change_page(code), submission(page) | {"max_uses": "2"})
        assert "It has been used 3 times already." in str(answer.context["errors"])
        answer = admin_client.post(change_page(code), submission(page) | {"max_uses": "3"})
        assert answer.status_code == 302


class TestDeleting:
    def test_takes_out_codes_that_nobody_used(self, admin_client: Any, event: Event) -> None:
        run_action(admin_client, CODES, "delete_selected", code_of(event), post="yes")

        assert not PromoCode.objects.exists()

    def test_keeps_those_that_were_used_and_says_why(self, admin_client: Any, event: Event) -> None:
        code = code_of(event)
        BookingFactory(event=event, promo_code=code, status="cancelled")
        reason = "“SPRING” is in 1 booking, old ones included, and cannot be deleted."

        assert reason in text(admin_client.get(f"{CODES}{code.pk}/delete/"))
        admin_client.post(f"{CODES}{code.pk}/delete/", {"post": "yes"})
        assert reason in text(run_action(admin_client, CODES, "delete_selected", code, post="yes"))
        assert PromoCode.objects.exists()


def test_are_listed_with_what_they_do_and_their_uses(admin_client: Any, event: Event) -> None:
    code_of(event, uses=3, max_uses=9, value=Decimal("12.50"))
    code_of(EventFactory(), code="AUTUMN")

    response = admin_client.get(f"{CODES}?event={event.pk}")

    assert listed(response) == {"SPRING"}
    assert "12.5 %" in text(response)
    assert "3 of 9" in text(response)


def test_open_for_staff_who_may_only_look(client: Any, event: Event) -> None:
    staff = UserFactory(is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_promocode"))
    client.force_login(staff)
    code = code_of(event)

    assert "SPRING" in text(client.get(change_page(code)))
    assert client.post(change_page(code), {"value": "90"}).status_code == 403

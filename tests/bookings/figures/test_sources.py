"""Where buyers come from, by the link that they followed."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.access import access_token
from bookings.models import Booking, DiscountKind, PromoCode
from bookings.services.holding import HOLD_DURATION
from events.models import TicketType
from events.sources import source_in
from tests.factories import HoldFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket_type() -> TicketType:
    return TicketTypeFactory()


def booking_page(ticket_type: TicketType) -> str:
    return reverse("bookings:create", args=[ticket_type.event.slug])


def sent(response: Any, ticket_type: TicketType, **changes: Any) -> dict[str, Any]:
    """What a browser sends when one ticket is chosen in the form of the page."""
    form = response.context["form"]
    fields = {name: form[name].value() or "" for name in ("idempotency_key", "ref", "code")}
    return fields | {f"quantity_{ticket_type.pk}": 1} | changes


def test_a_link_with_a_word_is_carried_along_to_the_booking(
    client: Client, ticket_type: TicketType
) -> None:
    address = f"{booking_page(ticket_type)}?ref=newsletter-6"
    event_page = client.get(f"{ticket_type.event.get_absolute_url()}?ref=Newsletter-6")
    assert f'href="{address}"' in event_page.content.decode()

    form = client.get(address)
    client.post(booking_page(ticket_type), sent(form, ticket_type))

    assert Booking.objects.get().source == "newsletter-6"


def test_a_link_without_a_word_has_no_source(client: Client, ticket_type: TicketType) -> None:
    event_page = client.get(ticket_type.event.get_absolute_url())
    assert "?ref=" not in event_page.content.decode()

    client.post(booking_page(ticket_type), sent(client.get(booking_page(ticket_type)), ticket_type))

    assert Booking.objects.get().source == ""


@pytest.mark.parametrize(
    "word", ["two words", "<b>", "x" * 41, "-dash-first", "a/b", "javascript:alert", "a\nb"]
)
def test_what_is_no_short_word_is_ignored_and_stops_nobody(
    client: Client, ticket_type: TicketType, word: str
) -> None:
    event_page = client.get(ticket_type.event.get_absolute_url(), {"ref": word})
    assert event_page.status_code == 200
    assert "?ref=" not in event_page.content.decode()
    form = client.get(booking_page(ticket_type), {"ref": word})

    response = client.post(booking_page(ticket_type), sent(form, ticket_type, ref=word))

    assert response.status_code == 302
    assert Booking.objects.get().source == ""


def test_words_of_any_script_can_be_used() -> None:
    assert source_in({"ref": " Nächte_2026.a "}) == "nächte_2026.a"
    assert source_in({"ref": "東京"}) == "東京"
    assert source_in({}) == ""


def test_the_word_is_kept_while_a_promo_code_is_applied(
    client: Client, ticket_type: TicketType
) -> None:
    PromoCode.objects.create(
        event=ticket_type.event, code="EARLY", kind=DiscountKind.PERCENT, value=10
    )
    form = client.get(f"{booking_page(ticket_type)}?ref=poster")

    applied = client.post(
        booking_page(ticket_type), sent(form, ticket_type, code="EARLY", apply="")
    )

    assert client.get(applied["Location"]).context["form"]["ref"].value() == "poster"


def test_whoever_chooses_again_after_their_time_ran_out_keeps_it(
    client: Client, ticket_type: TicketType
) -> None:
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type], source="poster")
    Booking.objects.update(expires_at=hold.expires_at - HOLD_DURATION)
    again = f"{booking_page(ticket_type)}?again={hold.reference}&access={access_token(hold)}"

    client.post(again, sent(client.get(again), ticket_type, idempotency_key=uuid.uuid4()))

    assert Booking.objects.exclude(pk=hold.pk).get().source == "poster"

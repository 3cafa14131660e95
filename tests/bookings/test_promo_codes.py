"""Promo codes: what they make of prices, what they unlock, and how their uses are counted."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.actors import Actor
from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, DiscountKind, PaymentMethod, PromoCode
from bookings.services.booking import cancel_booking, confirm_booking, give_back_hold
from bookings.services.expiry import release_overdue_holds
from bookings.services.holding import hold_places
from tests.factories import EventFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.now() - dt.timedelta(days=1)
TOMORROW = timezone.now() + dt.timedelta(days=1)


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(price=Decimal("20.00"))


def code_for(ticket_type, **facts):
    return PromoCode.objects.create(event=ticket_type.event, code="EARLY", **{"value": 10} | facts)


def hold(ticket_type, code="EARLY", quantity=2, **more):
    return hold_places(
        event=ticket_type.event,
        quantities={ticket_type.pk: quantity},
        idempotency_key=uuid.uuid4(),
        promo_code=code,
        **more,
    )


def confirm(booking, email):
    return confirm_booking(
        booking=booking,
        name="Ada",
        email=email,
        attendee_names={},
        payment_method=PaymentMethod.AT_DOOR if booking.total else PaymentMethod.FREE,
    )


@pytest.mark.parametrize(
    ("kind", "value", "price"),
    [
        (DiscountKind.PERCENT, "10", "18.00"),
        (DiscountKind.PERCENT, "33.33", "13.33"),
        (DiscountKind.PERCENT, "100", "0.00"),
        (DiscountKind.AMOUNT, "7.50", "12.50"),
        (DiscountKind.AMOUNT, "50", "0.00"),
        (DiscountKind.NONE, "0", "20.00"),
    ],
)
def test_code_takes_its_part_off_each_ticket(ticket_type, kind, value, price):
    code_for(ticket_type, kind=kind, value=Decimal(value))

    booking = hold(ticket_type)

    assert {ticket.price for ticket in booking.tickets.all()} == {Decimal(price)}
    assert booking.total == 2 * Decimal(price)
    assert booking.total + booking.discount == Decimal(40)


def test_price_is_rounded_to_cents_half_to_even(ticket_type):
    ticket_type.price = Decimal("0.50")
    code = code_for(ticket_type, value=Decimal(5))

    assert code.price_of(ticket_type) == Decimal("0.48")


@pytest.mark.parametrize("typed", ["early", " Early ", "EAR LY"])
def test_code_may_be_typed_in_any_case_and_with_blanks(ticket_type, typed):
    code = code_for(ticket_type)

    assert hold(ticket_type, code=typed).promo_code == code


def test_code_is_for_the_types_that_it_names(ticket_type):
    other = TicketTypeFactory(event=ticket_type.event, price=20)
    code_for(ticket_type).ticket_types.add(other)

    booking = hold_places(
        event=ticket_type.event,
        quantities={ticket_type.pk: 1, other.pk: 1},
        idempotency_key=uuid.uuid4(),
        promo_code="EARLY",
    )

    prices = {ticket.ticket_type_id: ticket.price for ticket in booking.tickets.all()}
    assert prices == {ticket_type.pk: 20, other.pk: 18}


def test_hidden_type_is_unlocked_by_a_code_that_names_it_and_by_no_other(ticket_type):
    hidden = TicketTypeFactory(event=ticket_type.event, is_hidden=True)
    code = code_for(ticket_type, kind=DiscountKind.NONE)

    for typed in ("", "EARLY"):
        with pytest.raises(BookingError) as refused:
            hold(hidden, code=typed)
        assert refused.value.code is Refusal.UNKNOWN_TICKET_TYPE
    code.ticket_types.add(hidden)

    assert hold(hidden).tickets.count() == 2


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"is_active": False}, Refusal.UNKNOWN_PROMO_CODE),
        ({"starts_at": TOMORROW}, Refusal.UNKNOWN_PROMO_CODE),
        ({"ends_at": YESTERDAY}, Refusal.UNKNOWN_PROMO_CODE),
        ({"max_uses": 3, "uses": 3}, Refusal.PROMO_CODE_USED_UP),
        ({"code": "LATE"}, Refusal.UNKNOWN_PROMO_CODE),
        ({"event": None}, Refusal.UNKNOWN_PROMO_CODE),
    ],
    ids=["switched-off", "not-yet", "no-longer", "used-up", "other-code", "other-event"],
)
def test_code_that_does_not_hold_is_refused_and_nothing_is_held(ticket_type, facts, refusal):
    if "event" in facts:
        facts = {"event": EventFactory()}
    PromoCode.objects.create(**{"event": ticket_type.event, "code": "EARLY", "value": 10} | facts)

    with pytest.raises(BookingError) as refused:
        hold(ticket_type)

    assert refused.value.code is refusal
    assert not Booking.objects.exists()


@pytest.mark.parametrize("way", ["given_back", "cancelled", "run_out"])
def test_use_counts_from_the_hold_until_the_booking_ends(ticket_type, way):
    code = code_for(ticket_type, max_uses=1)
    booking = hold(ticket_type)
    with pytest.raises(BookingError) as refused:
        hold(ticket_type)
    assert refused.value.code is Refusal.PROMO_CODE_USED_UP

    if way == "given_back":
        give_back_hold(booking=booking, by=Actor.buyer())
    elif way == "cancelled":
        cancel_booking(booking=confirm(booking, "ada@example.com"), by=Actor.buyer())
    else:
        Booking.objects.filter(pk=booking.pk).update(expires_at=YESTERDAY)
        release_overdue_holds()

    code.refresh_from_db()
    assert code.uses == 0
    assert hold(ticket_type).promo_code == code


def test_same_form_with_another_code_is_another_form(ticket_type):
    code_for(ticket_type)
    key = uuid.uuid4()
    same = {
        "event": ticket_type.event,
        "quantities": {ticket_type.pk: 1},
        "idempotency_key": key,
    }
    first = hold_places(**same, promo_code="EARLY")

    assert hold_places(**same, promo_code="early ") == first
    with pytest.raises(BookingError) as refused:
        hold_places(**same)
    assert refused.value.code is Refusal.KEY_REUSED


def test_code_ends_for_a_person_at_their_limit_by_account_or_mailbox(ticket_type):
    code_for(ticket_type, max_uses_per_person=1)
    user = UserFactory(email="ada@example.com")
    confirm(hold(ticket_type, user=user), "ada@example.com")
    guest = hold(ticket_type)

    with pytest.raises(BookingError) as refused_at_once:
        hold(ticket_type, user=user)
    with pytest.raises(BookingError) as refused_later:
        confirm(guest, "ADA+again@example.com")

    assert refused_at_once.value.code is Refusal.TOO_MANY_FOR_PERSON
    assert refused_later.value.code is Refusal.TOO_MANY_FOR_PERSON
    assert confirm(guest, "bo@example.com").is_confirmed

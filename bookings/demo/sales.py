"""Bookings with their tickets. What a stock has taken is counted from them, never set apart."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bookings.actors import ActorRole
from bookings.codes import ALPHABET, REFERENCE_LENGTH, TICKET_CODE_LENGTH
from bookings.demo.audience import Audience
from bookings.demo.people import Population
from bookings.demo.programme import Production
from bookings.demo.tickets import Offer
from bookings.models import Booking, BookingChange, BookingStatus, PaymentMethod, Ticket
from bookings.services.holding import HOLD_DURATION

if TYPE_CHECKING:
    from accounts.models import User

PARTY_SIZES = (1, 2, 3, 4, 5, 6)
PARTY_WEIGHTS = (42, 38, 9, 8, 2, 1)
SHARE_WITH_ACCOUNT = 0.55
SHARE_OF_MIXED = 0.2
# Beside every booking that stands, so many that do not.
SHARE_CANCELLED = 0.05
SHARE_EXPIRED = 0.04
SHARE_OF_HOLDS = 0.012
LONGEST_SALE = dt.timedelta(days=75)
# What the links said that buyers came by.
SOURCES = ("", "", "", "newsletter", "newsletter", "instagram", "poster")

Party = list[tuple[Offer, int]]
"""What somebody books at once."""


@dataclass(frozen=True, slots=True)
class Sale:
    booking: Booking
    tickets: list[Ticket]

    @property
    def changes(self) -> list[BookingChange]:
        """Its history, as the services would have written it."""
        booking, buyer = self.booking, ActorRole.BUYER
        history = [(booking.created_at, BookingStatus.PENDING, buyer)]
        if booking.confirmed_at:
            history.append((booking.confirmed_at, BookingStatus.CONFIRMED, buyer))
        if booking.cancelled_at:
            by = ActorRole.HOST if booking.event.is_cancelled else buyer
            history.append((booking.cancelled_at, BookingStatus.CANCELLED, by))
        if booking.status == BookingStatus.EXPIRED and booking.expires_at:
            history.append((booking.expires_at, BookingStatus.EXPIRED, ActorRole.SYSTEM))
        before = ["", *(status for _, status, _ in history)]
        return [
            BookingChange(
                booking=booking,
                at=at,
                before=earlier,
                after=status,
                role=role,
                actor=booking.user if role == buyer else None,
            )
            for earlier, (at, status, role) in zip(before, history, strict=False)
        ]


class BoxOffice:
    def __init__(
        self,
        audience: Audience,
        population: Population,
        rng: random.Random,
        *,
        start_of_day: dt.datetime,
        now: dt.datetime,
    ) -> None:
        self._audience = audience
        self._population = population
        self._rng = rng
        self._start_of_day = start_of_day
        self._now = now
        self._codes: set[str] = set()

    def sell(
        self, production: Production, offers: list[Offer], goals: dict[int, int]
    ) -> list[Sale]:
        """Sell as many places of each offer as its goal says (by position), or a few less where
        no allowed number a booking makes it, and add what was cancelled or ran out.
        """
        sales = []
        for party in self._parties(offers, goals):
            status = self._status(production)
            sales.append(self._sale(production, party, status))
            if status == BookingStatus.CANCELLED:
                continue
            for offer, size in party:
                offer.stock.taken += size
        for status, share in (
            (BookingStatus.CANCELLED, SHARE_CANCELLED),
            (BookingStatus.EXPIRED, SHARE_EXPIRED),
        ):
            sales += [
                self._sale(production, self._party_of(sale, offers), status)
                for sale in list(sales)
                if self._rng.random() < share
            ]
        return sales

    def _parties(self, offers: list[Offer], goals: dict[int, int]) -> Iterator[Party]:
        parties: list[Party] = []
        for offer in offers:
            left = goals[offer.ticket_type.position]
            while sizes := _sizes(offer, left):
                weights = [PARTY_WEIGHTS[min(size, len(PARTY_WEIGHTS)) - 1] for size in sizes]
                size = self._rng.choices(sizes, weights)[0]
                parties.append([(offer, size)])
                left -= size
        self._rng.shuffle(parties)
        while parties:
            party = parties.pop()
            if parties and self._rng.random() < SHARE_OF_MIXED and _differ(party, parties[-1]):
                party += parties.pop()
            yield party

    def _status(self, production: Production) -> BookingStatus:
        if production.event.is_cancelled:
            return BookingStatus.CANCELLED
        can_be_held = production.event.is_published and production.event.starts_at > self._now
        if can_be_held and self._rng.random() < SHARE_OF_HOLDS:
            return BookingStatus.PENDING
        return BookingStatus.CONFIRMED

    def _party_of(self, sale: Sale, offers: list[Offer]) -> Party:
        """What somebody else booked: as many as a sale has, all of one type."""
        wanted = sale.tickets[0].ticket_type
        offer = next(offer for offer in offers if offer.ticket_type is wanted)
        return [(offer, sum(ticket.ticket_type is wanted for ticket in sale.tickets))]

    def _sale(self, production: Production, party: Party, status: BookingStatus) -> Sale:
        held_at = self._moment(production, status)
        total = sum((offer.ticket_type.price * size for offer, size in party), Decimal(0))
        user = self._buyer(production)
        person = self._population.person(production.place.code)
        is_complete = status in (BookingStatus.CONFIRMED, BookingStatus.CANCELLED)
        confirmed_at = held_at + dt.timedelta(seconds=self._rng.randint(50, 600))
        booking = Booking(
            reference=self._code(REFERENCE_LENGTH),
            event=production.event,
            user=user,
            name=user.name if user else person.name if is_complete else "",
            email=user.email if user else self._population.address(person) if is_complete else "",
            status=status,
            total=total,
            currency=party[0][0].ticket_type.currency,
            payment_method=_payment(total) if is_complete else "",
            idempotency_key=uuid.UUID(int=self._rng.getrandbits(128), version=4),
            expires_at=held_at + HOLD_DURATION,
            created_at=held_at,
            confirmed_at=confirmed_at if is_complete else None,
            cancelled_at=self._after(confirmed_at, production)
            if status == BookingStatus.CANCELLED
            else None,
        )
        booking.source = SOURCES[booking.idempotency_key.int % len(SOURCES)]
        return Sale(booking, self._tickets(booking, party, production.place.code))

    def _tickets(self, booking: Booking, party: Party, country_code: str) -> list[Ticket]:
        tickets = [
            Ticket(
                booking=booking,
                ticket_type=offer.ticket_type,
                price=offer.ticket_type.price,
                code=self._code(TICKET_CODE_LENGTH),
            )
            for offer, size in party
            for _ in range(size)
        ]
        if booking.confirmed_at is not None:
            for ticket in tickets:
                ticket.attendee_name = self._population.person(country_code).name
            tickets[0].attendee_name = booking.name
        return tickets

    def _buyer(self, production: Production) -> "User | None":
        if self._rng.random() > SHARE_WITH_ACCOUNT:
            return None
        return self._audience.someone(production.place.code)

    def _moment(self, production: Production, status: BookingStatus) -> dt.datetime:
        """When the places were held."""
        if status == BookingStatus.PENDING:
            return self._now - dt.timedelta(seconds=self._rng.randint(20, 600))
        last = min(self._start_of_day, production.event.starts_at) - dt.timedelta(minutes=30)
        first = max(production.event.created_at, last - LONGEST_SALE)
        return first + (last - first) * self._rng.random() ** 0.6

    def _after(self, moment: dt.datetime, production: Production) -> dt.datetime:
        last = min(self._start_of_day, production.event.starts_at)
        return moment + (last - moment) * self._rng.random()

    def _code(self, length: int) -> str:
        while (code := "".join(self._rng.choices(ALPHABET, k=length))) in self._codes:
            continue
        self._codes.add(code)
        return code


def _sizes(offer: Offer, left: int) -> list[int]:
    """How many somebody may book, so that what remains can be booked as well."""
    least, most = offer.tier.least, min(offer.tier.most, max(PARTY_SIZES))
    return [
        size for size in range(least, max(least, most) + 1) if size == left or size <= left - least
    ]


def _differ(party: Party, other: Party) -> bool:
    return party[0][0] is not other[0][0]


def _payment(total: Decimal) -> PaymentMethod:
    return PaymentMethod.AT_DOOR if total else PaymentMethod.FREE

"""Random lives of bookings, with what must hold after every step of them."""

import datetime as dt
import uuid
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.db.models import F
from django.test import TestCase
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bookings.actors import Actor
from bookings.exceptions import BookingError, Refusal
from bookings.models import (
    Booking,
    BookingStatus,
    Message,
    MessageKind,
    PaymentMethod,
    PromoCode,
    Ticket,
    VoidCode,
    WaitlistEntry,
    WaitlistStatus,
)
from bookings.services.booking import cancel_booking, confirm_booking, give_back_hold
from bookings.services.expiry import release_overdue_holds
from bookings.services.holding import extend_hold, hold_places
from bookings.services.notices import cancel_event_and_bookings, carry_out
from bookings.services.tickets import rename_attendees, send_on_ticket
from bookings.services.verification import find_differences
from bookings.services.waitlist import join_waitlist, leave_waitlist, offer_places
from bookings.states import CHANGES_OF_STATUS
from events.exceptions import EventError
from events.models import Event, TicketStock, TicketType
from events.services.ticket_types import set_capacity
from tests.factories import EventFactory, TicketTypeFactory, UserFactory

PEOPLE = ["ada@example.com", "ADA+jazz@example.com", "bo@example.com", "cy@example.com"]
MOST_A_PERSON = 2
MOST_USES = 2

quantities = st.integers(0, 2)
people = st.sampled_from(PEOPLE)
which = st.sampled_from([0, 1])


class LivesOfBookings(RuleBasedStateMachine):
    bookings = Bundle("bookings")
    entries = Bundle("entries")

    def __init__(self):
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.event = EventFactory(max_tickets_per_person=MOST_A_PERSON)
        self.types = [
            TicketTypeFactory(event=self.event, capacity=2, max_per_booking=3),
            TicketTypeFactory(event=self.event, capacity=2, price=10, min_per_booking=2),
        ]
        self.code = PromoCode.objects.create(
            event=self.event, code="EARLY", value=50, max_uses=MOST_USES
        )
        self.account = UserFactory(email=PEOPLE[2])

    def teardown(self):
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    @contextmanager
    def step(self, *allowed):
        """Something that may be refused, for these reasons only; its work after commit is done."""
        try:
            with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
                yield
        except BookingError as error:
            if error.code not in allowed:
                raise

    def fresh_event(self):
        return Event.objects.get(pk=self.event.pk)

    @rule(
        target=bookings,
        a=quantities,
        b=quantities,
        code=st.sampled_from(["", "early", "NOPE"]),
        logged_in=st.booleans(),
    )
    def hold(self, a, b, code, logged_in):
        wanted = {row.pk: n for row, n in zip(self.types, (a, b), strict=True) if n}
        key, user = uuid.uuid4(), self.account if logged_in else None
        held = []
        with self.step(
            Refusal.NOTHING_CHOSEN,
            Refusal.TOO_FEW,
            Refusal.SOLD_OUT,
            Refusal.EVENT_CANCELLED,
            Refusal.UNKNOWN_PROMO_CODE,
            Refusal.PROMO_CODE_USED_UP,
            Refusal.TOO_MANY_FOR_PERSON,
        ):
            held += [
                hold_places(
                    event=self.fresh_event(),
                    quantities=wanted,
                    idempotency_key=key,
                    promo_code=code,
                    user=user,
                )
                for _ in range(2)  # the second is the same form again
            ]
            assert held[0].pk == held[1].pk
            assert not TicketStock.objects.filter(pk__in=wanted, waiting__gt=0).exists()
        return multiple(*held[:1])

    @rule(booking=bookings, email=people)
    def confirm(self, booking, email):
        with self.step(
            Refusal.HOLD_EXPIRED,
            Refusal.NOT_PENDING,
            Refusal.EVENT_CANCELLED,
            Refusal.TOO_MANY_FOR_PERSON,
        ):
            confirm_booking(
                booking=booking,
                name="Somebody",
                email=email,
                attendee_names={},
                payment_method=PaymentMethod.AT_DOOR if booking.total else PaymentMethod.FREE,
            )

    @rule(booking=bookings, actor=st.sampled_from([Actor.buyer(), Actor.admin(None)]))
    def cancel(self, booking, actor):
        with self.step(Refusal.NOT_CANCELLABLE):
            cancel_booking(booking=booking, by=actor, reason="Changed plans.")

    @rule(booking=bookings)
    def give_back(self, booking):
        with self.step(Refusal.NOT_PENDING):
            give_back_hold(booking=booking, by=Actor.buyer())

    @rule(booking=bookings)
    def extend(self, booking):
        with self.step(Refusal.HOLD_EXPIRED, Refusal.ALREADY_EXTENDED):
            extend_hold(booking=booking)

    @rule(booking=bookings)
    def run_out(self, booking):
        past = timezone.now() - dt.timedelta(minutes=1)
        Booking.objects.filter(pk=booking.pk, status="pending").update(expires_at=past)

    @rule()
    def sweep(self):
        with self.step():
            release_overdue_holds()

    @rule(booking=bookings, name=st.sampled_from(["Bo", "Łukasz", "李"]))
    def rename(self, booking, name):
        tickets = booking.tickets.all()
        with self.step(Refusal.TICKETS_FIXED):
            rename_attendees(
                booking=booking, names={row.code: name for row in tickets}, by=Actor.buyer()
            )
            names = set(Ticket.objects.filter(booking=booking).values_list("attendee_name"))
            assert names == {(name,)}

    @rule(booking=bookings, email=people)
    def send_on(self, booking, email):
        ticket = booking.tickets.select_related("booking").first()
        with self.step(Refusal.TICKETS_FIXED):
            sent = send_on_ticket(ticket=ticket, name="Cy", email=email, by=Actor.buyer())
            assert sent.code != ticket.code

    @rule(target=entries, which=which, quantity=st.integers(1, 4), email=people)
    def join(self, which, quantity, email):
        joined = []
        with self.step(
            Refusal.NOT_SOLD_OUT,
            Refusal.WAITING_ALREADY,
            Refusal.TOO_MANY_FOR_PERSON,
            Refusal.EVENT_CANCELLED,
            Refusal.TOO_MANY,
            Refusal.TOO_FEW,
        ):
            ticket_type = TicketType.objects.select_related("event", "stock").get(
                pk=self.types[which].pk
            )
            joined.append(
                join_waitlist(ticket_type=ticket_type, quantity=quantity, name="W", email=email)
            )
        return multiple(*joined)

    @rule(entry=consumes(entries))
    def leave(self, entry):
        with self.step(Refusal.NOT_WAITING):
            leave_waitlist(entry=entry)

    @rule(target=bookings)
    def look_at_offers(self):
        return multiple(*Booking.objects.filter(is_offer=True, status="pending"))

    @rule(which=which, capacity=st.integers(0, 6))
    def change_capacity(self, which, capacity):
        with self.step():
            try:
                set_capacity(ticket_type=self.types[which], capacity=capacity)
            except EventError:
                return  # more are taken
            offer_places(ticket_type_ids=[self.types[which].pk])

    @precondition(lambda self: Booking.objects.filter(event=self.event).count() > 4)
    @rule()
    def cancel_event(self):
        with self.step():
            carry_out(cancel_event_and_bookings(event=self.fresh_event(), by=Actor.admin(None)))
            assert not Booking.objects.holding_places().filter(event=self.event).exists()

    def event_was_cancelled(self, booking):
        return booking.changes.filter(reason="The event was cancelled.").exists()

    @invariant()
    def every_counter_is_what_the_rows_say(self):
        assert find_differences() == []

    @invariant()
    def never_one_too_many(self):
        assert not TicketStock.objects.filter(taken__gt=F("capacity")).exists()
        assert PromoCode.objects.get(pk=self.code.pk).uses <= MOST_USES

    @invariant()
    def nothing_is_free_while_somebody_waits_for_it(self):
        if self.fresh_event().is_cancelled:
            return
        for stock in TicketStock.objects.filter(waiting__gt=0).select_related("ticket_type"):
            assert stock.left < stock.ticket_type.min_per_booking

    @invariant()
    def nobody_has_more_than_a_person_may(self):
        for mailbox in ("ada@example.com", "bo@example.com", "cy@example.com"):
            theirs = Booking.objects.confirmed().filter(email_key=mailbox)
            assert Ticket.objects.filter(booking__in=theirs).count() <= MOST_A_PERSON

    @invariant()
    def every_change_is_allowed_and_recorded(self):
        allowed = {("", BookingStatus.PENDING), *CHANGES_OF_STATUS}
        for booking in Booking.objects.prefetch_related("changes"):
            steps = [(c.before, c.after) for c in booking.changes.all() if c.before != c.after]
            assert set(steps) <= allowed
            assert ["", *[after for _, after in steps][:-1]] == [before for before, _ in steps]
            assert steps[-1][1] == booking.status

    @invariant()
    def everybody_is_told_once(self):
        for booking in Booking.objects.all():
            mails = Message.objects.filter(booking=booking, ticket=None)
            confirmations = mails.filter(kind=MessageKind.CONFIRMATION).count()
            cancellations = mails.filter(kind=MessageKind.CANCELLATION).count()
            assert confirmations == (booking.confirmed_at is not None)
            had_to_know = confirmations or (booking.is_offer and self.event_was_cancelled(booking))
            is_cancelled = booking.status == BookingStatus.CANCELLED
            assert cancellations == bool(is_cancelled and had_to_know)

    @invariant()
    def no_void_code_is_on_a_ticket(self):
        assert not Ticket.objects.filter(code__in=VoidCode.objects.values("code")).exists()

    @invariant()
    def an_offer_is_a_hold_of_its_own(self):
        for entry in WaitlistEntry.objects.filter(status=WaitlistStatus.OFFERED):
            assert entry.offer.is_offer
            assert entry.offer.tickets.count() <= entry.quantity


@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_what_must_hold_holds_after_every_step():
    run_state_machine_as_test(
        LivesOfBookings,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            phases=set(Phase) - {Phase.explain},  # which would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

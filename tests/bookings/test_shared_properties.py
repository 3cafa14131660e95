"""The random lives of bookings once more, with ticket types that share places."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from bookings.actors import Actor
from bookings.exceptions import Refusal
from bookings.models import Ticket
from bookings.services.moving import move_ticket
from bookings.services.waitlist import offer_places
from events.exceptions import EventError
from events.models import SharedCapacity, TicketType
from events.services.shared_capacities import change_shared_capacity, share_places
from tests.bookings.test_properties import LivesOfBookings, which
from tests.factories import SharedCapacityFactory


class SharingLives(LivesOfBookings):
    def __init__(self):
        super().__init__()
        self.hall = SharedCapacityFactory(event=self.event, capacity=3)
        for row in self.types:
            share_places(ticket_type=row, shared_capacity=self.hall)

    @rule(which=which, is_in=st.booleans())
    def go_in_or_out(self, which, is_in):
        with self.step():
            try:
                share_places(
                    ticket_type=self.types[which], shared_capacity=self.hall if is_in else None
                )
            except EventError:
                return  # there is no room for it
            offer_places(ticket_type_ids=[row.pk for row in self.types])

    @rule(capacity=st.integers(0, 5))
    def change_what_is_shared(self, capacity):
        with self.step():
            try:
                change_shared_capacity(
                    shared_capacity=SharedCapacity(
                        pk=self.hall.pk, event=self.event, name="Hall", capacity=capacity
                    )
                )
            except EventError:
                return  # more are taken
            offer_places(ticket_type_ids=[row.pk for row in self.types])

    @rule(which=which, number=st.integers(0, 5))
    def move(self, which, number):
        tickets = Ticket.objects.filter(booking__status="confirmed").order_by("pk")
        for ticket in tickets.select_related("booking")[number : number + 1]:
            with self.step(Refusal.SOLD_OUT, Refusal.TICKETS_FIXED):
                to = TicketType.objects.get(pk=self.types[which].pk)
                move_ticket(ticket=ticket, ticket_type=to, keeps_price=True, by=Actor.admin(None))

    @invariant()
    def what_is_shared_is_what_its_stocks_say(self):
        hall = SharedCapacity.objects.get(pk=self.hall.pk)
        assert hall.taken == sum(hall.stocks.values_list("taken", flat=True)) <= hall.capacity


@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_what_must_hold_holds_where_places_are_shared():
    run_state_machine_as_test(
        SharingLives,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            phases=set(Phase) - {Phase.explain},  # which would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

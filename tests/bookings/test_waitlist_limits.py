"""The host's limits in the waiting list, and people who would be in it twice."""

import pytest

from bookings.exceptions import BookingError, Refusal
from bookings.models import WaitlistEntry
from bookings.services.waitlist import offer_places
from events.models import Event, TicketStock
from tests.bookings.test_waitlist import fresh, join, offered
from tests.factories import EventFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(event=EventFactory(max_tickets_per_person=2), capacity=0)


def give_places(ticket_type, count):
    TicketStock.objects.filter(pk=ticket_type.pk).update(capacity=count)
    offer_places()


def test_nobody_waits_for_more_than_a_person_may_have(ticket_type):
    with pytest.raises(BookingError) as refused:
        join(ticket_type, "Ada", quantity=3)

    assert refused.value.code is Refusal.TOO_MANY
    assert join(ticket_type, "Ada", quantity=2).is_waiting


def test_offer_keeps_to_a_limit_that_was_set_later(ticket_type):
    ada = join(ticket_type, "Ada", quantity=2)
    Event.objects.update(max_tickets_per_person=1)

    give_places(ticket_type, 5)

    assert offered(ada) == [1]


def test_who_has_an_open_offer_does_not_wait_as_well(ticket_type):
    ada = join(ticket_type, "Ada")
    give_places(ticket_type, 1)

    with pytest.raises(BookingError) as refused:
        join(ticket_type, "ADA+again")
    assert refused.value.code is Refusal.WAITING_ALREADY

    offer = fresh(ada).offer
    type(offer).objects.filter(pk=offer.pk).update(expires_at=offer.created_at)
    assert join(ticket_type, "Ada").is_waiting
    assert WaitlistEntry.objects.count() == 2

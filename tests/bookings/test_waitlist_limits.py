"""The host's limits in the waiting list, and people who would be in it twice."""

import pytest

from bookings.exceptions import BookingError, Refusal
from bookings.models import WaitlistEntry
from bookings.services.verification import find_differences
from bookings.services.waitlist import offer_places, offer_some_places
from events.models import Event, TicketStock, TicketType
from tests.bookings.test_waitlist import fresh, join, offered, take
from tests.factories import BookingFactory, EventFactory, TicketTypeFactory

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


def test_rest_that_nobody_may_book_does_not_stop_the_line(django_capture_on_commit_callbacks):
    ticket_type = TicketTypeFactory(capacity=0, min_per_booking=2)
    ada, bo = join(ticket_type, "Ada", quantity=3), join(ticket_type, "Bo", quantity=2)
    give_places(ticket_type, 2)
    assert offered(ada, bo) == [2, None]

    with django_capture_on_commit_callbacks(execute=True):
        take(fresh(ada))
    give_places(ticket_type, 9)

    assert offered(bo) == [2]
    assert TicketStock.objects.get(pk=ticket_type.pk).for_sale == 5


@pytest.mark.parametrize(
    "change",
    [
        lambda ticket_type: TicketType.objects.update(min_per_booking=2),
        lambda ticket_type: BookingFactory(
            event=ticket_type.event,
            email="ada@example.com",
            tickets=[TicketTypeFactory(event=ticket_type.event)] * 2,
        ),
    ],
    ids=["the least a booking was raised", "they have booked as many as they may"],
)
def test_who_could_not_take_an_offer_does_not_stop_the_line(ticket_type, change):
    ada, bo = join(ticket_type, "Ada"), join(ticket_type, "Bo", quantity=2)
    change(ticket_type)

    give_places(ticket_type, 5)

    assert fresh(ada).status == "ended"
    assert offered(bo) == [2]
    assert find_differences() == []


def test_who_has_as_many_as_they_may_does_not_join(ticket_type):
    other = TicketTypeFactory(event=ticket_type.event)
    BookingFactory(event=ticket_type.event, email="ada@example.com", tickets=[other, other])

    with pytest.raises(BookingError) as refused:
        join(ticket_type, "Ada")

    assert refused.value.code is Refusal.TOO_MANY_FOR_PERSON


def test_what_cannot_be_paid_is_not_offered():
    ticket_type = TicketTypeFactory(capacity=0, price=9)
    ada = join(ticket_type, "Ada")
    Event.objects.update(allows_pay_at_door=False)

    give_places(ticket_type, 1)

    assert fresh(ada).is_waiting


def test_request_makes_some_of_the_offers_and_the_job_the_others(monkeypatch):
    monkeypatch.setattr("bookings.services.waitlist.OFFERS_AT_ONCE", 2)
    ticket_type = TicketTypeFactory(capacity=0)
    for number in range(5):
        join(ticket_type, f"Person{number}")
    TicketStock.objects.filter(pk=ticket_type.pk).update(capacity=5)

    assert offer_some_places(ticket_type_ids=[ticket_type.pk]) == 2
    assert offer_places() == 3

import pytest
from django.db import IntegrityError

from events.exceptions import EventError, EventRefusal
from events.models import Event, EventStatus, TicketStock, TicketType
from events.services.publishing import cancel_event, publish_event, reopen_event
from events.services.ticket_types import create_ticket_type, set_capacity
from tests.factories import EventFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db

DRAFT, PUBLISHED, CANCELLED = EventStatus.DRAFT, EventStatus.PUBLISHED, EventStatus.CANCELLED


@pytest.mark.parametrize(
    ("service", "before", "after"),
    [
        (publish_event, DRAFT, PUBLISHED),
        (publish_event, PUBLISHED, PUBLISHED),
        (cancel_event, PUBLISHED, CANCELLED),
        (cancel_event, CANCELLED, CANCELLED),
        (reopen_event, CANCELLED, DRAFT),
        (reopen_event, DRAFT, DRAFT),
    ],
)
def test_an_event_moves_on_and_once_is_as_good_as_twice(service, before, after) -> None:
    event = EventFactory(status=before)

    event = service(event=event)

    assert event.status == after
    assert event.is_active is (after == PUBLISHED)
    assert Event.objects.published().filter(pk=event.pk).exists() is (after == PUBLISHED)


@pytest.mark.parametrize(
    ("service", "before", "code"),
    [
        (publish_event, CANCELLED, EventRefusal.NOT_A_DRAFT),
        (cancel_event, DRAFT, EventRefusal.NOT_PUBLISHED),
        (reopen_event, PUBLISHED, EventRefusal.NOT_CANCELLED),
    ],
)
def test_a_move_from_elsewhere_is_refused_and_changes_nothing(service, before, code) -> None:
    event = EventFactory(status=before)

    with pytest.raises(EventError) as refused:
        service(event=event)

    assert refused.value.code == code
    event.refresh_from_db()
    assert event.status == before


def test_a_move_is_decided_by_the_status_in_the_database() -> None:
    event = EventFactory(status=DRAFT)
    Event.objects.filter(pk=event.pk).update(status=CANCELLED)

    with pytest.raises(EventError):
        publish_event(event=event)


def test_a_move_is_a_change_of_the_event() -> None:
    event = EventFactory(status=DRAFT)
    before = event.updated_at

    assert publish_event(event=event).updated_at > before


def test_a_new_ticket_type_comes_with_its_places() -> None:
    ticket_type = create_ticket_type(
        ticket_type=TicketType(event=EventFactory(), name="Standard"), capacity=25
    )

    stock = TicketStock.objects.get(ticket_type=ticket_type)
    assert (stock.capacity, stock.taken) == (25, 0)


@pytest.mark.parametrize("capacity", [4, 5, 500])
def test_capacity_can_be_anything_down_to_the_places_taken(capacity: int) -> None:
    ticket_type = TicketTypeFactory(capacity=10, taken=4)

    set_capacity(ticket_type=ticket_type, capacity=capacity)

    stock = TicketStock.objects.get(ticket_type=ticket_type)
    assert (stock.capacity, stock.taken) == (capacity, 4)


@pytest.mark.parametrize(
    ("taken", "message"),
    [
        (4, "4 places are taken, so the capacity cannot be 0."),
        (1, "1 place is taken, so the capacity cannot be 0."),
    ],
)
def test_capacity_below_the_places_taken_is_refused_with_the_numbers(
    taken: int, message: str
) -> None:
    ticket_type = TicketTypeFactory(capacity=10, taken=taken)

    with pytest.raises(EventError, match=message) as refused:
        set_capacity(ticket_type=ticket_type, capacity=0)

    assert refused.value.code == EventRefusal.CAPACITY_BELOW_TAKEN
    assert TicketStock.objects.get(ticket_type=ticket_type).capacity == 10


def test_a_draft_without_its_times_is_not_published() -> None:
    event = EventFactory(status=EventStatus.DRAFT, is_scheduled=False)

    with pytest.raises(EventError) as refused:
        publish_event(event=event)
    assert refused.value.code == EventRefusal.NOT_SCHEDULED
    with pytest.raises(IntegrityError, match="event_public_is_scheduled"):
        Event.objects.update(status=EventStatus.PUBLISHED)

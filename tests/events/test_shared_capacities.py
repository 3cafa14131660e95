"""What the rest of the site sees of places that several ticket types share."""

from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.availability import Availability, offer_of
from events.models import Event, Listing, SharedCapacity, TicketStock, TicketType
from events.services.shared_capacities import copy_shared_capacities, share_places
from tests.admin_pages import text
from tests.factories import EventFactory, SharedCapacityFactory, TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> SharedCapacity:
    """Twelve places, seven of them taken, for types of which one could have all."""
    hall = SharedCapacityFactory(name="Hall", capacity=12, taken=7)
    TicketTypeFactory(event=hall.event, capacity=12, taken=4, shared_capacity=hall)
    TicketTypeFactory(
        event=hall.event, name="Reduced", capacity=5, taken=3, shared_capacity=hall, price=8
    )
    return hall


def shown(event: Event) -> Any:
    return offer_of(Event.objects.for_booking().get(pk=event.pk))


def take(hall: SharedCapacity, taken: int) -> None:
    SharedCapacity.objects.filter(pk=hall.pk).update(taken=taken)
    with connection.cursor() as cursor:  # what waits for the commit
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def is_listed_as_available(event: Event) -> bool:
    return Listing.objects.available(timezone.now()).filter(pk=event.pk).exists()


def test_what_is_left_is_counted_once(hall: SharedCapacity) -> None:
    assert shown(hall.event).left == 5

    TicketTypeFactory(event=hall.event, name="Garden", capacity=3)
    take(hall, 11)
    assert shown(hall.event).left == 4


def test_a_full_hall_is_sold_out_everywhere(hall: SharedCapacity, client: Any) -> None:
    assert is_listed_as_available(hall.event)
    take(hall, 12)

    assert shown(hall.event).availability is Availability.SOLD_OUT
    assert not is_listed_as_available(hall.event)
    page = text(client.get(hall.event.get_absolute_url()))
    assert page.count("https://schema.org/SoldOut") == 2

    take(hall, 11)
    assert shown(hall.event).availability is Availability.BOOKABLE
    assert is_listed_as_available(hall.event)


def test_a_type_that_goes_into_a_full_hall_is_no_longer_available(hall: SharedCapacity) -> None:
    garden = TicketTypeFactory(event=hall.event, name="Garden")
    take(hall, 12)
    assert is_listed_as_available(hall.event)

    share_places(ticket_type=garden, shared_capacity=hall)
    take(hall, 12)

    assert not is_listed_as_available(hall.event)


def test_places_in_all_count_a_hall_once(hall: SharedCapacity) -> None:
    event, narrow = hall.event, SharedCapacityFactory(event=hall.event, capacity=100)
    TicketTypeFactory(event=event, name="Booth", capacity=6, shared_capacity=narrow)
    TicketTypeFactory(event=event, name="Garden", capacity=3)
    SharedCapacityFactory(event=event, capacity=1000)

    counted = Event.objects.with_capacity().get(pk=event.pk)

    assert (counted.capacity, counted.places_taken) == (12 + 6 + 3, 7)
    assert Event.objects.with_capacity().get(pk=EventFactory().pk).capacity == 0


@pytest.mark.parametrize("is_new", [True, False])
def test_database_refuses_places_of_another_event(hall: SharedCapacity, is_new: bool) -> None:
    def share() -> None:
        if is_new:
            TicketTypeFactory(shared_capacity=hall)
        other = TicketStock.objects.filter(pk=TicketTypeFactory().pk)
        other.update(shared_capacity=hall)

    with pytest.raises(IntegrityError, match="another event"):
        share()


@pytest.mark.parametrize("taken", [-1, 13])
def test_database_refuses_more_than_there_are(hall: SharedCapacity, taken: int) -> None:
    with pytest.raises(IntegrityError):
        SharedCapacity.objects.filter(pk=hall.pk).update(taken=taken)


def test_an_event_goes_with_all_that_it_shares(hall: SharedCapacity) -> None:
    hall.event.delete()

    assert not SharedCapacity.objects.exists()


def test_a_copy_has_nothing_taken(hall: SharedCapacity) -> None:
    target: Event = EventFactory()

    copies = copy_shared_capacities(source=hall.event, targets=[target])

    copy = target.shared_capacities.get()
    assert copies == {(target.pk, hall.pk): copy}
    assert (copy.name, copy.capacity, copy.taken) == ("Hall", 12, 0)


class TestAdmin:
    def page(self, hall: SharedCapacity) -> str:
        return f"/admin/events/event/{hall.event_id}/change/"

    def test_shows_what_is_taken_and_changes_the_rest(
        self, admin_client: Any, hall: SharedCapacity
    ) -> None:
        fields = submission(text(admin_client.get(self.page(hall))))
        changes = {"shared_capacities-0-capacity": "9", "shared_capacities-0-taken": "0"}

        response = admin_client.post(self.page(hall), fields | changes)
        assert response.status_code == 302

        hall.refresh_from_db()
        assert (hall.capacity, hall.taken) == (9, 7)

    def test_refuses_less_than_is_taken(self, admin_client: Any, hall: SharedCapacity) -> None:
        fields = submission(text(admin_client.get(self.page(hall))))

        response = admin_client.post(
            self.page(hall), fields | {"shared_capacities-0-capacity": "6"}
        )

        assert "7 places are taken, so the capacity cannot be 6." in text(response)

    def test_puts_a_type_out_with_what_is_taken_of_it(
        self, admin_client: Any, hall: SharedCapacity
    ) -> None:
        fields = submission(text(admin_client.get(self.page(hall))))
        changes = {"ticket_types-0-shared_capacity": "", "ticket_types-0-capacity": "9"}

        admin_client.post(self.page(hall), fields | changes)

        hall.refresh_from_db()
        assert hall.taken == 3
        assert TicketStock.objects.get(capacity=9).shared_capacity is None

    def test_locks_places_in_the_order_of_buyers_and_before_the_event(
        self, admin_client: Any, hall: SharedCapacity
    ) -> None:
        TicketType.objects.filter(name="Reduced").update(position=0)
        TicketType.objects.filter(name="Standard").update(position=1)
        fields = submission(text(admin_client.get(self.page(hall))))
        locked_before_event: list[bool] = []
        changes = {"title": "New", "ticket_types-0-capacity": "6", "ticket_types-1-capacity": "11"}

        with CaptureQueriesContext(connection) as queries:

            def look(**kwargs: Any) -> None:
                written = [query["sql"] for query in queries.captured_queries]
                locked_before_event.append(
                    any("FOR NO KEY UPDATE" in sql and "ticketstock" in sql for sql in written)
                )

            pre_save.connect(look, sender=Event)
            try:
                admin_client.post(self.page(hall), fields | changes)
            finally:
                pre_save.disconnect(look, sender=Event)

        assert locked_before_event == [True]
        assert set(TicketStock.objects.values_list("capacity", flat=True)) == {6, 11}

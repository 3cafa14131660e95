"""A host's shared places: new ones, what is in them, and their end."""

import pytest
from django.test import Client

from bookings.models import WaitlistEntry, WaitlistStatus
from bookings.services.verification import find_differences
from events.models import Event, SharedCapacity, TicketStock, TicketType
from tests.bookings.hosted import hosted_event, page_of
from tests.factories import BookingFactory, SharedCapacityFactory, TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(client)


@pytest.fixture
def standard(event: Event) -> TicketType:
    return event.ticket_types.get()


@pytest.fixture
def reduced(event: Event) -> TicketType:
    return TicketTypeFactory(event=event, name="Reduced", capacity=5)


@pytest.fixture
def hall(event: Event, standard: TicketType) -> SharedCapacity:
    """With ten places, of which Standard, without a limit of its own, has taken three."""
    hall = SharedCapacityFactory(event=event, name="Hall")
    TicketStock.objects.filter(pk=standard.pk).update(shared_capacity=hall)
    BookingFactory(event=event, tickets=[standard] * 3)
    return hall


def in_hall(hall: SharedCapacity) -> set[str]:
    return set(hall.stocks.values_list("ticket_type__name", flat=True))


def test_a_new_one_takes_over_what_is_taken_of_its_types(
    client: Client, event: Event, standard: TicketType, reduced: TicketType
) -> None:
    BookingFactory(event=event, tickets=[standard] * 3 + [reduced])

    response = client.post(
        page_of(event, "hosted_new_shared_capacity"),
        {"name": "Hall", "capacity": "9", "ticket_types": [standard.pk, reduced.pk]},
    )

    assert response.headers["Location"] == page_of(event, "hosted_tickets")
    hall = event.shared_capacities.get()
    assert (hall.name, hall.capacity, hall.taken) == ("Hall", 9, 4)
    assert in_hall(hall) == {"Standard", "Reduced"}
    assert find_differences() == []
    page = client.get(page_of(event, "hosted_tickets")).content.decode()
    assert "4 of 9 taken by Standard and Reduced" in page
    assert "3 taken, shares “Hall”" in page
    assert "1 of 5 taken, shares “Hall”" in page


def test_what_does_not_fit_is_refused_with_the_numbers_and_nothing_is_kept(
    client: Client, event: Event, standard: TicketType
) -> None:
    BookingFactory(event=event, tickets=[standard] * 3)

    response = client.post(
        page_of(event, "hosted_new_shared_capacity"),
        {"name": "Booth", "capacity": "2", "ticket_types": [standard.pk]},
    )

    assert response.status_code == 400
    assert "3 places are taken of this ticket type, and “Booth” has only 2 left." in (
        response.content.decode()
    )
    assert submission(response.content.decode())["name"] == "Booth"
    assert not event.shared_capacities.exists()


def test_fewer_than_are_taken_are_refused_with_the_numbers(
    client: Client, event: Event, hall: SharedCapacity
) -> None:
    address = page_of(event, "hosted_shared_capacity", hall.pk)
    fields = submission(client.get(address).content.decode())

    response = client.post(address, fields | {"capacity": "2"})

    assert response.status_code == 400
    assert "3 places are taken, so the capacity cannot be 2." in response.content.decode()
    hall.refresh_from_db()
    assert (hall.capacity, hall.taken) == (10, 3)


def test_a_type_without_a_limit_of_its_own_has_none_when_there_are_more_places(
    client: Client, event: Event, hall: SharedCapacity, standard: TicketType
) -> None:
    address = page_of(event, "hosted_shared_capacity", hall.pk)
    fields = submission(client.get(address).content.decode())

    for capacity in ("4", "40"):
        client.post(address, fields | {"capacity": capacity})
        stock = TicketStock.objects.get(pk=standard.pk)
        assert (stock.capacity, stock.has_own_limit) == (int(capacity), False)


def test_a_name_is_given_once(client: Client, event: Event, hall: SharedCapacity) -> None:
    response = client.post(
        page_of(event, "hosted_new_shared_capacity"), {"name": "hall", "capacity": "5"}
    )

    assert response.status_code == 400
    assert "This event has one of this name already." in response.content.decode()


@pytest.mark.parametrize("changes", [{"name": ""}, {"capacity": "0"}, {"capacity": "many"}])
def test_what_cannot_be_is_refused(client: Client, event: Event, changes: dict[str, str]) -> None:
    typed = {"name": "Hall", "capacity": "5"} | changes

    response = client.post(page_of(event, "hosted_new_shared_capacity"), typed)

    assert response.status_code == 400
    assert list(response.context["form"].errors) == list(changes)


def test_a_ticket_type_goes_in_on_its_own_page_and_needs_no_other_limit(
    client: Client, event: Event, hall: SharedCapacity, reduced: TicketType
) -> None:
    BookingFactory(event=event, tickets=[reduced] * 2)
    address = page_of(event, "hosted_ticket_type", reduced.pk)
    fields = submission(client.get(address).content.decode())

    client.post(address, fields | {"shared_capacity": str(hall.pk), "capacity": ""})

    stock = TicketStock.objects.get(pk=reduced.pk)
    assert (stock.capacity, stock.has_own_limit) == (10, False)
    assert SharedCapacity.objects.get().taken == 5
    assert find_differences() == []


def test_a_ticket_type_that_goes_out_needs_a_limit_of_its_own(
    client: Client, event: Event, hall: SharedCapacity, standard: TicketType
) -> None:
    address = page_of(event, "hosted_ticket_type", standard.pk)
    fields = submission(client.get(address).content.decode())
    assert fields["capacity"] == ""

    refused = client.post(address, fields | {"shared_capacity": ""})
    assert "Say how many places there are." in refused.content.decode()
    unticked = client.post(
        page_of(event, "hosted_shared_capacity", hall.pk), {"name": "Hall", "capacity": "10"}
    )
    assert "“Standard” has no limit of its own" in unticked.content.decode()
    assert SharedCapacity.objects.get().taken == 3

    client.post(address, fields | {"shared_capacity": "", "capacity": "8"})
    assert SharedCapacity.objects.get().taken == 0
    assert TicketStock.objects.get(pk=standard.pk).capacity == 8
    assert find_differences() == []


def test_a_ticket_type_that_does_not_fit_stays_outside(
    client: Client, event: Event, hall: SharedCapacity
) -> None:
    crowd = TicketTypeFactory(event=event, name="Crowd")
    BookingFactory(event=event, tickets=[crowd] * 8)
    address = page_of(event, "hosted_ticket_type", crowd.pk)
    fields = submission(client.get(address).content.decode())

    response = client.post(address, fields | {"shared_capacity": str(hall.pk), "name": "Many"})

    assert response.status_code == 400
    assert "8 places are taken of this ticket type, and “Hall” has only 7 left." in (
        response.content.decode()
    )
    assert submission(response.content.decode())["name"] == "Many"
    assert in_hall(hall) == {"Standard"}


def test_one_that_is_shared_stays_and_an_empty_one_goes(
    client: Client, event: Event, hall: SharedCapacity
) -> None:
    address = page_of(event, "hosted_delete_shared_capacity", hall.pk)

    told = client.post(address, follow=True).content.decode()
    assert "These places are still shared by “Standard”." in told
    assert SharedCapacity.objects.exists()

    empty = SharedCapacityFactory(event=event)
    client.post(page_of(event, "hosted_delete_shared_capacity", empty.pk))
    assert list(SharedCapacity.objects.all()) == [hall]


def test_those_of_another_event_are_not_there(client: Client, event: Event) -> None:
    other = SharedCapacityFactory()
    TicketTypeFactory(event=event)

    for name in ("hosted_shared_capacity", "hosted_delete_shared_capacity"):
        assert client.post(page_of(event, name, other.pk)).status_code == 404
    ticket_type = event.ticket_types.first()
    address = page_of(event, "hosted_ticket_type", ticket_type.pk)
    fields = submission(client.get(address).content.decode())
    response = client.post(address, fields | {"shared_capacity": str(other.pk)})
    assert response.status_code == 400
    assert not TicketStock.objects.exclude(shared_capacity=None).exists()


@pytest.mark.django_db(transaction=True)
def test_more_places_are_offered_to_those_who_wait(client: Client) -> None:
    event = hosted_event(client)
    ticket_type = event.ticket_types.get()
    hall = SharedCapacityFactory(event=event, capacity=2, taken=2)
    TicketStock.objects.update(shared_capacity=hall, taken=2, waiting=1)
    entry = WaitlistEntry.objects.create(
        ticket_type=ticket_type, quantity=1, name="Ada", email="ada@example.com"
    )
    address = page_of(event, "hosted_shared_capacity", hall.pk)
    fields = submission(client.get(address).content.decode())

    client.post(address, fields | {"capacity": "3"})

    entry.refresh_from_db()
    assert entry.status == WaitlistStatus.OFFERED

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from bookings.models import Message, MessageKind, MessageState
from bookings.services.verification import verify_inventory
from events.models import TicketStock
from tests.factories import BookingFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(capacity=10)


def scrape(client: Client) -> dict[str, float]:
    response = client.get("/metrics/")
    assert response.status_code == 200
    return {
        ",".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_tells_of_the_last_check_of_the_inventory(client, ticket_type):
    TicketStock.objects.filter(pk=ticket_type.pk).update(taken=3)
    differences = verify_inventory()

    told = scrape(client)

    assert told["eventmate_inventory_counters"] == 2
    assert told["eventmate_inventory_differences"] == len(differences) == 1
    assert told["eventmate_inventory_checked_timestamp_seconds"] > 0


def test_what_was_repaired_is_no_difference_any_more(client, ticket_type):
    TicketStock.objects.filter(pk=ticket_type.pk).update(taken=3)
    verify_inventory(repair=True)

    assert scrape(client)["eventmate_inventory_differences"] == 0


def test_says_nothing_of_an_inventory_that_was_never_checked(client, ticket_type):
    assert "eventmate_inventory_differences" not in scrape(client)


def test_counts_mail_that_was_not_sent_by_state(client):
    booking = BookingFactory()
    for number, state in enumerate([*MessageState.values, MessageState.FAILED]):
        Message.objects.create(
            kind=MessageKind.CONFIRMATION,
            booking=booking,
            recipient=booking.email,
            state=state,
            occasion=str(number),
            message_id=f"<{number}@localhost>",
        )

    told = scrape(client)

    assert told["eventmate_messages,failed"] == 2
    assert told["eventmate_messages,queued"] == told["eventmate_messages,dropped"] == 1
    assert "eventmate_messages,sent" not in told

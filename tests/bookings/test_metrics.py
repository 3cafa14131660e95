import uuid

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from bookings.models import Message, MessageKind, MessageState
from bookings.services.holding import hold_places
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


def outcomes(client: Client) -> dict[str, float]:
    return {
        name.removeprefix("eventmate_bookings_total,"): value
        for name, value in scrape(client).items()
        if name.startswith("eventmate_bookings_total,")
    }


def grown(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: n - before.get(name, 0) for name, n in after.items() if n > before.get(name, 0)}


def choose(client, ticket_type, quantity: int):
    form = {"idempotency_key": str(uuid.uuid4()), f"quantity_{ticket_type.pk}": quantity}
    return client.post(reverse("bookings:create", args=[ticket_type.event.slug]), form)


def test_counts_bookings_by_what_comes_of_them(
    client, ticket_type, django_capture_on_commit_callbacks
):
    before = outcomes(client)

    with django_capture_on_commit_callbacks(execute=True):
        chosen = choose(client, ticket_type, 2)
        details = {"name": "Ada", "email": "ada@example.com", "payment_method": "free"}
        for _ in range(2):
            client.post(chosen["Location"], details)
    assert grown(before, outcomes(client)) == {"held": 1, "confirmed": 1}


def test_counts_forms_that_were_refused_by_the_reason(client, ticket_type):
    TicketStock.objects.filter(pk=ticket_type.pk).update(taken=10)
    before = outcomes(client)

    assert choose(client, ticket_type, 1).status_code == 409

    assert grown(before, outcomes(client)) == {"sold_out": 1}


def test_counts_no_booking_that_was_rolled_back(
    client, ticket_type, django_capture_on_commit_callbacks
):
    before = outcomes(client)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        hold_places(
            event=ticket_type.event, quantities={ticket_type.pk: 1}, idempotency_key=uuid.uuid4()
        )
        transaction.set_rollback(True)

    assert grown(before, outcomes(client)) == {}

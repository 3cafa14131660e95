"""What the host sets for bookings is said where people choose and confirm."""

import datetime as dt

import pytest
from django.urls import reverse

from bookings.access import booking_link
from events.templatetags.events import at_place
from tests.bookings.waiting import html_of
from tests.factories import (
    BookingFactory,
    EventFactory,
    HoldFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def ticket_type(event):
    return TicketTypeFactory(event=event)


def change(event, **fields):
    for field, value in fields.items():
        setattr(event, field, value)
    event.save()


def test_limits_are_said_beside_the_choice(client, event, ticket_type):
    page = reverse("bookings:create", args=[event.slug])
    assert "At most" not in html_of(client.get(page))

    change(event, max_tickets_per_booking=1, max_tickets_per_person=4)

    html = html_of(client.get(page))
    assert "At most 1 ticket a booking." in html
    assert "At most 4 tickets a person for this event" in html
    assert 'max="1"' in html


@pytest.mark.parametrize("hours", [0, 48])
def test_deadline_for_cancelling_is_said_in_the_events_time(client, event, ticket_type, hours):
    change(event, cancellation_hours=hours)
    hold = HoldFactory(event=event, tickets=[ticket_type])

    html = html_of(client.get(booking_link(hold, "bookings:confirm")))

    deadline = at_place(event.starts_at - dt.timedelta(hours=hours), event)
    assert f"You can cancel until {deadline}." in html


@pytest.mark.parametrize("hours", [None, 24 * 30])
def test_booking_that_nobody_can_cancel_any_more_says_so(client, event, ticket_type, hours):
    change(event, cancellation_hours=hours, starts_at=days_from_now(7))
    hold = HoldFactory(event=event, tickets=[ticket_type])

    html = html_of(client.get(booking_link(hold, "bookings:confirm")))

    assert "this booking cannot be cancelled" in html
    assert "You can cancel until" not in html


def test_more_than_a_person_may_have_is_a_conflict_and_what_was_typed_is_kept(
    client, event, ticket_type
):
    change(event, max_tickets_per_person=1)
    BookingFactory(event=event, tickets=[ticket_type], user=UserFactory(), email="ada@example.com")
    hold = HoldFactory(event=event, tickets=[ticket_type])
    details = {"name": "Ada", "email": "Ada+two@example.com", "payment_method": "free"}

    response = client.post(booking_link(hold, "bookings:confirm"), details)

    assert response.status_code == 409
    assert "At most one ticket a person for this event, over all bookings." in html_of(response)
    assert response.context["form"]["email"].value() == "Ada+two@example.com"

"""Checking in from the lists of attendees, a booking's page and a ticket's own."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from bookings.access import booking_link, ticket_link
from bookings.models import Booking, BookingStatus
from events.models import Event, HostMember
from tests.bookings.doors import at_door, event_with_door_staff, ticket_of, verdict
from tests.bookings.hosted import booked, page_of
from tests.factories import TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    return event_with_door_staff(client)


class TestList:
    def test_has_a_button_for_each_and_says_when_they_came(
        self, client: Client, event: Event
    ) -> None:
        ticket = ticket_of(booked(event))
        attendees = page_of(event, "hosted_attendees") + "?q=ada"

        response = client.post(
            page_of(event, "hosted_check_in", ticket.pk), {"next": attendees}, follow=True
        )

        assert response.redirect_chain == [(attendees, 302)]
        page = response.content.decode()
        assert "Ada Lovelace is checked in." in page
        assert re.search(r"In [\w ,]*\d\d:\d\d", page)

        undo = page_of(event, "hosted_undo_check_in", ticket.pk)
        page = client.post(undo, {"next": attendees}, follow=True).content.decode()
        assert "Ada Lovelace is no longer checked in." in page
        assert page_of(event, "hosted_check_in", ticket.pk) in page
        change = ticket.booking.changes.get()
        assert (change.role, change.actor.name) == ("host", "Bo Smith")

    def test_says_why_somebody_cannot_come_in(self, client: Client, event: Event) -> None:
        ticket = ticket_of(booked(event))
        address = page_of(event, "hosted_check_in", ticket.pk)
        client.post(address)

        page = client.post(address, follow=True).content.decode()

        assert "Ada Lovelace: Checked in already" in page

    @pytest.mark.parametrize("away", ["https://example.com/", "//example.com", "/hosting/", "\r\n"])
    def test_leads_back_to_pages_of_the_event_only(
        self, client: Client, event: Event, away: str
    ) -> None:
        ticket = ticket_of(booked(event))

        response = client.post(page_of(event, "hosted_check_in", ticket.pk), {"next": away})

        assert response["Location"] == page_of(event, "hosted_attendees")

    def test_filters_by_who_came(self, client: Client, event: Event) -> None:
        inside, outside = (ticket_of(booked(event)) for _ in range(2))
        at_door(client, event, inside.code)
        booked(event, status=BookingStatus.CANCELLED)

        def listed(**query: str) -> list[int]:
            rows = client.get(page_of(event, "hosted_attendees"), query).context["rows"]
            return [ticket.pk for ticket, _ in rows]

        assert listed(check_in="in") == [inside.pk]
        assert listed(check_in="out") == [outside.pk]
        assert listed(check_in="nonsense") == [outside.pk, inside.pk]

    def test_of_the_host_s_booking_page_has_the_buttons_too(
        self, client: Client, event: Event
    ) -> None:
        booking = booked(event, 2)
        first, second = booking.tickets.all()
        at_door(client, event, first.code)
        client.force_login(event.host.owner)

        page = client.get(page_of(event, "hosted_booking", booking.reference)).content.decode()

        assert page_of(event, "hosted_undo_check_in", first.pk) in page
        assert page_of(event, "hosted_check_in", second.pk) in page


class TestTicketPage:
    def test_offers_to_check_in_to_the_team_of_the_event_only(
        self, client: Client, event: Event
    ) -> None:
        ticket = ticket_of(booked(event))
        address = ticket_link(ticket)
        offer = f'action="{page_of(event, "hosted_door")}"'

        assert offer in client.get(address).content.decode()
        assert verdict(at_door(client, event, ticket.code)) == ("green", "Come in")
        for user in (UserFactory(), HostMember.objects.get().user):
            client.force_login(user)
            shown = client.get(address).content.decode()
            assert (offer in shown) is (user.name == "Bo Smith")
        client.logout()
        assert offer not in client.get(address).content.decode()

    def test_offers_it_for_tickets_that_are_valid_only(self, client: Client, event: Event) -> None:
        ticket = ticket_of(booked(event))
        Booking.objects.update(status=BookingStatus.CANCELLED, cancelled_at=timezone.now())

        shown = client.get(ticket_link(ticket)).content.decode()

        assert "no longer valid" in shown
        assert page_of(event, "hosted_door") not in shown


class TestTicketThatSomebodyCameInWith:
    def test_is_not_cancelled_or_moved_and_the_host_is_told_why(
        self, client: Client, event: Event
    ) -> None:
        ticket = ticket_of(booked(event))
        other = TicketTypeFactory(event=event, name="Balcony")
        at_door(client, event, ticket.code)
        client.force_login(event.host.owner)
        cancel = page_of(event, "hosted_cancel_booking", ticket.booking.reference)

        pages = [
            client.post(cancel, {"reason": "Ill"}, follow=True),
            client.post(page_of(event, "hosted_move", ticket.pk), {"ticket_type": other.pk}),
            client.post(booking_link(ticket.booking, "bookings:cancel"), follow=True),
        ]

        for page in pages:
            assert "unless the check-in is undone" in page.content.decode()
        assert Booking.objects.get().is_confirmed

"""What hosts see of all their events at a glance."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.models import BookingStatus, MessageState
from bookings.overview import Numbers
from events.models import Event, EventStatus, Host, HostMember, HostRole, TicketStock
from tests.bookings.hosted import booked, mail
from tests.factories import (
    BookingFactory,
    EventFactory,
    HoldFactory,
    HostFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
    verify,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client: Client) -> Any:
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def host(visitor: Any) -> Host:
    return HostFactory(owner=visitor)


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/hosting/{query}")
    assert response.status_code == 200
    return [event.title for event in response.context["page"]]


def numbers(client: Client) -> Numbers:
    [row] = client.get("/hosting/").context["hosted_events"]
    return row.numbers


def page_of(client: Client, query: str = "") -> str:
    return client.get(f"/hosting/{query}").content.decode()


class TestSections:
    @pytest.fixture(autouse=True)
    def events(self, host: Host) -> None:
        team = HostMember.objects.create(
            host=HostFactory(), user=host.owner, role=HostRole.MANAGER
        ).host
        for title, days, owner in (
            *[("Over", -9, host), ("Over later", -2, host)],
            *[("Later", 9, team), ("Soon", 3, host)],
        ):
            EventFactory(title=title, starts_at=days_from_now(days), host=owner)
        EventFactory(title="Draft", status=EventStatus.DRAFT, host=host)
        EventFactory(title="Cancelled", status=EventStatus.CANCELLED, host=host)
        EventFactory(title="Another host's")

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["Soon", "Later"]),
            ("?show=upcoming", ["Soon", "Later"]),
            ("?show=draft", ["Draft"]),
            ("?show=past", ["Over later", "Over"]),
            ("?show=cancelled", ["Cancelled"]),
            ("?show=nonsense", ["Soon", "Later"]),
        ],
    )
    def test_hold_own_and_team_s_events(
        self, client: Client, query: str, expected: list[str]
    ) -> None:
        assert titles(client, query) == expected

    def test_lead_to_where_a_draft_is_written_and_looked_at(self, client: Client) -> None:
        slug = Event.objects.get(title="Draft").slug

        page = page_of(client, "?show=draft")

        assert f'<h3><a href="/hosting/{slug}/edit/">Draft</a></h3>' in page
        assert f'href="/hosting/{slug}/preview/"' in page

    def test_say_how_many_there_are(self, client: Client) -> None:
        counts = client.get("/hosting/").context["counts"]

        assert counts == {"upcoming": 2, "draft": 1, "past": 2, "cancelled": 1}


def test_with_nothing_to_come_begins_with_what_there_is(client: Client, host: Host) -> None:
    EventFactory(title="Over", starts_at=days_from_now(-9), host=host)

    assert titles(client) == ["Over"]
    assert titles(client, "?show=upcoming") == []


def test_an_event_that_is_running_is_upcoming(client: Client, host: Host) -> None:
    now = timezone.now()
    hour = dt.timedelta(hours=1)
    EventFactory(title="Now", starts_at=now - hour, ends_at=now + hour, host=host)

    assert titles(client) == ["Now"]


class TestNumbers:
    def test_are_of_all_ticket_types_and_bookings(self, client: Client, host: Host) -> None:
        event = EventFactory(host=host)
        standing = TicketTypeFactory(event=event, capacity=10, price=12)
        seats = TicketTypeFactory(event=event, capacity=90, is_hidden=True)
        BookingFactory(event=event, tickets=[standing, standing], total=24)
        BookingFactory(event=event, tickets=[seats])
        HoldFactory(event=event, tickets=[standing], total=12)
        BookingFactory(event=event, status=BookingStatus.CANCELLED, total=99)
        TicketStock.objects.filter(pk=seats.pk).update(waiting=3)
        HostMember.objects.create(host=host, user=UserFactory(), role=HostRole.DOOR)

        found = numbers(client)

        assert (found.sold, found.held, found.capacity, found.waiting) == (3, 1, 100, 3)
        assert found.revenue == (("EUR", Decimal(24)),)
        page = page_of(client)
        assert "€24.00" in page
        assert "of 100, 1 held" in page

    def test_have_revenue_by_currency(self, client: Client, host: Host) -> None:
        event = TicketTypeFactory(event__host=host).event
        for total, currency in ((5, "USD"), (7, "EUR"), (8, "EUR")):
            booked(event, total=total, currency=currency).tickets.update(price=total)

        assert numbers(client).revenue == (("EUR", Decimal(15)), ("USD", Decimal(5)))

    def test_count_bookings_with_a_mail_that_failed_and_lead_to_them(
        self, client: Client, host: Host
    ) -> None:
        event = TicketTypeFactory(event__host=host).event
        twice, mended, fine = (booked(event) for _ in range(3))
        mail(twice, MessageState.FAILED)
        mail(twice, MessageState.FAILED, "reminder_day")
        mail(mended, MessageState.FAILED)
        mail(mended, MessageState.SENT)
        mail(fine, MessageState.SENT)

        assert numbers(client).failed_mails == 1
        assert f"/hosting/{event.slug}/bookings/?show=mail_failed" in page_of(client)

    def test_say_when_all_places_are_taken(self, client: Client, host: Host) -> None:
        TicketTypeFactory(event__host=host, capacity=4, taken=4)

        assert "Sold out" in page_of(client)


def test_door_staff_see_the_way_to_the_attendees_and_no_numbers(
    client: Client, visitor: Any
) -> None:
    event = TicketTypeFactory().event
    HostMember.objects.create(host=event.host, user=visitor, role=HostRole.DOOR)

    page = page_of(client)

    assert reverse("bookings:hosted_attendees", args=[event.slug]) in page
    assert reverse("bookings:hosted_bookings", args=[event.slug]) not in page
    assert reverse("events:hosted_team", args=[event.host.slug]) not in page
    assert reverse("events:hosting_new") not in page
    assert "Revenue" not in page


def test_managers_get_to_bookings_and_team(client: Client, visitor: Any) -> None:
    event = TicketTypeFactory().event
    HostMember.objects.create(host=event.host, user=visitor, role=HostRole.MANAGER)

    page = page_of(client)

    assert reverse("bookings:hosted_bookings", args=[event.slug]) in page
    assert reverse("events:hosted_team", args=[event.host.slug]) in page
    assert reverse("events:hosting_new") in page


def test_whoever_hosts_nothing_is_asked_to_become_a_host(client: Client, visitor: Any) -> None:
    EventFactory()
    verify(visitor)

    assert "/hosting/start/" in page_of(client)


def test_whoever_has_no_verified_address_is_told_to_confirm_it(
    client: Client, visitor: Any
) -> None:
    page = page_of(client)

    assert "Confirm your e-mail address first" in page
    assert "/accounts/email/" in page
    assert "/hosting/start/" not in page


def test_only_staff_get_links_to_edit_in_the_admin(
    client: Client, visitor: Any, host: Host
) -> None:
    event = EventFactory(host=host)
    link = f"/admin/events/event/{event.pk}/change/"

    assert link not in page_of(client)
    visitor.is_staff = True
    visitor.save()
    assert link in page_of(client)


def test_pages_keep_the_section(client: Client, host: Host) -> None:
    EventFactory.create_batch(13, host=host, starts_at=days_from_now(-9))

    assert "?show=past&amp;page=2" in page_of(client, "?show=past")
    assert len(titles(client, "?show=past&page=2")) == 1
    assert client.get("/hosting/?show=past&page=3").status_code == 404


def test_takes_as_many_queries_for_a_full_page_as_for_one_event(client: Client, host: Host) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client)
        return len([row for row in captured if "django_session" not in row["sql"]])

    booked(TicketTypeFactory(event__host=host).event, total=5)
    page_of(client)
    for_one = queries()
    for _ in range(12):
        booking = booked(TicketTypeFactory(event__host=host).event, total=5)
        mail(booking, MessageState.FAILED)
    team = HostFactory.create_batch(3)
    for other in team:
        HostMember.objects.create(host=other, user=host.owner, role=HostRole.MANAGER)
        TicketTypeFactory(event__host=other)

    # The account; its hosts; the sections; the page's number and its events; their places, holds,
    # failed mails and revenue.
    assert queries() == for_one <= 9

"""The list of an event's attendees."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.attendees import page_of_attendees
from bookings.models import Booking, BookingStatus, MessageState, PaymentMethod, Ticket
from bookings.ticket_codes import sign_ticket_code
from events.models import Event, HostMember, HostRole, TicketStock
from tests.bookings.hosted import booked, hosted_event, mail, page_of
from tests.factories import BookingFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(client, timezone="America/New_York")


def listed(client: Client, event: Event, **query: object) -> list[int]:
    response = client.get(page_of(event, "hosted_attendees"), query)
    assert response.status_code == 200
    return [ticket.pk for ticket, _ in response.context["rows"]]


def tickets(booking: Booking) -> list[int]:
    return [ticket.pk for ticket in booking.tickets.order_by("-pk")]


class TestSearch:
    @pytest.mark.parametrize(
        "searched", ["reference", "buyer", "email", "attendee", "holder", "code", "scanned"]
    )
    def test_finds_by_all_that_someone_may_say_or_show(
        self, client: Client, event: Event, searched: str
    ) -> None:
        booking, _ = booked(event, name="Grace Hopper", email="grace@example.org"), booked(event)
        booking.tickets.update(attendee_name="Blaise Pascal", holder_email="blaise@example.org")
        ticket = booking.tickets.get()
        words = {
            "reference": booking.reference.lower(),
            "buyer": "hopper",
            "email": "GRACE@example",
            "attendee": "pascal",
            "holder": "blaise@",
            "code": ticket.code_in_groups.lower(),
            "scanned": sign_ticket_code(ticket.code),
        }

        assert listed(client, event, q=words[searched]) == [ticket.pk]

    def test_takes_signs_that_mean_something_in_a_pattern_as_they_are(
        self, client: Client, event: Event
    ) -> None:
        booked(event)

        for text in ("%", "_", "\\", "'"):
            assert listed(client, event, q=text) == []

    def test_minds_no_capitals_of_any_language(self, client: Client, event: Event) -> None:
        booking = booked(event, name="Çağla ÖZİL")

        for text in ("özi", "ÇAĞLA", "ağl"):
            assert listed(client, event, q=text) == tickets(booking)

    def test_finds_all_where_many_are_alike(
        self, client: Client, event: Event, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bookings.querysets.MOST_KEYS", 1)
        alike = [booked(event, name=f"Grace {number}") for number in range(3)]
        booked(event)

        assert set(listed(client, event, q="grace")) == {
            ticket.pk for booking in alike for ticket in booking.tickets.all()
        }

    def test_says_when_nobody_is_like_that(self, client: Client, event: Event) -> None:
        booked(event)

        page = client.get(page_of(event, "hosted_attendees"), {"q": "nobody"}).content.decode()

        assert "No attendee is like that" in page


class TestFilters:
    def test_show_those_who_have_a_place_unless_asked_for_others(
        self, client: Client, event: Event
    ) -> None:
        rows = {
            status: booked(event, status=status, expires_at=timezone.now())
            for status in BookingStatus
        }

        for status, booking in rows.items():
            assert listed(client, event, status=status) == tickets(booking)
        assert listed(client, event) == [
            *tickets(rows[BookingStatus.CONFIRMED]),
            *tickets(rows[BookingStatus.PENDING]),
        ]

    def test_by_ticket_type_payment_and_mail(self, client: Client, event: Event) -> None:
        plain = booked(event)
        other = TicketTypeFactory(event=event, name="Balcony")
        balcony = BookingFactory(event=event, tickets=[other], payment_method=PaymentMethod.AT_DOOR)
        mail(plain, MessageState.FAILED)

        assert listed(client, event, type=other.pk) == tickets(balcony)
        assert listed(client, event, paid=PaymentMethod.AT_DOOR) == tickets(balcony)
        assert listed(client, event, mail_failed="on") == tickets(plain)

    def test_pass_over_what_makes_no_sense(self, client: Client, event: Event) -> None:
        booking = booked(event)
        foreign = TicketTypeFactory()

        for query in ({"type": foreign.pk}, {"type": "x"}, {"status": "x"}, {"q": "x" * 101}):
            assert listed(client, event, **query) == tickets(booking)


class TestPages:
    def test_walk_to_the_end_and_back_over_several_types(
        self, client: Client, event: Event
    ) -> None:
        other = TicketTypeFactory(event=event, name="Balcony", capacity=100)
        TicketStock.objects.update(capacity=200)
        first = event.ticket_types.exclude(pk=other.pk).get()
        BookingFactory(event=event, tickets=[first, other, other] * 40)
        address = page_of(event, "hosted_attendees")
        everyone = list(Ticket.objects.order_by("-pk").values_list("pk", flat=True))

        pages: list[list[int]] = []
        query: dict[str, int] | None = {}
        while query is not None:
            context = client.get(address, query).context
            pages.append([ticket.pk for ticket, _ in context["rows"]])
            older = context["page"].older
            query = {"after": older} if older else None
        back = client.get(address, {"before": pages[2][0]}).context

        assert [len(page) for page in pages] == [50, 50, 20]
        assert [key for page in pages for key in page] == everyone
        assert [ticket.pk for ticket, _ in back["rows"]] == pages[1]
        assert back["page"].newer == pages[1][0]
        assert client.get(address, {"before": pages[1][0]}).context["page"].newer is None

    @pytest.mark.parametrize("cursor", ["x", "-1", "1e3", "9" * 30])
    def test_that_were_made_up_are_not_there(
        self, client: Client, event: Event, cursor: str
    ) -> None:
        address = page_of(event, "hosted_attendees")

        assert client.get(address, {"after": cursor}).status_code == 404
        assert client.get(address, {"before": cursor}).status_code == 404

    def test_take_as_many_queries_for_fifty_attendees_as_for_one(
        self, client: Client, event: Event
    ) -> None:
        TicketStock.objects.update(capacity=100)
        counts = []
        for more in (1, 49):
            for _ in range(more):
                mail(booked(event), MessageState.FAILED)
            with CaptureQueriesContext(connection) as queries:
                assert len(listed(client, event)) >= more
            counts.append(sum("django_session" not in query["sql"] for query in queries))

        # The user, the event, its ticket types, keys, tickets, answers, whether one manages.
        assert counts[0] == counts[1] <= 7

    def test_are_answered_by_the_index_of_each_type(self, event: Event) -> None:
        ids = [event.ticket_types.get().pk, TicketTypeFactory(event=event).pk]
        with CaptureQueriesContext(connection) as queries:
            page_of_attendees(Ticket.objects.all(), ids, size=50, after=10**6)

        (keys, *_) = queries.captured_queries
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {keys['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert plan.count("ticket_by_type") == 2


class TestDoorStaff:
    def test_see_the_list_but_nothing_to_change(self, client: Client, event: Event) -> None:
        booking = booked(event, host_note="Knows the band.")
        user = UserFactory()
        HostMember.objects.create(host=event.host, user=user, role=HostRole.DOOR)
        client.force_login(user)

        page = client.get(page_of(event, "hosted_attendees")).content.decode()

        assert booking.reference in page
        for name in ("hosted_bookings", "hosted_add_attendee", "hosted_import"):
            assert page_of(event, name) not in page
        assert page_of(event, "hosted_attendees_csv") not in page


class TestNote:
    def test_is_kept_with_who_wrote_it_but_not_what(self, client: Client, event: Event) -> None:
        booking = booked(event)
        address = page_of(event, "hosted_note", booking.reference)

        page = client.post(address, {"host_note": "Needs a <chair>."}, follow=True)

        assert Booking.objects.get().host_note == "Needs a <chair>."
        assert "Needs a &lt;chair&gt;." in page.content.decode()
        assert (
            "Needs a &lt;chair&gt;."
            in client.get(page_of(event, "hosted_attendees")).content.decode()
        )
        change = booking.changes.get()
        assert (change.actor, change.reason) == (event.host.owner, "Another note.")

    def test_that_is_too_long_comes_back(self, client: Client, event: Event) -> None:
        booking = booked(event)
        address = page_of(event, "hosted_note", booking.reference)

        page = client.post(address, {"host_note": "long " * 201})

        assert page.status_code == 400
        assert "long long" in page.content.decode()
        assert Booking.objects.get().host_note == ""

    def test_is_nothing_for_the_buyer(self, client: Client, event: Event) -> None:
        booking = booked(event, host_note="Argued last time.")
        user = UserFactory()
        Booking.objects.update(user=user)
        client.force_login(user)

        assert "Argued" not in client.get(booking.get_absolute_url()).content.decode()

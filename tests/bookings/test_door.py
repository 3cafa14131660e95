"""The page at the door: a code lets somebody in, a name finds them."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.actors import SYSTEM
from bookings.models import Answer, Booking, BookingStatus, CheckIn, PaymentMethod, Ticket
from bookings.services.tickets import send_on_ticket
from bookings.ticket_codes import sign_ticket_code
from events.models import Event, EventStatus, TicketType
from tests.bookings.doors import at_door, event_with_door_staff, ticket_of, verdict
from tests.bookings.hosted import booked, page_of
from tests.factories import (
    BookingFactory,
    EventFactory,
    HoldFactory,
    QuestionFactory,
    TicketTypeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    return event_with_door_staff(client)


def count(page: str) -> str:
    found = re.search(r'class="door-count">(.*?)</p>', page, re.DOTALL)
    assert found
    return re.sub(r"<[^>]*>", "", found[1])


def buttons(page: str) -> list[int]:
    """The tickets that can be checked in by one."""
    return [int(pk) for pk in re.findall(r'name="ticket" value="(\d+)"', page)]


class TestCode:
    @pytest.mark.parametrize("form", ["scanned", "typed", "typed in lower case"])
    def test_lets_its_holder_in(self, client: Client, event: Event, form: str) -> None:
        ticket = ticket_of(booked(event))
        text = {
            "scanned": sign_ticket_code(ticket.code),
            "typed": ticket.code_in_groups,
            "typed in lower case": ticket.code.lower(),
        }[form]

        page = at_door(client, event, text)

        assert verdict(page) == ("green", "Come in")
        assert "Ada Lovelace" in page
        assert CheckIn.objects.get().ticket == ticket

    def test_of_a_ticket_that_was_used_says_when_and_by_whom(
        self, client: Client, event: Event
    ) -> None:
        code = ticket_of(booked(event)).code
        at_door(client, event, code, key=uuid.uuid4())

        page = at_door(client, event, code, key=uuid.uuid4())

        assert verdict(page) == ("yellow", "Already in")
        assert re.search(r"Checked in already: .*\d\d:\d\d, by Bo Smith\.", page)

    def test_sent_twice_by_one_form_is_answered_twice_alike(
        self, client: Client, event: Event
    ) -> None:
        code, key = ticket_of(booked(event)).code, uuid.uuid4()

        answers = [verdict(at_door(client, event, code, key=key)) for _ in range(2)]

        assert answers == [("green", "Come in")] * 2

    def test_shows_what_whoever_stands_there_has_to_know(
        self, client: Client, event: Event
    ) -> None:
        TicketType.objects.update(price=12)
        booking = booked(
            event, 2, payment_method=PaymentMethod.AT_DOOR, host_note="Sits in row <b>1</b>"
        )
        first, second = booking.tickets.all()
        diet = QuestionFactory(event=event, text="What do you eat?", is_per_ticket=True)
        Answer.objects.create(booking=booking, ticket=first, question=diet, text="No nuts")
        Answer.objects.create(booking=booking, ticket=second, question=diet, text="Anything")

        page = at_door(client, event, first.code)

        for words in ("Standard", booking.reference, "€12", "row &lt;b&gt;1&lt;/b&gt;", "No nuts"):
            assert words in page
        assert "Anything" not in page
        assert buttons(page) == [second.pk]

    def test_of_a_cancelled_booking_is_refused(self, client: Client, event: Event) -> None:
        booking = booked(event)
        Booking.objects.update(status=BookingStatus.CANCELLED)

        page = at_door(client, event, ticket_of(booking).code)

        assert verdict(page) == ("red", "Not valid")
        assert "The booking is cancelled." in page
        assert not CheckIn.objects.exists()

    def test_of_a_cancelled_event_is_refused(self, client: Client, event: Event) -> None:
        code = ticket_of(booked(event)).code
        Event.objects.update(status=EventStatus.CANCELLED)

        assert verdict(at_door(client, event, code)) == ("red", "Not valid")

    def test_of_another_event_is_refused_and_names_it_within_the_host_only(
        self, client: Client, event: Event
    ) -> None:
        told = {}
        for title, host in (("Matinee", event.host), ("Secret", EventFactory().host)):
            ticket_type = TicketTypeFactory(event__title=title, event__host=host)
            booking = BookingFactory(
                event=ticket_type.event, tickets=[ticket_type], name="Hidden Person"
            )
            told[title] = at_door(client, event, ticket_of(booking).code)

        assert {verdict(page) for page in told.values()} == {("red", "Another event")}
        assert "“Matinee”" in told["Matinee"]
        assert "Secret" not in told["Secret"]
        assert not any(name in told["Secret"] for name in ("Hidden", "Ada Lovelace"))

    def test_that_is_void_says_that_there_is_a_new_one(self, client: Client, event: Event) -> None:
        ticket = ticket_of(booked(event))
        new = send_on_ticket(ticket=ticket, name="Bo", email="bo@example.com", by=SYSTEM)

        page = at_door(client, event, ticket.code)
        assert verdict(page) == ("red", "Not valid")
        assert "has a new code" in page
        assert verdict(at_door(client, event, new.code)) == ("green", "Come in")

    def test_that_is_forged_is_told_to_be(self, client: Client, event: Event) -> None:
        signed = sign_ticket_code(ticket_of(booked(event)).code)
        forged = signed[:-1] + ("1" if signed[-1] == "0" else "0")

        page = at_door(client, event, forged)

        assert verdict(page) == ("red", "Not valid")
        assert "was not issued here" in page


class TestName:
    def test_finds_attendees_with_a_button_each(self, client: Client, event: Event) -> None:
        grace = ticket_of(booked(event, name="Grace Hopper", email="grace@example.org"))
        ada = ticket_of(booked(event))
        Ticket.objects.filter(pk=grace.pk).update(attendee_name="Grace Hopper")

        for text in ("grace", "HOPPER", "grace@example.org", grace.booking.reference):
            page = at_door(client, event, text)
            assert verdict(page) is None
            assert buttons(page) == [grace.pk]
        page = at_door(client, event, ticket=grace.pk)

        assert verdict(page) == ("green", "Come in")
        assert not CheckIn.objects.filter(ticket=ada).exists()

    def test_of_sixteen_letters_that_could_be_a_code_is_still_a_name(
        self, client: Client, event: Event
    ) -> None:
        ticket = ticket_of(booked(event))
        Ticket.objects.update(attendee_name="Katharina Schmidt")

        assert buttons(at_door(client, event, "Katharina Schmidt")) == [ticket.pk]

    def test_shows_who_is_in_and_who_cancelled_without_a_button(
        self, client: Client, event: Event
    ) -> None:
        inside, outside, cancelled = (ticket_of(booked(event)) for _ in range(3))
        at_door(client, event, inside.code)
        Booking.objects.filter(tickets=cancelled).update(status=BookingStatus.CANCELLED)

        page = at_door(client, event, "lovelace")

        assert buttons(page) == [outside.pk]
        assert page.count("<li>\n        <p>") == 3
        assert re.search(r"In [\w ,]*\d\d:\d\d", page)
        assert "Cancelled" in page

    def test_of_many_shows_some_and_says_that_there_are_more(
        self, client: Client, event: Event
    ) -> None:
        BookingFactory(event=event, tickets=[TicketTypeFactory(event=event, capacity=50)] * 25)

        page = at_door(client, event, "ada")

        assert len(buttons(page)) == 20
        assert "There are more" in page

    def test_of_nobody_says_so(self, client: Client, event: Event) -> None:
        booked(event)

        assert verdict(at_door(client, event, "Charles Babbage")) == ("red", "Not found")
        for text in ("%", "_", "'", "\\"):
            assert verdict(at_door(client, event, text)) == ("red", "Not found")

    def test_finds_nobody_of_other_events(self, client: Client, event: Event) -> None:
        other = TicketTypeFactory(event__host=event.host)
        ticket = ticket_of(BookingFactory(event=other.event, tickets=[other]))

        assert verdict(at_door(client, event, "lovelace")) == ("red", "Not found")
        response = client.post(page_of(event, "hosted_door"), {"ticket": ticket.pk})
        assert response.status_code == 404


class TestPage:
    def test_counts_who_is_in(self, client: Client, event: Event) -> None:
        first, *_ = [ticket_of(booked(event, 2)) for _ in range(2)]
        HoldFactory(event=event, tickets=[event.ticket_types.get()])

        before = client.get(page_of(event, "hosted_door")).content.decode()
        after = at_door(client, event, first.code)

        assert (count(before), count(after)) == ("0 of 4 in", "1 of 4 in")

    def test_waits_for_the_next_one_with_an_empty_field_that_has_the_focus(
        self, client: Client, event: Event
    ) -> None:
        code = ticket_of(booked(event)).code

        field = re.search(r"<input[^>]*name=\"text\"[^>]*>", at_door(client, event, code))

        assert field
        assert "autofocus" in field[0]
        assert "value=" not in field[0]

    @pytest.mark.parametrize(
        "sent", [{}, {"text": "   "}, {"text": "x" * 201}, {"ticket": "x"}, {"key": "x"}]
    )
    def test_asks_again_after_what_it_cannot_read(
        self, client: Client, event: Event, sent: dict[str, str]
    ) -> None:
        response = client.post(page_of(event, "hosted_door"), sent)

        assert response.status_code == 400
        assert 'name="text"' in response.content.decode()
        assert sent.get("text", "").strip() in response.content.decode()

    def test_lets_somebody_in_by_few_queries_however_many_came(
        self, client: Client, event: Event
    ) -> None:
        counts = []
        for tickets in (1, 9):
            ticket_type = TicketTypeFactory(event=event, capacity=50)
            booking = BookingFactory(event=event, tickets=[ticket_type] * tickets)
            code = ticket_of(booking).code
            with CaptureQueriesContext(connection) as queries:
                at_door(client, event, code)
            counts.append(len(queries))

        # Session, user, event; the ticket; to let in (8 with savepoints); answers, the rest of the
        # booking; three for the count, one for the role.
        assert counts[0] == counts[1] <= 18

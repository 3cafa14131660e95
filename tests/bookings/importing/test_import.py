"""Importing attendees: all of a file, or nothing of it."""

from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress

from bookings.actors import SYSTEM, Actor, ActorRole
from bookings.exceptions import BookingError, Refusal
from bookings.importing import copying
from bookings.models import (
    AttendeeImport,
    Booking,
    BookingStatus,
    ImportState,
    Message,
    PaymentMethod,
    Ticket,
)
from bookings.services.attendee_imports import (
    ImportRefused,
    carry_out,
    import_at_once,
    start_import,
)
from bookings.services.verification import find_differences
from events.models import Event, EventStatus, TicketStock, TicketType
from tests.bookings.importing.files import attendees, file_of
from tests.factories import HoldFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket_type() -> TicketType:
    return TicketTypeFactory(capacity=50, price=Decimal("12.50"))


def take(ticket_type: TicketType, content: bytes, *, is_free: bool = False) -> int:
    return import_at_once(
        event=ticket_type.event,
        file_name="guests.csv",
        content=content,
        is_free=is_free,
        by=SYSTEM,
        progress=lambda rows: None,
    )


def refused(ticket_type: TicketType, content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(ImportRefused) as caught:
        take(ticket_type, content)
    assert not Booking.objects.exists()
    assert not AttendeeImport.objects.exists()
    assert find_differences() == []
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_books_one_ticket_for_each_line(ticket_type: TicketType) -> None:
    other = TicketTypeFactory(event=ticket_type.event, name="Helper")

    assert take(ticket_type, file_of([*attendees(3), "Grace,grace@example.com,Helper"])) == 4

    bookings = Booking.objects.order_by("pk")
    assert [booking.name for booking in bookings] == [
        *("Attendee 0", "Attendee 1", "Attendee 2"),
        "Grace",
    ]
    assert {booking.status for booking in bookings} == {BookingStatus.CONFIRMED}
    assert [booking.total for booking in bookings] == [Decimal("12.50")] * 3 + [0]
    assert {booking.payment_method for booking in bookings[:3]} == {PaymentMethod.AT_DOOR}
    assert bookings[3].payment_method == PaymentMethod.FREE
    assert len({booking.reference for booking in bookings}) == 4
    for booking in bookings:
        ticket, change = booking.tickets.get(), booking.changes.get()
        assert ticket.attendee_name == booking.name
        assert (change.before, change.after) == ("", BookingStatus.CONFIRMED)
        assert change.reason == "Imported from guests.csv."
    assert TicketStock.objects.get(pk=ticket_type.pk).taken == 3
    assert TicketStock.objects.get(pk=other.pk).taken == 1
    assert find_differences() == []
    assert not Message.objects.exists()


def test_can_be_free_of_charge(ticket_type: TicketType) -> None:
    Event.objects.update(allows_pay_at_door=False)

    take(ticket_type, file_of(attendees(1)), is_free=True)

    assert (Booking.objects.get().total, Ticket.objects.get().price) == (0, 0)


def test_bookings_belong_to_accounts_that_have_proven_the_address(ticket_type: TicketType) -> None:
    known, claimed = UserFactory(), UserFactory()
    EmailAddress.objects.create(user=known, email="Ada@example.com", verified=True)
    EmailAddress.objects.create(user=claimed, email="eve@example.com", verified=False)

    take(ticket_type, file_of(["Ada,ada@EXAMPLE.com,", "Eve,eve@example.com,"]))

    assert {booking.name: booking.user for booking in Booking.objects.all()} == {
        "Ada": known,
        "Eve": None,
    }


def test_one_line_that_cannot_be_taken_keeps_all_out(ticket_type: TicketType) -> None:
    lines = attendees(10)
    lines[3], lines[8] = "Ada,nobody,Standard", ",ada@example.com,Standard"

    assert refused(ticket_type, file_of(lines)) == [
        (5, "“nobody” is not an e-mail address."),
        (10, "The name is missing."),
    ]


def test_more_than_there_are_places_for_are_refused_with_the_numbers(
    ticket_type: TicketType,
) -> None:
    assert refused(ticket_type, file_of(attendees(51))) == [
        (0, "Standard, of which the file has 51: Only 50 left now.")
    ]


def test_a_failure_at_the_last_step_leaves_nothing(
    ticket_type: TicketType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookings.services.attendee_imports.check_left", lambda quantities: None)

    ((line, message),) = refused(ticket_type, file_of(attendees(51)))

    assert line == 0
    assert message.startswith("Others have taken places meanwhile.")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("allows_pay_at_door", False, "takes no payment at the door"),
        ("status", EventStatus.CANCELLED, "This event was cancelled."),
    ],
)
def test_what_the_event_does_not_allow_is_refused(
    ticket_type: TicketType, field: str, value: object, told: str
) -> None:
    setattr(ticket_type.event, field, value)
    ticket_type.event.save()

    with pytest.raises((ImportRefused, BookingError), match=told):
        take(ticket_type, file_of(attendees(1)))
    assert not Booking.objects.exists()


def test_places_of_holds_that_ran_out_are_free(ticket_type: TicketType) -> None:
    HoldFactory(
        event=ticket_type.event,
        tickets=[ticket_type] * 50,
        expires_at=ticket_type.event.created_at,
    )

    assert take(ticket_type, file_of(attendees(50))) == 50
    assert find_differences() == []


def test_a_file_is_taken_once(ticket_type: TicketType) -> None:
    content = file_of(attendees(2))
    take(ticket_type, content)

    with pytest.raises(BookingError) as caught:
        take(ticket_type, content)

    assert caught.value.code is Refusal.IMPORTED_ALREADY
    assert Booking.objects.count() == 2
    assert take(TicketTypeFactory(), content) == 2


def test_progress_is_told_of_every_row(ticket_type: TicketType) -> None:
    told: list[int] = []
    TicketStock.objects.update(capacity=3000)

    import_at_once(
        event=ticket_type.event,
        file_name="guests.csv",
        content=file_of(attendees(2500)),
        is_free=True,
        by=SYSTEM,
        progress=told.append,
    )

    assert sum(told) == 2500 * (1 + copying.TABLES)
    assert len([rows for rows in told if rows]) >= 12


def test_references_that_are_taken_are_drawn_again(
    ticket_type: TicketType, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = HoldFactory(event=ticket_type.event).reference
    drawn = iter([taken, "AAAAAAAA", "AAAAAAAA", taken, "BBBBBBBB"])
    monkeypatch.setattr(copying, "make_reference", lambda: next(drawn))

    assert copying.new_references(2) == {"AAAAAAAA", "BBBBBBBB"}


class TestJob:
    @pytest.fixture
    def host(self, ticket_type: TicketType) -> Actor:
        return Actor.host(ticket_type.event.host.owner)

    def start(self, ticket_type: TicketType, host: Actor, content: bytes) -> AttendeeImport:
        return start_import(
            event=ticket_type.event,
            file_name="guests.csv",
            content=content,
            is_free=True,
            by=host,
        )

    def test_imports_as_who_sent_the_file_and_forgets_the_file(
        self, ticket_type: TicketType, host: Actor
    ) -> None:
        attendee_import = self.start(ticket_type, host, file_of(attendees(3)))

        carry_out(attendee_import)

        attendee_import.refresh_from_db()
        assert (attendee_import.state, attendee_import.attendees) == (ImportState.DONE, 3)
        assert bytes(attendee_import.content) == b""
        change = Booking.objects.first().changes.get()
        assert (change.role, change.actor) == (ActorRole.HOST, host.user)

    def test_that_runs_twice_imports_once(self, ticket_type: TicketType, host: Actor) -> None:
        attendee_import = self.start(ticket_type, host, file_of(attendees(3)))

        carry_out(attendee_import)
        carry_out(attendee_import)

        assert Booking.objects.count() == 3

    def test_keeps_the_first_problems_and_how_many_there_are(
        self, ticket_type: TicketType, host: Actor
    ) -> None:
        attendee_import = self.start(ticket_type, host, file_of(["Ada,x,Standard"] * 250))

        carry_out(attendee_import)

        attendee_import.refresh_from_db()
        assert attendee_import.state == ImportState.REFUSED
        assert attendee_import.problem_count == 250
        assert len(attendee_import.problems) == 200
        assert attendee_import.problems[0] == [2, "“x” is not an e-mail address."]
        assert not Booking.objects.exists()

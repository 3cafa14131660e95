"""Attendees as a file to take along."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import psutil
import pytest
from django.db import connection
from django.test import Client

from bookings.actors import SYSTEM
from bookings.importing.attendees import Attendee
from bookings.importing.copying import Terms, copy_attendees
from bookings.models import Answer, CheckIn, CheckInWay, Question
from events.localtime import local_minute
from events.models import Event
from tests.alongside import Alongside
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.factories import BookingFactory, TicketTypeFactory
from tests.spreadsheet import cells_of, sheet_of

pytestmark = pytest.mark.django_db

MANY = 50_000
MEGABYTES = 1_000_000


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(client, timezone="America/New_York")


def downloaded(client: Client, event: Event, kind: str, **query: object) -> bytes:
    response = client.get(page_of(event, f"hosted_attendees_{kind}"), query)
    assert response.status_code == 200
    assert f'filename="{event.slug}.{kind}"' in response.headers["Content-Disposition"]
    return b"".join(response.streaming_content)


def rows_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture(params=["csv", "xlsx"])
def table(request: pytest.FixtureRequest, client: Client) -> Callable[..., list[list[str]]]:
    def read(event: Event, **query: object) -> list[list[str]]:
        content = downloaded(client, event, request.param, **query)
        return rows_of_csv(content) if request.param == "csv" else cells_of(content)

    return read


def test_has_who_comes_by_ticket_type_but_no_codes(
    event: Event, table: Callable[..., list[list[str]]]
) -> None:
    early = booked(event, 2)
    other = TicketTypeFactory(event=event, name="Balcony", position=1)
    late = BookingFactory(event=event, tickets=[other], name="Grace Hopper")
    booked(TicketTypeFactory().event)

    header, *rows = table(event)

    assert header[:4] == ["attendee", "ticket type", "status", "booking"]
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("Ada Lovelace", "Standard", early.reference),
        ("Ada Lovelace", "Standard", early.reference),
        ("Ada Lovelace", "Balcony", late.reference),
    ]
    codes = {ticket.code for ticket in early.tickets.all()}
    assert not codes & {cell for row in rows for cell in row}


def test_says_when_somebody_came(event: Event, table: Callable[..., list[list[str]]]) -> None:
    inside = booked(event, 2).tickets.all()[0]
    at = dt.datetime(2026, 7, 4, 18, 42, 7, tzinfo=dt.UTC)
    CheckIn.objects.create(ticket=inside, event=event, how=CheckInWay.CODE, checked_in_at=at)

    header, first, second = table(event)

    assert "checked in" in header
    here = local_minute(at, event.timezone)
    assert here in first
    assert here not in second
    assert len(table(event, check_in="in")) == len(table(event, check_in="out")) == 2


def test_has_what_the_list_shows_with_the_same_filters(
    event: Event, table: Callable[..., list[list[str]]]
) -> None:
    booked(event)
    grace = booked(event, name="Grace Hopper")
    grace.tickets.update(attendee_name="")

    _, row = table(event, q="grace")

    assert row[0] == "Grace Hopper"


def test_has_a_column_for_each_question(
    event: Event, table: Callable[..., list[list[str]]]
) -> None:
    question = Question.objects.create(event=event, text="What do you eat?")
    booking = booked(event)
    Answer.objects.create(booking=booking, question=question, text="Everything")

    header, row = table(event)

    assert header[-1] == "What do you eat?"
    assert row[-1] == "Everything"


def test_runs_no_formula_that_somebody_typed(client: Client, event: Event) -> None:
    formula = '=HYPERLINK("https://evil.example","Click")'
    question = Question.objects.create(event=event, text="@SUM(1+1)")
    booking = booked(event, name=formula, host_note="+1+1")
    booking.tickets.update(attendee_name=formula)
    Answer.objects.create(booking=booking, question=question, text="-2+3")

    cells = {cell for row in rows_of_csv(downloaded(client, event, "csv")) for cell in row}
    sheet = sheet_of(downloaded(client, event, "xlsx"))

    assert {f"'{formula}", "'+1+1", "'-2+3", "'@SUM(1+1)"} <= cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert b"<f>" not in sheet


@pytest.mark.django_db(transaction=True)
def test_holds_no_connection_while_somebody_reads_slowly(client: Client, event: Event) -> None:
    Question.objects.create(event=event, text="What do you eat?")
    booked(event, 2)

    response = client.get(page_of(event, "hosted_attendees_csv"))
    held = [connection.connection for line in response.streaming_content if b"Ada" in line]

    assert held == [None, None]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_of_fifty_thousand_takes_little_memory(
    client: Client, event: Event, kind: str, record_property: Callable[[str, object], None]
) -> None:
    many(event)
    response = client.get(page_of(event, f"hosted_attendees_{kind}"))
    with GrownBy() as grown:
        size = sum(len(chunk) for chunk in response.streaming_content)

    record_property("figure", f"{MANY} attendees as {kind}: {grown.most / MEGABYTES:.0f} MB more")
    assert size > MANY * 10
    assert grown.most < 60 * MEGABYTES


class GrownBy(Alongside):
    """By how many bytes this process has grown at most, while its block runs."""

    def __init__(self) -> None:
        super().__init__()
        self._process = psutil.Process()
        self._before = self._process.memory_info().rss
        self.most = 0

    def look(self) -> None:
        self.most = max(self.most, self._process.memory_info().rss - self._before)


def many(event: Event) -> None:
    ticket_type = event.ticket_types.get()
    copy_attendees(
        [
            Attendee(line, f"Attendee {line}", f"a{line}@example.com", ticket_type.pk)
            for line in range(MANY)
        ],
        Terms(
            event=event,
            ticket_types={ticket_type.pk: ticket_type},
            is_free=True,
            by=SYSTEM,
            reason="For a test.",
        ),
        lambda rows: None,
    )

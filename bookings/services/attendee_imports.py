"""Importing attendees from a file: all of them, or, with the reason at each line, none."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice

from django.db import IntegrityError, connections, transaction
from django.db.models import Exists, OuterRef, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.errors import UniqueViolation

from bookings.actors import Actor
from bookings.exceptions import BookingError, Refusal, refusal
from bookings.importing.attendees import (
    MOST_ROWS,
    Attendee,
    LineProblem,
    UnreadableAttendeeFile,
    read_attendees,
    text_of,
)
from bookings.importing.copying import BATCH, TABLES, Progress, Terms, copy_attendees
from bookings.metrics import count_change
from bookings.models import AttendeeImport, BookingStatus, ImportState
from bookings.models.attendee_import import ONCE_A_FILE, UNDER_WAY
from bookings.services.choice import check_open
from bookings.services.expiry import release_overdue_holds
from bookings.services.inventory import TooFewLeft, check_left, claim_places
from events.models import Event, TicketType

JOB = "bookings.import_attendees"
PROBLEMS_KEPT = 200
READING = 1  # steps a line, beside those of writing


class ImportRefused(Exception):
    """Nothing was written; ``problems`` say why. Those of line 0 are about the file as a whole."""

    def __init__(self, *problems: LineProblem) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


def start_import(
    *, event: Event, file_name: str, content: bytes, is_free: bool, by: Actor
) -> AttendeeImport:
    """Keep a file, and have a job import it. Raises BookingError: IMPORTED_ALREADY for the very
    file that was imported for this event before, or what check_open finds.
    """
    attendee_import = _write(event, file_name, content, is_free=is_free, by=by)
    with transaction.atomic():
        attendee_import.save()
        app.configure_task(JOB).defer(import_id=attendee_import.pk)
    return attendee_import


def try_again(*, attendee_import: AttendeeImport) -> None:
    """Have a job carry out an import that failed. Any other stays as it is."""
    failed = AttendeeImport.objects.filter(pk=attendee_import.pk, state=ImportState.FAILED)
    with transaction.atomic():
        if failed.update(state=ImportState.QUEUED, steps_done=0, finished_at=None):
            app.configure_task(JOB).defer(import_id=attendee_import.pk)


def fail_lost_imports() -> int:
    """Mark imports as failed that no job will carry out any more. Returns how many."""
    jobs = ProcrastinateJob.objects.alias(about=KeyTextTransform("import_id", "args")).filter(
        task_name=JOB, status__in=["todo", "doing"], about=Cast(OuterRef("pk"), TextField())
    )
    lost = AttendeeImport.objects.filter(~Exists(jobs), state__in=UNDER_WAY)
    return lost.update(state=ImportState.FAILED, finished_at=timezone.now())


def import_at_once(
    *, event: Event, file_name: str, content: bytes, is_free: bool, by: Actor, progress: Progress
) -> int:
    """The same without a job. Returns how many attendees came. Raises ImportRefused, and what
    start_import does.
    """
    attendee_import = _write(event, file_name, content, is_free=is_free, by=by)
    attendees = _read(attendee_import, progress)

    def finish() -> None:
        attendee_import.content = b""
        attendee_import.state = ImportState.DONE
        attendee_import.attendees = len(attendees)
        attendee_import.finished_at = timezone.now()
        attendee_import.save()

    _import(attendee_import, attendees, progress, finish)
    return len(attendees)


def carry_out(attendee_import: AttendeeImport) -> None:
    """Do an import, and keep what came of it. One that has ended stays as it is."""
    imports = AttendeeImport.objects.filter(pk=attendee_import.pk)
    going = imports.filter(state__in=UNDER_WAY)
    steps = steps_of(bytes(attendee_import.content))
    if not going.update(state=ImportState.RUNNING, steps=steps, steps_done=0):
        return
    try:
        with _shown_progress(attendee_import) as progress:
            attendees = _read(attendee_import, progress)
            finish = partial(_finish, attendee_import, len(attendees))
            _import(attendee_import, attendees, progress, finish)
    except ImportRefused as refused:
        going.update(
            state=ImportState.REFUSED,
            problem_count=len(refused.problems),
            problems=[
                [problem.line, problem.message]
                for problem in islice(refused.problems, PROBLEMS_KEPT)
            ],
            content=b"",
            finished_at=timezone.now(),
        )


def steps_of(content: bytes) -> int:
    """How many rows a whole import tells its progress of, about."""
    return content.count(b"\n") * (READING + TABLES)


def _write(
    event: Event, file_name: str, content: bytes, *, is_free: bool, by: Actor
) -> AttendeeImport:
    check_open(event)
    attendee_import = AttendeeImport(
        event=event,
        file_name=file_name[:200],
        content=content,
        fingerprint=hashlib.sha256(content).hexdigest(),
        is_free=is_free,
        by=by.user,
        role=by.role,
    )
    _check_new(attendee_import)
    return attendee_import


def _check_new(attendee_import: AttendeeImport) -> None:
    done = AttendeeImport.objects.filter(event=attendee_import.event_id, state=ImportState.DONE)
    if done.filter(fingerprint=attendee_import.fingerprint).exists():
        raise _imported_already()


def _imported_already() -> BookingError:
    return refusal(
        Refusal.IMPORTED_ALREADY, "This very file was imported before: nobody was added."
    )


def _read(attendee_import: AttendeeImport, progress: Progress) -> list[Attendee]:
    """Raises ImportRefused with every line that cannot be taken."""
    attendees: list[Attendee] = []
    problems: list[LineProblem] = []
    try:
        text = text_of(bytes(attendee_import.content))
        ticket_types = attendee_import.event.ticket_types.filter(stock__isnull=False)
        for row in read_attendees(text, ticket_types):
            if isinstance(row, LineProblem):
                problems.append(row)
            else:
                attendees.append(row)
            rows = len(attendees) + len(problems)
            if rows > MOST_ROWS:
                raise ImportRefused(LineProblem(0, f"At most {MOST_ROWS:,} attendees a file."))
            if rows % BATCH == 0:
                progress(BATCH)
    except UnreadableAttendeeFile as error:
        raise ImportRefused(LineProblem(0, str(error))) from None
    progress((len(attendees) + len(problems)) % BATCH)
    if problems:
        raise ImportRefused(*problems)
    return attendees


def _import(
    attendee_import: AttendeeImport,
    attendees: Sequence[Attendee],
    progress: Progress,
    finish: Callable[[], None],
) -> None:
    """In one transaction, which ends with the claim of all places."""
    quantities = Counter(attendee.ticket_type_id for attendee in attendees)
    terms = _terms(attendee_import, quantities)
    release_overdue_holds(ticket_type_ids=list(quantities))
    try:
        check_open(terms.event)
        _check_new(attendee_import)
        check_left(quantities)
        with transaction.atomic():
            copy_attendees(attendees, terms, progress)
            count_change(BookingStatus.CONFIRMED, bookings=len(attendees))
            finish()
            claim_places(quantities)
    except BookingError as error:
        raise ImportRefused(
            *(
                _about_type(problem.message, problem.ticket_type_id, terms, quantities)
                for problem in error.problems
            )
        ) from None
    except TooFewLeft:
        raise ImportRefused(
            LineProblem(0, "Others have taken places meanwhile. Please look what is left.")
        ) from None
    except IntegrityError as error:
        if not _is_of_same_file(error):
            raise
        raise ImportRefused(LineProblem(0, str(_imported_already()))) from None


def _is_of_same_file(error: IntegrityError) -> bool:
    """Whether another import of the very file has ended a moment before this one."""
    cause = error.__cause__
    return isinstance(cause, UniqueViolation) and cause.diag.constraint_name == ONCE_A_FILE


def _terms(attendee_import: AttendeeImport, quantities: Counter[int]) -> Terms:
    """Raises ImportRefused where tickets of a type cannot be paid."""
    event = attendee_import.event
    terms = Terms(
        event=event,
        ticket_types=TicketType.objects.filter(event=event).in_bulk(list(quantities)),
        is_free=attendee_import.is_free,
        by=attendee_import.actor,
        reason=f"Imported from {attendee_import.file_name}.",
    )
    if any(terms.payment_method_of(pk) is None for pk in quantities):
        raise ImportRefused(
            LineProblem(0, "This event takes no payment at the door: import them free of charge.")
        )
    return terms


def _finish(attendee_import: AttendeeImport, count: int) -> None:
    """Only once, whatever runs twice: the second transaction to come here is rolled back."""
    going = AttendeeImport.objects.filter(pk=attendee_import.pk, state__in=UNDER_WAY)
    ended = going.update(
        state=ImportState.DONE, attendees=count, content=b"", finished_at=timezone.now()
    )
    if not ended:
        raise ImportRefused(LineProblem(0, "This import has ended already."))


def _about_type(
    message: str, ticket_type_id: int | None, terms: Terms, quantities: Counter[int]
) -> LineProblem:
    if ticket_type_id is None:
        return LineProblem(0, message)
    name, wanted = terms.ticket_types[ticket_type_id].name, quantities[ticket_type_id]
    return LineProblem(0, f"{name}, of which the file has {wanted}: {message}")


@contextmanager
def _shown_progress(attendee_import: AttendeeImport) -> Iterator[Progress]:
    """Progress that others see at once: on a connection beside that of the transaction, which
    nobody can look into.
    """
    done = 0

    with closing(connections.create_connection("default")) as beside:

        def tell(rows: int) -> None:
            nonlocal done
            done += rows
            with beside.cursor() as cursor:
                cursor.execute(
                    "UPDATE bookings_attendeeimport SET steps_done = %s WHERE id = %s",
                    [done, attendee_import.pk],
                )

        yield tell

"""Imports that failed, and files that come twice."""

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.actors import Actor
from bookings.models import AttendeeImport, Booking, ImportState
from bookings.services import attendee_imports
from bookings.services.attendee_imports import carry_out, fail_lost_imports, start_import
from events.models import Event
from tests.bookings.hosted import hosted_event, page_of
from tests.bookings.importing.files import attendees, file_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(client)


def started(event: Event, content: bytes = b"") -> AttendeeImport:
    return start_import(
        event=event,
        file_name="guests.csv",
        content=content or file_of(attendees(2)),
        is_free=True,
        by=Actor.host(event.host.owner),
    )


def end_jobs(status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s", [status])


def failed(event: Event) -> AttendeeImport:
    attendee_import = started(event)
    end_jobs("failed")
    fail_lost_imports()
    attendee_import.refresh_from_db()
    return attendee_import


class TestFailed:
    @pytest.mark.parametrize(
        ("job", "state"),
        [("todo", "queued"), ("doing", "queued"), ("failed", "failed"), ("aborted", "failed")],
    )
    def test_is_one_that_no_job_will_carry_out(self, event: Event, job: str, state: str) -> None:
        attendee_import = started(event)
        end_jobs(job)

        fail_lost_imports()

        attendee_import.refresh_from_db()
        assert attendee_import.state == state

    def test_is_none_that_has_ended(self, event: Event) -> None:
        attendee_import = started(event)
        carry_out(attendee_import)
        end_jobs("succeeded")

        assert fail_lost_imports() == 0

    def test_says_so_and_can_be_tried_again(self, client: Client, event: Event) -> None:
        attendee_import = failed(event)
        watched = page_of(event, "hosted_import_watch", attendee_import.pk)
        again = page_of(event, "hosted_import_again", attendee_import.pk)

        page = client.get(watched).content.decode()
        assert "nobody was added" in page
        assert f'action="{again}"' in page
        assert "hx-get" not in page
        assert "Failed" in client.get(page_of(event, "hosted_import")).content.decode()

        page = client.post(again, follow=True).content.decode()
        assert "Waiting for its turn" in page
        job = ProcrastinateJob.objects.get(status="todo")
        assert job.args == {"import_id": attendee_import.pk}

        carry_out(attendee_import)
        assert Booking.objects.filter(event=event).count() == 2

    def test_is_tried_again_once_whoever_asks_twice(self, client: Client, event: Event) -> None:
        attendee_import = failed(event)

        for _ in range(2):
            client.post(page_of(event, "hosted_import_again", attendee_import.pk))

        assert ProcrastinateJob.objects.filter(status="todo").count() == 1

    def test_is_not_what_was_refused(self, client: Client, event: Event) -> None:
        attendee_import = started(event, file_of(["Ada,x,"]))
        carry_out(attendee_import)

        client.post(page_of(event, "hosted_import_again", attendee_import.pk))

        attendee_import.refresh_from_db()
        assert attendee_import.state == ImportState.REFUSED


class TestTheSameFileTwice:
    def came_of_the_second(self, event: Event) -> str:
        first, second = started(event), started(event)
        carry_out(first)
        carry_out(second)

        assert Booking.objects.filter(event=event).count() == 2
        second.refresh_from_db()
        assert second.state == ImportState.REFUSED
        ((line, problem),) = second.problems
        assert line == 0
        return str(problem)

    def test_brings_nobody_twice(self, event: Event) -> None:
        assert "was imported before" in self.came_of_the_second(event)

    def test_brings_nobody_twice_at_once(
        self, event: Event, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As where the first one ends after the second has looked whether there is such a one."""
        monkeypatch.setattr(attendee_imports, "_check_new", lambda attendee_import: None)

        assert "was imported before" in self.came_of_the_second(event)


def test_a_file_of_too_many_lines_is_not_read_to_its_end(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendee_imports, "MOST_ROWS", 10)
    attendee_import = started(event, file_of([",,"] * 3 + ["Ada,x,"] * 50))

    carry_out(attendee_import)

    attendee_import.refresh_from_db()
    assert attendee_import.problems == [[0, "At most 10 attendees a file."]]

"""Sending a file of attendees, and watching how they come in."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import AttendeeImport, Booking, ImportState
from bookings.services.attendee_imports import carry_out
from events.models import Event
from tests.bookings.hosted import hosted_event, page_of
from tests.bookings.importing.files import attendees, file_of
from tests.factories import TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(client)


def send(client: Client, event: Event, content: bytes, **typed: object) -> Any:
    file = SimpleUploadedFile("guests & <friends>.csv", content, content_type="text/csv")
    return client.post(page_of(event, "hosted_import"), {"file": file, **typed}, follow=True)


def test_a_file_is_kept_for_a_job_whose_page_waits(client: Client, event: Event) -> None:
    page = send(client, event, file_of(attendees(3)))

    attendee_import = AttendeeImport.objects.get()
    job = ProcrastinateJob.objects.get(task_name="bookings.import_attendees")
    assert job.args == {"import_id": attendee_import.pk}
    assert "Waiting for its turn" in page.content.decode()
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert "guests &amp; &lt;friends&gt;.csv" in page.content.decode()
    assert not Booking.objects.exists()


def test_what_came_of_it_is_told(client: Client, event: Event) -> None:
    send(client, event, file_of(attendees(3)))
    attendee_import = AttendeeImport.objects.get()

    carry_out(attendee_import)

    page = client.get(page_of(event, "hosted_import_watch", attendee_import.pk)).content.decode()
    assert "3 attendees came in." in page
    assert "hx-get" not in page
    assert "Done, 3" in client.get(page_of(event, "hosted_import")).content.decode()


def test_lines_that_could_not_be_taken_are_named(client: Client, event: Event) -> None:
    send(client, event, file_of(["Ada,<b>,Standard", *attendees(1)]))
    attendee_import = AttendeeImport.objects.get()

    carry_out(attendee_import)

    page = client.get(page_of(event, "hosted_import_watch", attendee_import.pk)).content.decode()
    assert "Nobody was added." in page
    assert "<strong>Line 2:</strong> “&lt;b&gt;” is not an e-mail address." in page


def test_the_same_file_again_comes_back(client: Client, event: Event) -> None:
    send(client, event, file_of(attendees(1)))
    carry_out(AttendeeImport.objects.get())

    page = send(client, event, file_of(attendees(1)), is_free="on")

    assert page.status_code == 400
    assert "was imported before" in page.content.decode()
    assert AttendeeImport.objects.get().state == ImportState.DONE


def test_nothing_and_too_much_are_refused(
    client: Client, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookings.forms.attendee_import.MOST_BYTES", 10)

    assert client.post(page_of(event, "hosted_import")).status_code == 400
    assert send(client, event, b"").status_code == 400
    assert "larger than 16 MB" in send(client, event, b"x" * 11).content.decode()
    assert not AttendeeImport.objects.exists()


def test_the_import_of_another_event_is_not_there(client: Client, event: Event) -> None:
    send(client, event, file_of(attendees(1)))
    other = TicketTypeFactory(event__host=event.host).event

    address = page_of(other, "hosted_import_watch", AttendeeImport.objects.get().pk)

    assert client.get(address).status_code == 404


def test_watching_does_not_read_the_file(
    client: Client, event: Event, django_assert_max_num_queries: Any
) -> None:
    send(client, event, file_of(attendees(1)))
    address = page_of(event, "hosted_import_watch", AttendeeImport.objects.get().pk)

    with django_assert_max_num_queries(5) as queries:
        client.get(address)

    assert not any('"content"' in query["sql"] for query in queries.captured_queries)

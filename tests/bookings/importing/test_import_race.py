"""Importing attendees while others buy, and look how far it is."""

import threading
import uuid

import pytest
from django.db import connection

from bookings.actors import SYSTEM
from bookings.importing import copying
from bookings.models import AttendeeImport, Booking, ImportState
from bookings.services.attendee_imports import (
    ImportRefused,
    carry_out,
    import_at_once,
    start_import,
)
from bookings.services.holding import hold_places
from bookings.services.verification import find_differences
from events.models import TicketType
from tests.bookings.importing.files import attendees, file_of
from tests.factories import TicketTypeFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ticket_type() -> TicketType:
    return TicketTypeFactory(capacity=50)


def test_the_last_places_go_to_one_of_them(
    ticket_type: TicketType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A buyer who comes between the look at the stock and the claim."""
    TicketType.objects.update(price=0)

    def buy() -> None:
        try:
            hold_places(
                event=ticket_type.event,
                quantities={ticket_type.pk: 1},
                idempotency_key=uuid.uuid4(),
            )
        finally:
            connection.close()

    def copy_while_someone_buys(*args: object) -> None:
        buyer = threading.Thread(target=buy)
        buyer.start()
        buyer.join(timeout=30)
        copying.copy_attendees(*args)

    monkeypatch.setattr(
        "bookings.services.attendee_imports.copy_attendees", copy_while_someone_buys
    )

    with pytest.raises(ImportRefused, match="Others have taken places meanwhile"):
        import_at_once(
            event=ticket_type.event,
            file_name="guests.csv",
            content=file_of(attendees(50)),
            is_free=True,
            by=SYSTEM,
            progress=lambda rows: None,
        )

    assert Booking.objects.count() == 1
    assert find_differences() == []


def test_progress_is_seen_before_the_import_ends(
    ticket_type: TicketType, monkeypatch: pytest.MonkeyPatch
) -> None:
    attendee_import = start_import(
        event=ticket_type.event,
        file_name="guests.csv",
        content=file_of(attendees(5)),
        is_free=True,
        by=SYSTEM,
    )
    seen: list[tuple[str, int]] = []

    def look() -> None:
        now = AttendeeImport.objects.get(pk=attendee_import.pk)
        seen.append((now.state, now.percent))
        connection.close()

    def claim(quantities: object) -> None:
        looker = threading.Thread(target=look)
        looker.start()
        looker.join(timeout=30)

    monkeypatch.setattr("bookings.services.attendee_imports.claim_places", claim)

    carry_out(attendee_import)

    ((state, percent),) = seen
    assert state == ImportState.RUNNING
    assert percent > 80

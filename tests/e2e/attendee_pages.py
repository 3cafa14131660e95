"""The pages on which a host changes who comes, and has files of attendees imported."""

from django.urls import reverse

from bookings.actors import Actor
from bookings.models import AttendeeImport, Booking, ImportState
from bookings.services.attendee_imports import carry_out, start_import
from tests.factories import TicketTypeFactory


def attendee_pages(booking: Booking) -> dict[str, str]:
    event, ticket = booking.event, booking.tickets.first()
    assert ticket is not None
    TicketTypeFactory(event=event, name="Balcony", price=12)
    file = b"name,email,ticket type\nAda,ada,Balcony\n,bo@grand.example.com,Pit\n"
    by = Actor.host(event.host.owner)
    running, refused, failed = (
        start_import(event=event, file_name=name, content=file, is_free=True, by=by)
        for name in ("guests.csv", "more-guests-of-the-house-and-their-friends.csv", "more.csv")
    )
    carry_out(refused)
    AttendeeImport.objects.filter(pk=failed.pk).update(state=ImportState.FAILED)
    pages: dict[str, list[object]] = {
        "attendees": ["hosted_attendees"],
        "add attendee": ["hosted_add_attendee"],
        "import": ["hosted_import"],
        "import, under way": ["hosted_import_watch", running.pk],
        "import, refused": ["hosted_import_watch", refused.pk],
        "import, failed": ["hosted_import_watch", failed.pk],
        "rename": ["hosted_rename", ticket.pk],
        "move": ["hosted_move", ticket.pk],
    }
    return {
        f"hosted {name}": reverse(f"bookings:{view}", args=[event.slug, *args])
        for name, (view, *args) in pages.items()
    }

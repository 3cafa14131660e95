"""Who may see and change the bookings of an event."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.actors import SYSTEM, ActorRole
from bookings.models import Booking, BookingStatus, Message, MessageKind, MessageState
from bookings.services.notices import tell_of_change
from events.models import Event, EventStatus, HostMember, HostRole
from tests.factories import BookingFactory, HostFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db

GETS = ("hosted_bookings", "hosted_booking", "hosted_cancel_booking", "hosted_cancel_event",
        "hosted_notice")  # fmt: skip
POSTS = ("hosted_cancel_booking", "hosted_confirmation", "resend", "hosted_cancel_event")


@pytest.fixture
def booking() -> Booking:
    ticket_type = TicketTypeFactory(event__host=HostFactory())
    return BookingFactory(event=ticket_type.event, tickets=[ticket_type])


@pytest.fixture
def address_of(booking: Booking) -> Any:
    message = Message.objects.create(
        booking=booking,
        kind=MessageKind.CONFIRMATION,
        state=MessageState.FAILED,
        recipient=booking.email,
        message_id="<1@example.com>",
    )
    notice = tell_of_change(event=booking.event, by=SYSTEM, old_place="Elsewhere")
    last = {
        "hosted_booking": booking.reference,
        "hosted_cancel_booking": booking.reference,
        "hosted_confirmation": booking.reference,
        "resend": message.pk,
        "hosted_notice": notice.pk,
    }

    def address(name: str, event: Event = booking.event) -> str:
        args = [event.slug, *([last[name]] if name in last else [])]
        return reverse(f"bookings:{name}", args=args)

    return address


def team_member(booking: Booking, who: str) -> Any:
    host = booking.event.host
    if who == "owner":
        return host.owner
    user = UserFactory(is_staff=who.startswith("staff"), is_superuser=who == "staff")
    if who in HostRole.values:
        HostMember.objects.create(host=host, user=user, role=who)
    elif who == "other host":
        HostFactory(owner=user)
    elif who == "buyer":
        Booking.objects.update(user=user)
    return user


@pytest.mark.parametrize(
    "who", ["stranger", "buyer", HostRole.DOOR, "other host", "staff elsewhere"]
)
def test_are_not_there_for_others(
    client: Client, booking: Booking, address_of: Any, who: str
) -> None:
    client.force_login(team_member(booking, who))

    assert {client.get(address_of(name)).status_code for name in GETS} == {404}
    assert {client.post(address_of(name)).status_code for name in POSTS} == {404}
    booking.refresh_from_db()
    assert booking.is_confirmed
    assert Message.objects.count() == 1


def test_ask_guests_to_log_in_whether_there_is_such_an_event_or_not(
    client: Client, booking: Booking, address_of: Any
) -> None:
    for answer in (
        *(client.get(address_of(name)) for name in GETS),
        *(client.post(address_of(name), {"email": "eve@example.com"}) for name in POSTS),
        client.get("/hosting/no-such-event/bookings/"),
    ):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/?next=/hosting/")
    booking.refresh_from_db()
    assert booking.is_confirmed


@pytest.mark.parametrize("who", ["owner", HostRole.MANAGER, "staff"])
def test_open_for_those_who_run_the_event(
    client: Client, booking: Booking, address_of: Any, who: str
) -> None:
    client.force_login(team_member(booking, who))

    assert {client.get(address_of(name)).status_code for name in GETS} == {200}
    assert client.get(address_of("resend")).status_code == 405
    assert client.get(address_of("hosted_confirmation")).status_code == 405
    assert client.post(address_of("resend")).status_code == 302
    assert client.post(address_of("hosted_cancel_booking")).status_code == 302
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CANCELLED
    change = booking.changes.get()
    assert change.role == (ActorRole.ADMIN if who == "staff" else ActorRole.HOST)


def test_show_nothing_of_another_event(client: Client, booking: Booking, address_of: Any) -> None:
    """An owner cannot reach another host's booking through an event of their own."""
    own = TicketTypeFactory().event
    client.force_login(own.host.owner)

    for name in ("hosted_booking", "hosted_cancel_booking", "hosted_notice"):
        assert client.get(address_of(name, own)).status_code == 404
    for name in ("hosted_cancel_booking", "hosted_confirmation", "resend"):
        assert client.post(address_of(name, own), {"email": "eve@example.com"}).status_code == 404
    booking.refresh_from_db()
    assert (booking.status, booking.email) == (BookingStatus.CONFIRMED, "ada@example.com")


def test_drafts_open_for_their_host_only(client: Client, booking: Booking, address_of: Any) -> None:
    Event.objects.update(status=EventStatus.DRAFT)
    client.force_login(booking.event.host.owner)
    assert client.get(address_of("hosted_bookings")).status_code == 200
    client.force_login(UserFactory())
    assert client.get(address_of("hosted_bookings")).status_code == 404


def test_hosting_links_to_the_bookings_of_events_that_one_manages(client: Client) -> None:
    user = UserFactory()
    managed, door = TicketTypeFactory().event, TicketTypeFactory().event
    HostMember.objects.create(host=managed.host, user=user, role=HostRole.MANAGER)
    HostMember.objects.create(host=door.host, user=user, role=HostRole.DOOR)
    client.force_login(user)

    page = client.get("/hosting/").content.decode()

    assert reverse("bookings:hosted_bookings", args=[managed.slug]) in page
    assert door.title in page
    assert reverse("bookings:hosted_bookings", args=[door.slug]) not in page

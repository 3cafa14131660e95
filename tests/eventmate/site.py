"""A site with something at every address of addresses.py."""

from dataclasses import dataclass

from django.test import Client

from bookings.access import access_token
from bookings.models import Ticket, WaitlistEntry
from bookings.services.waitlist import join_waitlist
from events.models import HostMember, HostRole, ReviewReply
from tests.factories import (
    BookingFactory,
    CategoryFactory,
    CityFactory,
    EventFactory,
    EventImageFactory,
    EventSeriesFactory,
    HoldFactory,
    HostFactory,
    HostFollowerFactory,
    ReviewFactory,
    SavedSearchFactory,
    TicketTypeFactory,
    UserFactory,
    verify,
)


@dataclass
class Site:
    anonymous: Client
    member: Client
    # A visitor who has the signed link to the bookings.
    holder: dict[str, str]

    def clients(self) -> list[Client]:
        return [self.anonymous, self.member]


def build_site() -> Site:
    """Something of everything, at the addresses in PAGES; the member runs it all."""
    user = verify(UserFactory(name="Ada"))
    host = HostFactory(slug="blue-room", owner=user)
    place = {"city": CityFactory(slug="berlin"), "category": CategoryFactory(slug="music")}
    event = EventFactory(slug="jazz", host=host, **place)
    TicketTypeFactory(pk=1_000_007, event=event)
    hold = HoldFactory(reference="HELD2222", event=event, tickets=[TicketTypeFactory(event=event)])
    done = BookingFactory(reference="DONE2222", event=event)
    HostMember.objects.create(
        pk=1_000_013, host=host, user=UserFactory(name="Bo"), role=HostRole.MANAGER
    )
    member = Client(raise_request_exception=False)
    own = BookingFactory(reference="MINE2222", event=event, user=user)
    Ticket.objects.create(
        pk=1_000_001,
        booking=own,
        ticket_type=TicketTypeFactory(event=event, taken=1),
        price=0,
        code="0123456789ABCDEF",
    )
    entry = join_waitlist(
        ticket_type=TicketTypeFactory(pk=1_000_009, event=event, capacity=0),
        quantity=1,
        name="Ada",
        email="ada@example.com",
        user=user,
    )
    WaitlistEntry.objects.filter(pk=entry.pk).update(reference="WAIT2222")
    SavedSearchFactory(pk=1_000_011, user=user)
    HostFollowerFactory(host=host, user=user)
    ReviewReply.objects.create(review=ReviewFactory(pk=1_000_015, event=event), text="Thanks.")
    EventImageFactory(pk=1_000_013, event=event)
    series = EventSeriesFactory(host=host)
    EventFactory(slug="weekly-jazz", host=host, series=series, series_day=series.first_day, **place)
    member.force_login(user)
    return Site(
        anonymous=Client(raise_request_exception=False),
        member=member,
        holder={booking.reference: access_token(booking) for booking in (hold, done)},
    )

"""A site with something at every address, for tests that send it anything.

A new page goes into PAGES with the names of its query parameters; a new form into FORMS with the
names of its fields; an address that takes what visitors make up into PATHS.
"""

from dataclasses import dataclass

from django.test import Client

from bookings.access import access_token
from bookings.models import Ticket, WaitlistEntry
from bookings.services.waitlist import join_waitlist
from events.models import HostMember, HostRole
from tests.factories import (
    BookingFactory,
    CategoryFactory,
    CityFactory,
    EventFactory,
    EventImageFactory,
    HoldFactory,
    HostFactory,
    SavedSearchFactory,
    TicketTypeFactory,
    UserFactory,
    verify,
)

FILTERS = [
    *["q", "location", "city", "category", "date", "date_from", "date_to", "when"],
    *["min_price", "max_price", "sort", "time", "attend", "language", "access", "available"],
    *["host", "near", "radius", "exact", "said", "view", "month", "after", "before"],
]
PAGES = {
    "/": ["page"],
    "/events/": FILTERS,
    "/events/suggest/": ["q"],
    "/events.ics": FILTERS,
    "/events.atom": FILTERS,
    "/searches/": [],
    "/searches/new/": ["query", "name", "frequency"],
    "/searches/1000011/": [],
    "/event/jazz/": ["access", "ref"],
    "/event/jazz/event.ics": [],
    "/event/jazz/picture.png": ["v"],
    "/event/jazz/embed/": [],
    "/event/jazz/book/": ["again", "access", "code", "ref", "quantity_1000007"],
    "/event/jazz/wait/1000009/": [],
    "/event/jazz/review/": [],
    "/city/berlin/": FILTERS,
    "/category/music/": FILTERS,
    "/host/blue-room/": FILTERS,
    "/covers/music/jazz.svg": ["v"],
    "/picture.png": ["v"],
    "/sitemap.xml": [],
    "/sitemaps/pages-0.xml": [],
    "/robots.txt": [],
    "/favorites/": ["page"],
    "/hosting/": ["show", "page"],
    "/hosting/start/": [],
    "/hosting/hosts/blue-room/edit/": [],
    "/hosting/hosts/blue-room/team/": ["page"],
    "/hosting/hosts/blue-room/team/1000013/": [],
    "/hosting/hosts/blue-room/leave/": [],
    "/hosting/hosts/blue-room/hand-over/": [],
    "/bookings/": ["page"],
    "/bookings/HELD2222/": ["access"],
    "/bookings/HELD2222/confirm/": ["access"],
    "/bookings/HELD2222/cancel/": ["access"],
    "/bookings/DONE2222/": ["access"],
    "/bookings/MINE2222/": ["access"],
    "/bookings/MINE2222/names/": ["access"],
    "/bookings/MINE2222/tickets.pdf": ["access"],
    "/bookings/MINE2222/event.ics": ["access"],
    "/tickets/0123456789ABCDEF/": ["access"],
    "/tickets/0123456789ABCDEF/name/": ["access"],
    "/tickets/0123456789ABCDEF/send-on/": ["access", "booking"],
    "/tickets/0123456789ABCDEF/ticket.pdf": ["access"],
    "/tickets/0123456789ABCDEF/event.ics": ["access"],
    "/waiting/WAIT2222/": ["access"],
    "/hosting/jazz/bookings/": ["q", "show", "page"],
    "/hosting/jazz/figures/": [],
    "/hosting/jazz/bookings/MINE2222/": [],
    "/hosting/jazz/bookings/MINE2222/cancel/": [],
    "/hosting/jazz/attendees/": ["q", "type", "status", "paid", "mail_failed", "after", "before"],
    "/hosting/jazz/attendees.csv": ["q", "type", "status", "paid", "mail_failed"],
    "/hosting/jazz/attendees.xlsx": ["q", "type", "status", "paid", "mail_failed"],
    "/hosting/jazz/attendees/add/": [],
    "/hosting/jazz/attendees/import/": [],
    "/hosting/jazz/tickets/1000001/name/": [],
    "/hosting/jazz/tickets/1000001/type/": [],
    "/hosting/jazz/cancel/": [],
    "/hosting/jazz/images/": [],
    "/hosting/jazz/images/1000013/delete/": [],
    "/accounts/login/": ["next"],
    "/accounts/signup/": ["next", "email"],
    "/accounts/logout/": ["next"],
    "/accounts/profile/": [],
    "/accounts/email/": [],
    "/accounts/password/reset/": ["next"],
    "/accounts/password/change/": ["next"],
    "/health/": ["verbose"],
    "/admin/login/": ["next"],
}
FORMS = {
    "/searches/new/": ["query", "name", "frequency"],
    "/searches/1000011/": ["name", "frequency"],
    "/event/jazz/book/": [
        *["idempotency_key", "quantity_1000007", "quantity_1000008", "code", "apply", "ref"]
    ],
    "/event/jazz/wait/1000009/": ["quantity", "name", "email"],
    "/event/jazz/review/": ["rating", "text"],
    "/event/jazz/favorite/": ["next"],
    "/bookings/HELD2222/confirm/": ["name", "email", "attendee_1", "payment_method"],
    "/bookings/HELD2222/extend/": ["access"],
    "/bookings/HELD2222/cancel/": ["access"],
    "/bookings/MINE2222/names/": ["attendee_1000001"],
    "/tickets/0123456789ABCDEF/name/": ["attendee_1000001"],
    "/tickets/0123456789ABCDEF/send-on/": ["name", "email", "confirmed", "change"],
    "/waiting/WAIT2222/leave/": ["access"],
    "/hosting/start/": ["name", "description", "website", "email"],
    "/hosting/hosts/blue-room/edit/": ["name", "description", "website", "email"],
    "/hosting/hosts/blue-room/team/": ["email", "role"],
    "/hosting/hosts/blue-room/team/1000013/": ["role"],
    "/hosting/hosts/blue-room/hand-over/": ["member"],
    "/hosting/jazz/bookings/MINE2222/cancel/": ["reason"],
    "/hosting/jazz/bookings/MINE2222/confirmation/": ["email"],
    "/hosting/jazz/bookings/MINE2222/note/": ["host_note"],
    "/hosting/jazz/attendees/add/": [
        *["idempotency_key", "name", "email", "ticket_type", "quantity", "is_free"]
    ],
    "/hosting/jazz/attendees/import/": ["file", "is_free"],
    "/hosting/jazz/tickets/1000001/name/": ["name"],
    "/hosting/jazz/tickets/1000001/type/": ["ticket_type", "keeps_price"],
    "/hosting/jazz/cancel/": ["text"],
    "/hosting/jazz/images/": ["do", "order", "alt_1000013"],
    "/accounts/login/": ["login", "password", "remember", "next"],
    "/accounts/signup/": ["name", "email", "password1", "next"],
    "/accounts/password/reset/": ["email", "next"],
    "/accounts/password/change/": ["oldpassword", "password1", "password2"],
    "/accounts/email/": ["email", "action_add", "action_send", "action_remove", "action_primary"],
    "/accounts/profile/": ["name", "timezone", "language"],
    "/admin/login/": ["username", "password", "next"],
}
# Where a path takes what the visitor makes up.
PATHS = [
    "/{}/",
    "/event/{}/",
    "/event/{}/book/",
    "/event/{}/event.ics",
    "/event/{}/picture.png",
    "/event/{}/embed/",
    "/event/{}/review/",
    "/event/{}/favorite/",
    "/city/{}/",
    "/category/{}/",
    "/host/{}/",
    "/covers/{}/jazz.svg",
    "/covers/music/{}.svg",
    "/oembed?url={}",
    "/oembed?url=http%3A%2F%2F127.0.0.1%3A8000%2Fevent%2F{}",
    "/oembed?url=http%3A%2F%2F127.0.0.1%3A8000%2Fevent%2Fjazz%2F&maxwidth={}",
    "/sitemaps/{}.xml",
    "/sitemaps/events-{}.xml",
    "/bookings/{}/",
    "/bookings/{}/confirm/",
    "/bookings/{}/cancel/",
    "/bookings/{}/tickets.pdf",
    "/tickets/{}/",
    "/tickets/{}/send-on/",
    "/tickets/{}/ticket.pdf",
    "/waiting/{}/",
    "/event/jazz/wait/{}/",
    "/hosting/hosts/{}/team/",
    "/hosting/hosts/blue-room/team/{}/",
    "/hosting/hosts/blue-room/join/{}/",
    "/hosting/{}/bookings/",
    "/hosting/{}/images/",
    "/hosting/jazz/images/{}/delete/",
    "/hosting/jazz/bookings/{}/",
    "/hosting/jazz/notices/{}/",
    "/hosting/{}/attendees/",
    "/hosting/jazz/attendees/imports/{}/",
    "/hosting/jazz/tickets/{}/name/",
    "/hosting/jazz/tickets/{}/type/",
    "/media/{}",
    "/media/events/1/{}",
    "/static/{}",
    "/searches/{}/",
    "/searches/unsubscribe/{}/",
    "/accounts/confirm-email/{}/",
    "/accounts/password/reset/key/{}-{}/",
    "/health/{}/",
]


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
    EventImageFactory(pk=1_000_013, event=event)
    member.force_login(user)
    return Site(
        anonymous=Client(raise_request_exception=False),
        member=member,
        holder={booking.reference: access_token(booking) for booking in (hold, done)},
    )

"""All rows of the demo, in memory. The same seed on the same day makes the same ones, but for
passwords and for the holds, whose deadlines are minutes from now.
"""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from bookings.demo.arrivals import make_arrivals
from bookings.demo.audience import Audience
from bookings.demo.catalogue import Catalogue, make_catalogue
from bookings.demo.corpus import Corpus, load_corpus
from bookings.demo.demand import Fate, decide_fates, set_goals
from bookings.demo.feedback import (
    Critics,
    make_favorites,
    make_followers,
    make_replies,
    make_reports,
)
from bookings.demo.lines import make_lines
from bookings.demo.people import Population
from bookings.demo.programme import Production, Programme
from bookings.demo.promo_codes import make_promo_codes
from bookings.demo.sales import BoxOffice, Sale
from bookings.demo.sharing import share_hall
from bookings.demo.tickets import Offer, make_offers
from bookings.demo.visits import make_visits
from bookings.models import (
    Booking,
    BookingStatus,
    CheckIn,
    DailyVisits,
    PromoCode,
    WaitlistEntry,
)
from events.models import (
    Event,
    EventStatus,
    Favorite,
    Host,
    HostFollower,
    HostMember,
    HostRole,
    NewsReader,
    Review,
    ReviewReply,
    ReviewReport,
    SharedCapacity,
)

if TYPE_CHECKING:
    from accounts.models import User

PAST_SHARE = 40 / 300
BOOKINGS_OF_DEMO_HOST = 4


@dataclass(slots=True)
class Demo:
    """Rows that are not saved yet, but for cities and categories that were there before."""

    users: list["User"]
    catalogue: Catalogue
    members: list[HostMember]
    events: list[Event] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    shared_capacities: list[SharedCapacity] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    replies: list[ReviewReply] = field(default_factory=list)
    reports: list[ReviewReport] = field(default_factory=list)
    favorites: list[Favorite] = field(default_factory=list)
    readers: list[NewsReader] = field(default_factory=list)
    followers: list[HostFollower] = field(default_factory=list)
    entries: list[WaitlistEntry] = field(default_factory=list)
    promo_codes: list[PromoCode] = field(default_factory=list)
    unlocked: list[models.Model] = field(default_factory=list)
    visits: list[DailyVisits] = field(default_factory=list)
    check_ins: list[CheckIn] = field(default_factory=list)


def build_demo(
    *,
    seed: int,
    event_count: int,
    admin: "User",
    host: "User",
    now: dt.datetime | None = None,
) -> Demo:
    """``event_count`` upcoming events and some past ones. ``host`` becomes the owner of a host;
    neither account is saved here.
    """
    return _Builder(seed, now or timezone.now()).build(event_count, admin, host)


class _Builder:
    def __init__(self, seed: int, now: dt.datetime) -> None:
        self._rng = random.Random(seed)  # noqa: S311  # a demo, the same each time
        self._now = now
        self._today = now.astimezone(dt.UTC).date()
        self._start_of_day = dt.datetime.combine(self._today, dt.time.min, dt.UTC)
        self._corpus: Corpus = load_corpus()
        self._population = Population(self._corpus, self._rng)
        self._audience = Audience(self._corpus, self._population, self._rng, self._start_of_day)
        self._critics = Critics(self._corpus, self._rng, self._start_of_day)
        self._box_office = BoxOffice(
            self._audience,
            self._population,
            self._rng,
            start_of_day=self._start_of_day,
            now=now,
        )

    def build(self, event_count: int, admin: "User", host: "User") -> Demo:
        catalogue = make_catalogue(self._corpus, self._audience, host)
        hosts = list(catalogue.hosts.values())
        demo = Demo([admin, host, *self._audience.users], catalogue, self._team(hosts))
        programme = Programme(self._corpus, catalogue, self._population, self._rng)
        upcoming = [programme.produce(self._today) for _ in range(event_count)]
        past = [
            programme.produce(self._today, past=True)
            for _ in range(max(round(event_count * PAST_SHARE), 1))
        ]
        fates = decide_fates(self._rng, upcoming)
        for production, fate in zip(upcoming, fates, strict=True):
            self._add(demo, production, fate)
        demo.shared_capacities = share_hall(demo.offers, host)
        for production in past:
            sales = self._add(demo, production, self._rng.choice([Fate.USUAL, Fate.NEARLY]))
            demo.reviews += self._critics.write(production, sales)
        self._give_bookings(demo, host)
        published = [p.event for p in upcoming if p.event.status == EventStatus.PUBLISHED]
        demo.favorites = make_favorites(self._rng, demo.users, published, self._start_of_day)
        demo.visits = make_visits(self._rng, demo.sales)
        self._add_opinions(demo, hosts)
        at_door = {row.host.slug: row.user for row in demo.members if row.role == HostRole.DOOR}
        demo.check_ins = make_arrivals(self._rng, demo.sales, at_door, self._start_of_day)
        return demo

    def _add(self, demo: Demo, production: Production, fate: Fate) -> list[Sale]:
        offers = make_offers(self._corpus, self._rng, production, self._start_of_day)
        event = production.event
        event.allows_pay_at_door = any(offer.ticket_type.price for offer in offers)
        sales: list[Sale] = []
        if event.status != EventStatus.DRAFT:
            goals = set_goals(self._rng, offers, fate, self._now)
            sales = self._box_office.sell(production, offers, goals)
            demo.entries += make_lines(self._rng, self._population, production, offers)
            codes, unlocked = make_promo_codes(self._rng, production, offers)
            demo.promo_codes += codes
            demo.unlocked += unlocked
        demo.events.append(event)
        demo.offers += offers
        demo.sales += sales
        return sales

    def _add_opinions(self, demo: Demo, hosts: list[Host]) -> None:
        rng, start = self._rng, self._start_of_day
        demo.replies = make_replies(rng, self._corpus, demo.reviews, start)
        demo.reports = make_reports(rng, demo.reviews, self._audience.users, start)
        demo.readers, demo.followers = make_followers(rng, demo.users, hosts, start)

    def _team(self, hosts: list[Host]) -> list[HostMember]:
        """Everyone who publishes has one manager and one person at the door."""
        members = []
        for host in hosts:
            people: list[User] = []
            while len(people) < len(HostRole):
                someone = self._audience.someone()
                if someone is not host.owner and someone not in people:
                    people.append(someone)
            members += [
                HostMember(host=host, user=user, role=role)
                for user, role in zip(people, HostRole, strict=True)
            ]
        return members

    def _give_bookings(self, demo: Demo, user: "User") -> None:
        """Some bookings for the one who logs in: coming, past and not reviewed yet, cancelled."""
        guests = [sale for sale in demo.sales if sale.booking.user is None]
        for is_past, status, count in (
            (False, BookingStatus.CONFIRMED, BOOKINGS_OF_DEMO_HOST),
            (True, BookingStatus.CONFIRMED, 2),
            (False, BookingStatus.CANCELLED, 1),
        ):
            fitting = [
                sale
                for sale in guests
                if sale.booking.status == status and self._is_past(sale.booking) == is_past
            ]
            for sale in self._rng.sample(fitting, min(count, len(fitting))):
                sale.booking.user = user
                sale.booking.name, sale.booking.email = user.name, user.email
                sale.tickets[0].attendee_name = user.name

    def _is_past(self, booking: Booking) -> bool:
        return booking.event.ends_at <= self._start_of_day

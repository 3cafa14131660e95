"""What lists of the admin cost the database, and how that grows with their rows."""

import uuid
from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib.messages.storage.cookie import CookieStorage
from django.core.management import call_command
from django.db.models import Max
from django.test import RequestFactory
from django.urls import resolve

from accounts.models import User
from bookings.models import Booking, Message, MessageKind, MessageState, Ticket
from bookings.querysets import BookingQuerySet
from events.models import Listing, Review, TicketType
from loadtests.bench.database_time import DatabaseTime
from loadtests.bench.figures import Figure
from loadtests.bench.run import Run
from loadtests.bench.searches import fill_to
from loadtests.bench.stage import BATCH, Order, add_bookings, vacuum

SIZES = (10_000, 1_000_000)
# To each ten events: bookings, each of a buyer with an account, who is written one mail. Every
# second one writes a review.
BOOKINGS_OF_TEN = 3
TICKETS = 2  # of each booking
BUYER = "Zoe Buyer"
FOUND = 'id="result_list"'


def measure(run: Run) -> Iterator[Figure]:
    """Ask for each list as a superuser, at one size after the other; the best of the rounds counts,
    as these machines have other things to do.
    """
    call_command("collectstatic", interactive=False, verbosity=0)
    for size in run.sizes or SIZES:
        fill_to(size)
        _add_buyers(size * BOOKINGS_OF_TEN // 10)
        vacuum()
        admin = _superuser()
        for name, path in _lists().items():
            looks = [_look(admin, path) for _ in range(1 + run.rounds)]
            took, queries = min(look.milliseconds for look in looks), looks[-1].queries
            column = f"{size:,}"
            yield Figure(name, took, " ms", "", "admin, PostgreSQL ms by events", column)
            yield Figure(name, queries, " queries", "", "admin, queries by events", column)


def _add_buyers(wanted: int) -> None:
    """Until there are so many bookings: one of each ticket type that has the places, by its key."""
    types = TicketType.objects.select_related("event").order_by("pk")
    types = types.filter(stock__capacity__gte=TICKETS)
    for first in range(_bookings().count(), wanted, BATCH):
        booked = Ticket.objects.aggregate(last=Max("ticket_type"))["last"] or 0
        _add_batch(first, list(types.filter(pk__gt=booked)[: min(BATCH, wanted - first)]))


def _add_batch(first: int, types: list[TicketType]) -> None:
    users = User.objects.bulk_create(
        User(email=f"buyer-{number}@example.com", name=f"{BUYER}{number}")
        for number in range(first, first + len(types))
    )
    bookings = add_bookings(
        Order(ticket_type, user.email, user, user.name, TICKETS)
        for ticket_type, user in zip(types, users, strict=True)
    )
    Message.objects.bulk_create(
        Message(
            kind=MessageKind.CONFIRMATION,
            booking=booking,
            recipient=booking.email,
            state=MessageState.SENT,
            message_id=f"<{uuid.uuid4()}@example.com>",
        )
        for booking in bookings
    )
    Review.objects.bulk_create(
        Review(event=booking.event, user=booking.user, rating=4, text=f"Good seats {booking.pk}")
        for booking in bookings[::2]
    )


def _bookings() -> BookingQuerySet:
    """Those that were added here, and not by another part."""
    return Booking.objects.filter(name__startswith=BUYER)


def _superuser() -> User:
    rights = {"is_staff": True, "is_superuser": True}
    return User.objects.get_or_create(email="admin@example.com", defaults=rights)[0]


def _lists() -> dict[str, str]:
    """Addresses by what they list: searches are for rows that there are."""
    listings = Listing.objects.filter(city__isnull=False).order_by("-popularity", "event")
    popular = listings.values("event__title", "city", "city__name", "category")[0]
    city = popular["city__name"]
    word = max(popular["event__title"].replace(city, "").split(), key=len)
    booking = _bookings().select_related("event").order_by("pk")[_bookings().count() // 2]
    code = booking.tickets.all()[0].code
    review = Review.objects.order_by("-pk")[0]
    events, bookings = "events/event", "bookings/booking"
    tickets, users, reviews = "bookings/ticket", "accounts/user", "events/review"
    asked: dict[str, tuple[str, dict[str, object]]] = {
        "events": (events, {}),
        "events, page 100": (events, {"p": 100}),
        "events, a word": (events, {"q": word}),
        "events, two words": (events, {"q": f"{word} {city}"}),
        "events, published": (events, {"status__exact": "published"}),
        "events, of a category": (events, {"category__id__exact": popular["category"]}),
        "events, of a city": (events, {"city__id__exact": popular["city"]}),
        "events, to come": (events, {"when": "upcoming"}),
        "events, on right now": (events, {"when": "now"}),
        "events, with places left": (events, {"places": "left"}),
        "events, online": (events, {"is_online__exact": 1}),
        "bookings": (bookings, {}),
        "bookings, by reference": (bookings, {"q": booking.reference}),
        "bookings, by address": (bookings, {"q": booking.email}),
        "bookings, by name": (bookings, {"q": booking.name.split()[-1]}),
        "bookings, by ticket code": (bookings, {"q": code}),
        "bookings, of cancelled events": (bookings, {"event_status": "cancelled"}),
        "tickets": (tickets, {}),
        "tickets, by code": (tickets, {"q": code}),
        "tickets, by address": (tickets, {"q": booking.email}),
        "tickets, by name": (tickets, {"q": booking.name.split()[-1]}),
        "tickets, of a year": (
            tickets,
            {"booking__event__start_date__year": booking.event.start_date.year},
        ),
        "tickets, asked to sort by event": (tickets, {"o": 5}),
        "users": (users, {}),
        "users, by address": (users, {"q": booking.email}),
        "users, staff": (users, {"is_staff__exact": 1}),
        "reviews": (reviews, {}),
        "reviews, a word": (reviews, {"q": review.text.split()[-1]}),
        "mails": ("bookings/message", {}),
        "mails, by address": ("bookings/message", {"q": booking.email}),
        "categories": ("events/category", {}),
        "cities": ("events/city", {}),
        "hosts": ("events/host", {}),
        "hosts, by their events": ("events/host", {"o": "-4"}),
    }
    return {name: f"/admin/{path}/?{urlencode(query)}" for name, (path, query) in asked.items()}


def _look(admin: User, path: str) -> DatabaseTime:
    """Past the middleware, which would limit and log so many requests."""
    request = RequestFactory(SERVER_NAME="localhost").get(path)
    request.user = admin
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    view, arguments, keywords = resolve(request.path)
    with DatabaseTime() as took:
        response = view(request, *arguments, **keywords).render()
    # A search that finds nothing is not what it takes to find something.
    assert FOUND in response.content.decode() or "?q=" not in path, path
    return took

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import models
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    Func,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

if TYPE_CHECKING:
    from events.models import City, Event, Host, TicketType

SEARCH_CONFIG = "english"


class EventQuerySet(QuerySet["Event"]):
    def published(self) -> Self:
        return self.filter(is_active=True)

    def upcoming(self) -> Self:
        """Not over yet; one that is running counts."""
        return self.filter(ends_at__gt=timezone.now())

    def past(self) -> Self:
        return self.filter(ends_at__lte=timezone.now())

    def visible_to(self, user: Any) -> Self:
        """What someone may open: drafts are for the host's team and for staff."""
        if not user.is_authenticated:
            return self.exclude(status="draft")
        if user.is_staff:
            return self
        hosts = apps.get_model("events.Host").objects.of_user(user)
        return self.filter(~Q(status="draft") | Q(host__in=hosts))

    def on_dates(self, first: dt.date | None, last: dt.date | None) -> Self:
        """Running on at least one day from first to last, by the calendar of the place."""
        events = self
        if first is not None:
            events = events.filter(end_date__gte=first)
        if last is not None:
            events = events.filter(start_date__lte=last)
        return events

    def search(self, text: str) -> Self:
        """Every word of the text begins a word of the event, its city, category or host."""
        words = re.findall(r"[^\W_]+", text)
        if not words:
            return self
        query = _prefixes(*words)
        document = Func(
            F("search_vector"),
            SearchVector(
                "city__name", "city__country", "category__name", "host__name", config=SEARCH_CONFIG
            ),
            template="(%(expressions)s)",
            arg_joiner=" || ",
        )
        events = self.annotate(relevance=SearchRank(document, query)).filter(~Q(_is_blank(query)))
        for word in dict.fromkeys(words):
            events = events.filter(_has(_prefixes(word)))
        return events

    def at_location(self, text: str) -> Self:
        """Where the city, its region or country, the venue or the address has the text."""
        named = Q()
        for field in ("city__name", "city__region", "city__country", "venue", "address"):
            named |= Q(**{f"{field}__icontains": text})
        return self.filter(named)

    def priced(self, lowest: Decimal | None, highest: Decimal | None) -> Self:
        """With a ticket type that everyone sees and whose price is from lowest to highest."""
        if lowest is None and highest is None:
            return self
        ticket_types = apps.get_model("events.TicketType").objects.visible()
        if lowest is not None:
            ticket_types = ticket_types.filter(price__gte=lowest)
        if highest is not None:
            ticket_types = ticket_types.filter(price__lte=highest)
        return self.filter(Exists(ticket_types.filter(event=OuterRef("pk"))))

    def with_cover(self) -> Self:
        """Annotate ``cover_image``: the name of the first image's file, or None."""
        images = apps.get_model("events.EventImage").objects.filter(event=OuterRef("pk"))
        return self.annotate(cover_image=Subquery(images.values("image")[:1]))

    def with_capacity(self) -> Self:
        """Annotate ``capacity`` and ``places_taken`` over all ticket types."""
        return self.with_popularity().annotate(
            capacity=Coalesce(Sum("ticket_types__stock__capacity"), Value(0))
        )

    def upcoming_first(self) -> Self:
        """The ones that are not over, the soonest first, and then the others, the latest first."""
        is_upcoming = Q(ends_at__gt=timezone.now())
        return self.order_by(
            Case(When(is_upcoming, then="starts_at")).asc(nulls_last=True), "-starts_at", "pk"
        )

    def with_lowest_price(self) -> Self:
        """Annotate ``lowest_price``: of the ticket types that everyone sees; None without any."""
        return self.annotate(
            lowest_price=Min("ticket_types__price", filter=Q(ticket_types__is_hidden=False))
        )

    def with_popularity(self) -> Self:
        """Annotate ``places_taken`` over all ticket types."""
        return self.annotate(places_taken=Coalesce(Sum("ticket_types__stock__taken"), Value(0)))

    def with_rating(self) -> Self:
        """Annotate ``review_count`` and ``average_rating`` (None without reviews)."""
        return self.annotate(review_count=Count("reviews"), average_rating=Avg("reviews__rating"))

    def with_favorite_of(self, user: Any) -> Self:
        """Annotate ``is_favorite`` for this visitor."""
        if not user.is_authenticated:
            return self.annotate(is_favorite=Value(False))
        return self.annotate(
            favorite_of_user=FilteredRelation("favorites", condition=Q(favorites__user=user)),
            is_favorite=Q(favorite_of_user__isnull=False),
        )

    def for_listing(self, user: Any) -> Self:
        """All that a card shows: two queries for any number of events."""
        return (
            self.with_favorite_of(user)
            .with_cover()
            .select_related("city", "category", "host")
            .defer("description", "search_vector")
            .prefetch_related(visible_ticket_types())
        )

    def for_detail(self, user: Any) -> Self:
        """All that an event's own page shows, but for reviews and similar events."""
        return (
            self.with_favorite_of(user)
            .with_rating()
            .select_related("city", "category", "host")
            .defer("search_vector")
            .prefetch_related(visible_ticket_types(), "images")
        )

    def for_booking(self) -> Self:
        """All that the booking form shows: two queries."""
        return (
            self.select_related("city", "host")
            .defer("description", "search_vector")
            .prefetch_related(visible_ticket_types())
        )

    def similar_to(self, event: "Event") -> Self:
        """Other events of its category, those in its city first, the soonest first."""
        return (
            self.published()
            .upcoming()
            .filter(category_id=event.category_id)
            .exclude(pk=event.pk)
            .order_by(
                Case(
                    When(city_id=event.city_id, then=0),
                    default=1,
                    output_field=models.IntegerField(),
                ),
                "starts_at",
                "pk",
            )
        )


class TicketTypeQuerySet(QuerySet["TicketType"]):
    def visible(self) -> Self:
        return self.filter(is_hidden=False)

    def with_stock(self) -> Self:
        return self.select_related("stock")


class HostQuerySet(QuerySet["Host"]):
    def of_user(self, user: AbstractBaseUser) -> Self:
        """Hosts that the user owns or is on the team of."""
        return self.filter(Q(owner=user) | Q(members__user=user)).distinct()

    def managed_by(self, user: AbstractBaseUser) -> Self:
        """Hosts whose bookings the user may see and change: as owner or manager."""
        is_manager = Q(members__user=user, members__role="manager")
        return self.filter(Q(owner=user) | is_manager).distinct()


class CityQuerySet(QuerySet["City"]):
    def with_upcoming_counts(self) -> Self:
        """Annotate ``upcoming_count``; cities without an upcoming event are left out."""
        return self.annotate(
            upcoming_count=Count(
                "events",
                filter=Q(events__is_active=True, events__ends_at__gt=timezone.now()),
            )
        ).filter(upcoming_count__gt=0)


def _prefixes(*words: str) -> SearchQuery:
    """For what has every word, or one that it begins; stop words are left out."""
    return SearchQuery(
        " & ".join(f"{word}:*" for word in words), config=SEARCH_CONFIG, search_type="raw"
    )


def _is_blank(query: SearchQuery) -> Exact:
    """Nothing to look for, as in "the": PostgreSQL holds that nothing matches it."""
    return Exact(Func(query, function="numnode", output_field=models.IntegerField()), 0)


def _has(query: SearchQuery) -> Q:
    """Events with one word in their own text or in a name. Each arm is one that an index answers,
    which the texts joined, or ``IN (SELECT ...)`` beside an OR, would not be.
    """
    return (
        Q(_is_blank(query))
        | Q(search_vector=query)
        | Q(_is_one_named("city", query, "name", "country"))
        | Q(_is_one_named("category", query, "name"))
        | Q(_is_one_named("host", query, "name"))
    )


def _is_one_named(relation: str, query: SearchQuery, *names: str) -> Func:
    rows = apps.get_model("events", relation).objects.annotate(
        document=SearchVector(*names, config=SEARCH_CONFIG)
    )
    return Func(
        F(f"{relation}_id"),
        ArraySubquery(rows.filter(document=query).order_by().values("pk")),
        template="(%(expressions)s))",
        arg_joiner=" = ANY (",
        output_field=models.BooleanField(),
    )


def visible_ticket_types() -> "Prefetch[Any]":
    ticket_types = apps.get_model("events.TicketType").objects
    return Prefetch(
        "ticket_types", queryset=ticket_types.visible().with_stock().filter(stock__isnull=False)
    )

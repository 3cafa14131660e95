from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import (
    Avg,
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression, Expression
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

if TYPE_CHECKING:
    from events.models import Event, EventImage, Host, Review, TicketStock, TicketType


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

    def with_cover(self) -> Self:
        """Annotate ``cover_image``: the name of the first image's file, or None; and
        ``cover_widths``: those in which it can be had.
        """
        images = apps.get_model("events.EventImage").objects.filter(event=OuterRef("pk"))
        return self.annotate(
            cover_image=Subquery(images.values("image")[:1]),
            cover_widths=Subquery(images.values("widths")[:1]),
        )

    def with_capacity(self) -> Self:
        """Annotate ``capacity`` and ``places_taken`` over all ticket types; what several of them
        share counts once.
        """
        return self.with_popularity().annotate(capacity=Coalesce(capacity_of_event(), Value(0)))

    def upcoming_first(self) -> Self:
        """The ones that are not over, the soonest first, and then the others, the latest first."""
        is_upcoming = Q(ends_at__gt=timezone.now())
        return self.order_by(
            Case(When(is_upcoming, then="starts_at")).asc(nulls_last=True), "-starts_at", "pk"
        )

    def with_popularity(self) -> Self:
        """Annotate ``places_taken`` over all ticket types."""
        return self.annotate(places_taken=Coalesce(Sum("ticket_types__stock__taken"), Value(0)))

    def with_rating(self) -> Self:
        """Annotate ``review_count`` and ``average_rating`` (None without reviews) of the reviews
        that are not hidden.
        """
        is_shown = Q(reviews__hidden_at=None)
        return self.annotate(
            review_count=Count("reviews", filter=is_shown),
            average_rating=Avg("reviews__rating", filter=is_shown),
        )

    def with_favorite_of(self, user: Any) -> Self:
        """Annotate ``is_favorite`` for this visitor, or for the member whom an expression names."""
        if not isinstance(user, Expression) and not user.is_authenticated:
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
            .select_related("city", "category")
            .defer("description")
            .prefetch_related(visible_ticket_types())
        )

    def for_detail(self, user: Any) -> Self:
        """All that an event's own page shows, but for reviews and similar events."""
        return (
            self.with_favorite_of(user)
            .with_rating()
            .select_related("city", "category", "host")
            .prefetch_related(visible_ticket_types(), Prefetch("images", to_attr="pictures"))
        )

    def dates_of(self, event: "Event") -> Self:
        """All dates of the series that the event is one of, as its host has them."""
        if event.series_id is None:
            return self.none()
        return self.filter(series=event.series_id, host=event.host_id).order_by("series_day")

    def following(self, event: "Event") -> Self:
        """The dates of its series after this one that can still be changed."""
        if event.series_id is None:
            return self.none()
        later = self.dates_of(event).upcoming().filter(series_day__gt=event.series_day)
        return later.exclude(status="cancelled")

    def with_series_number(self) -> Self:
        """Annotate ``series_number`` and ``series_count``, such as 3 of 12; of an event that is
        none of a series, both are 0.
        """
        events = apps.get_model("events.Event").objects.order_by()
        dates = events.filter(series=OuterRef("series"), host=OuterRef("host"))
        until = dates.filter(series_day__lte=OuterRef("series_day"))
        return self.annotate(series_number=_count_of(until), series_count=_count_of(dates))

    def for_booking(self) -> Self:
        """All that the booking form shows: two queries."""
        return (
            self.select_related("city", "host")
            .defer("description")
            .prefetch_related(visible_ticket_types())
        )


class TicketTypeQuerySet(QuerySet["TicketType"]):
    def visible(self) -> Self:
        return self.filter(is_hidden=False)

    def with_stock(self) -> Self:
        """With what it shares, as its ``left`` asks for that."""
        return self.select_related("stock__shared_capacity")

    def offered(self) -> Self:
        """What visitors are shown of an event, with its stock."""
        return self.visible().with_stock().filter(stock__isnull=False)


class TicketStockQuerySet(QuerySet["TicketStock"]):
    def sharing_with(self, ticket_type_ids: Collection[int]) -> Self:
        """Those of these ticket types, and of all that share places with one of them."""
        stocks = apps.get_model("events.TicketStock").objects
        own = stocks.filter(pk__in=ticket_type_ids).values("pk")
        others = stocks.filter(shared_capacity__stocks__in=ticket_type_ids).values("pk")
        return self.filter(pk__in=own.union(others))


class EventImageQuerySet(QuerySet["EventImage"]):
    def with_stems(self, stems: Iterable[str]) -> Self:
        """Those with one of these files: several pictures can have the same."""
        stem = Func(
            F("image"), Value("."), Value(1), function="split_part", output_field=CharField()
        )
        return self.alias(stem=stem).filter(stem__in=set(stems))


@dataclass(frozen=True, slots=True)
class Rating:
    count: int
    average: float | None


class ReviewQuerySet(QuerySet["Review"]):
    def shown(self) -> Self:
        return self.filter(hidden_at=None)

    def rating(self) -> Rating:
        """Of those that are not hidden."""
        return Rating(**self.shown().aggregate(count=Count("pk"), average=Avg("rating")))

    def with_reply(self) -> Self:
        """All that is shown of a review: who wrote it, and what the host replied."""
        return self.select_related("user", "reply")


class HostQuerySet(QuerySet["Host"]):
    def of_user(self, user: AbstractBaseUser) -> Self:
        """Hosts that the user owns or is on the team of."""
        return self.filter(Q(owner=user) | Q(members__user=user)).distinct()

    def managed_by(self, user: AbstractBaseUser) -> Self:
        """Hosts whose bookings the user may see and change: as owner or manager."""
        is_manager = Q(members__user=user, members__role="manager")
        return self.filter(Q(owner=user) | is_manager).distinct()

    def for_page(self, user: Any) -> Self:
        """Annotate what people think of a host: ``follower_count`` and ``is_following`` for this
        visitor; ``review_count`` and ``average_rating`` (None without reviews) of its events, but
        for hidden ones.
        """
        of_host = apps.get_model("events.HostFollower").objects.filter(host=OuterRef("pk"))
        is_following: Any = Value(False)
        if user.is_authenticated:
            is_following = Exists(of_host.filter(user=user))
        reviews = apps.get_model("events.Review").objects.shown()
        of_events = reviews.filter(event__host=OuterRef("pk")).order_by().values("event__host")
        return self.annotate(
            follower_count=_count(of_host.order_by().values("host")),
            is_following=is_following,
            review_count=_count(of_events),
            average_rating=Subquery(of_events.annotate(of=Avg("rating")).values("of")),
        )

    def with_role_of(self, user: AbstractBaseUser) -> Self:
        """Annotate ``role``: "owner", one of HostRole, or None for who is not on the team."""
        members = apps.get_model("events.HostMember").objects
        role = members.filter(Q(user=user), host=OuterRef("pk")).values("role")[:1]
        is_owner = When(owner=user, then=Value("owner"))
        return self.annotate(role=Case(is_owner, default=role, output_field=CharField()))


def _count_of(events: "QuerySet[Any]") -> Coalesce:
    counted = events.values("series").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), Value(0))


def capacity_of_event() -> CombinedExpression:
    """How many places the event of the outer query has; NULL without ticket types."""
    stocks = apps.get_model("events.TicketStock").objects.order_by()
    shared = apps.get_model("events.SharedCapacity").objects.order_by()
    of_event = stocks.filter(ticket_type__event=OuterRef("pk")).values("ticket_type__event")
    is_own = When(shared_capacity=None, then="capacity")
    own = of_event.annotate(sum=Sum(Case(is_own, default=0))).values("sum")
    limits = stocks.filter(shared_capacity=OuterRef("pk")).values("shared_capacity")
    together = (
        shared.filter(event=OuterRef("pk"))
        .annotate(limits=Subquery(limits.annotate(sum=Sum("capacity")).values("sum")))
        .filter(limits__isnull=False)
        .values("event")
        .annotate(sum=Sum(Least("capacity", "limits")))
        .values("sum")
    )
    return Subquery(own) + Coalesce(Subquery(together), Value(0))


def _count(grouped: "QuerySet[Any, Any]") -> Coalesce:
    """How many rows one group has, as a subquery."""
    return Coalesce(Subquery(grouped.annotate(of=Count("pk")).values("of")), 0)


def visible_ticket_types() -> "Prefetch[Any]":
    """Of events, as ``offered``: what offer_of() is made from."""
    ticket_types = apps.get_model("events.TicketType").objects.offered()
    return Prefetch("ticket_types", queryset=ticket_types, to_attr="offered")

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import (
    Avg,
    Case,
    CharField,
    Count,
    FilteredRelation,
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
from django.utils import timezone

if TYPE_CHECKING:
    from events.models import Event, Host, TicketType


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
            .prefetch_related(visible_ticket_types(), "images")
        )

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
        return self.select_related("stock")


class HostQuerySet(QuerySet["Host"]):
    def of_user(self, user: AbstractBaseUser) -> Self:
        """Hosts that the user owns or is on the team of."""
        return self.filter(Q(owner=user) | Q(members__user=user)).distinct()

    def managed_by(self, user: AbstractBaseUser) -> Self:
        """Hosts whose bookings the user may see and change: as owner or manager."""
        is_manager = Q(members__user=user, members__role="manager")
        return self.filter(Q(owner=user) | is_manager).distinct()

    def with_role_of(self, user: AbstractBaseUser) -> Self:
        """Annotate ``role``: "owner", one of HostRole, or None for who is not on the team."""
        members = apps.get_model("events.HostMember").objects
        role = members.filter(Q(user=user), host=OuterRef("pk")).values("role")[:1]
        is_owner = When(owner=user, then=Value("owner"))
        return self.annotate(role=Case(is_owner, default=role, output_field=CharField()))


def visible_ticket_types() -> "Prefetch[Any]":
    ticket_types = apps.get_model("events.TicketType").objects
    return Prefetch(
        "ticket_types", queryset=ticket_types.visible().with_stock().filter(stock__isnull=False)
    )

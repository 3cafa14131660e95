from typing import TYPE_CHECKING, Self

from django.db.models import Count, QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User
    from bookings.models import Booking


class BookingQuerySet(QuerySet["Booking"]):
    def confirmed(self) -> Self:
        return self.filter(status="confirmed")

    def holding_places(self) -> Self:
        """Those whose tickets count as taken: confirmed, and held, even past the deadline until
        the hold is released.
        """
        return self.filter(status__in=["pending", "confirmed"])

    def overdue(self) -> Self:
        """Holds that have run out and were not released yet."""
        return self.filter(status="pending", expires_at__lte=timezone.now())

    def of_user(self, user: "User") -> Self:
        return self.filter(user=user)

    def for_listing(self) -> Self:
        """The newest first, with ``ticket_count``; without holds that came to nothing."""
        return (
            self.exclude(status="expired")
            .select_related("event__city")
            .defer("event__description", "event__search_vector")
            .annotate(ticket_count=Count("tickets"))
            .order_by("-created_at", "-pk")
        )

    def for_page(self) -> Self:
        """A booking with all that its own pages show: two queries."""
        return (
            self.select_related("event__city")
            .defer("event__description", "event__search_vector")
            .prefetch_related("tickets__ticket_type")
        )

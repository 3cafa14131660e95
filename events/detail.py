"""What an event's own page shows of it."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from eventmate.kept_queries import KeptQuery, Parameter
from events.models import Event, EventImage, Review
from events.offered import load_offered

REVIEWS_SHOWN = 10
DATES_SHOWN = 12


def _events() -> QuerySet[Event]:
    nobody = AnonymousUser()
    events = Event.objects.visible_to(nobody).for_detail(nobody)
    return events.prefetch_related(None).filter(slug=Parameter("slug"))


def _pictures() -> QuerySet[EventImage]:
    return EventImage.objects.filter(event_id=Parameter("event"))


def _reviews() -> QuerySet[Review]:
    return Review.objects.with_reply().filter(event_id=Parameter("event"))[:REVIEWS_SHOWN]


def _other_dates() -> QuerySet[Event]:
    dates = Event.objects.published().filter(
        series_id=Parameter("series"), host_id=Parameter("host"), ends_at__gt=Parameter("now")
    )
    others = dates.exclude(pk=Parameter("event")).order_by("series_day")
    return others.only("slug", "starts_at", "ends_at", "timezone", "is_all_day")[:DATES_SHOWN]


EVENTS, PICTURES = KeptQuery(_events), KeptQuery(_pictures)
REVIEWS, OTHER_DATES = KeptQuery(_reviews), KeptQuery(_other_dates)


def event_to_show_or_404(*, slug: str, user: Any) -> Event:
    """As ``for_detail`` loads it, in three queries."""
    if user.is_authenticated:
        return get_object_or_404(Event.objects.visible_to(user).for_detail(user), slug=slug)
    events = EVENTS.rows(slug=slug)
    if not events:
        raise Http404
    event = events[0]
    load_offered(events)
    event.pictures = PICTURES.rows(event=event.pk)
    return event


def load_reviews(event: Event) -> list[Review]:
    """The newest, with all that is shown of them."""
    return REVIEWS.rows(event=event.pk)


def load_other_dates(event: Event) -> list[Event]:
    """Those of its series that visitors can still go to."""
    if event.series_id is None:
        return []
    return OTHER_DATES.rows(
        event=event.pk, series=event.series_id, host=event.host_id, now=timezone.now()
    )

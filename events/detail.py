"""What an event's own page shows of it."""

from functools import partial
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


def _events(user: Any) -> QuerySet[Event]:
    events = Event.objects.visible_to(AnonymousUser()).for_detail(user)
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


EVENTS = KeptQuery(partial(_events, AnonymousUser()))
EVENTS_OF_MEMBER = KeptQuery(partial(_events, Parameter("member")))
PICTURES, REVIEWS = KeptQuery(_pictures), KeptQuery(_reviews)
OTHER_DATES = KeptQuery(_other_dates)


def event_to_show_or_404(*, slug: str, user: Any) -> Event:
    """As ``for_detail`` loads it, in three queries; three more for what not everyone sees."""
    if user.is_authenticated:
        events = EVENTS_OF_MEMBER.rows(slug=slug, member=user.pk)
        if not events:
            return get_object_or_404(Event.objects.visible_to(user).for_detail(user), slug=slug)
    else:
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

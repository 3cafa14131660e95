"""What a host's own page shows of it, but for what is upcoming."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from eventmate.kept_queries import KeptQuery, Parameter
from events.cards import cards_for
from events.models import Event, Host
from events.offered import load_offered

PAST_SHOWN = 6

HOSTS = KeptQuery(
    lambda: Host.objects.for_page(AnonymousUser()).filter(slug=Parameter("slug")).order_by()
)
PAST = KeptQuery(
    lambda: _latest(
        cards_for(AnonymousUser()).filter(host_id=Parameter("host"), ends_at__lte=Parameter("now"))
    )
)


def host_or_404(slug: str, user: Any) -> Host:
    """As ``for_page`` loads it."""
    if user.is_authenticated:
        return get_object_or_404(Host.objects.for_page(user), slug=slug)
    for host in HOSTS.rows(slug=slug):
        return host
    raise Http404


def past_events(host: Host, user: Any) -> list[Event]:
    """The latest of those that took place: two queries."""
    if user.is_authenticated:
        return list(_latest(Event.objects.filter(host=host).published().past().for_listing(user)))
    past = PAST.rows(host=host.pk, now=timezone.now())
    load_offered(past)
    return past


def _latest(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.order_by("-ends_at", "-pk")[:PAST_SHOWN]

from itertools import groupby

from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from eventmate.mail.composing import absolute, compose_mail, one_line
from events.host_news.links import Subscription, unsubscribe_link
from events.models import Event, HostNews, NewsReader
from events.saved_searches import has_own_address


def compose(news: HostNews) -> EmailMultiAlternatives | None:
    """The mail, with its events as they are now; None where nobody wants it any more, or there is
    nothing left to tell.
    """
    reader = news.reader
    user = reader.user
    if not user.is_active or not has_own_address(user):
        return None
    events = list(
        Event.objects.filter(
            pk__in=news.event_ids, host__followers__user=user, host__followers__is_mailed=True
        )
        .published()
        .upcoming()
        .for_listing(AnonymousUser())
        .order_by("host__name", "host_id", "starts_at", "pk")
    )
    if not events:
        return None
    rest = news.total - len(news.event_ids)
    link = unsubscribe_link(Subscription(reader.pk))
    return compose_mail(
        template="events/mail/host_news",
        subject=_subject(events, rest),
        recipient=user.email,
        message_id=news.message_id,
        context={
            "name": one_line(user.name),
            "hosts": _by_host(events, reader),
            "rest": f"{rest:,}" if rest else "",
            "unsubscribe_link": link,
            "follows_link": absolute(reverse("events:follows")),
        },
        unsubscribe_url=link,
    )


def _by_host(events: list[Event], reader: NewsReader) -> list[dict[str, object]]:
    return [
        {
            "host": host,
            "name": one_line(host.name),
            "events": list(some),
            "unsubscribe_link": unsubscribe_link(Subscription(reader.pk, host.pk)),
        }
        for host, some in groupby(events, key=lambda event: event.host)
    ]


def _subject(events: list[Event], rest: int) -> str:
    names = list(dict.fromkeys(one_line(event.host.name) for event in events))
    total = len(events) + rest
    what = one_line(events[0].title) if total == 1 else f"{total:,} new events"
    others = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{what} · {names[0]}{others}"

from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from eventmate.mail.composing import absolute, compose_mail, one_line
from events.alerts.links import unsubscribe_link
from events.models import Alert, Event, MailFrequency, SavedSearch
from events.saved_searches import has_own_address


def compose(alert: Alert) -> EmailMultiAlternatives | None:
    """The mail, with its events as they are now; None where nobody wants it any more, or there is
    nothing left to tell.
    """
    search = alert.search
    user = search.user
    if search.frequency == MailFrequency.NEVER or not user.is_active or not has_own_address(user):
        return None
    events = list(
        Event.objects.filter(pk__in=alert.event_ids)
        .published()
        .upcoming()
        .for_listing(AnonymousUser())
        .order_by("starts_at", "pk")
    )
    if not events:
        return None
    rest = alert.total - len(alert.event_ids)
    link = unsubscribe_link(search)
    return compose_mail(
        template="events/mail/new_matches",
        subject=_subject(search, events, rest),
        recipient=user.email,
        message_id=alert.message_id,
        context={
            "name": one_line(user.name),
            "search": search,
            "search_name": one_line(search.name),
            "events": events,
            "rest": f"{rest:,}" if rest else "",
            "link": absolute(search.get_absolute_url()),
            "unsubscribe_link": link,
            "searches_link": absolute(reverse("events:saved_searches")),
        },
        unsubscribe_url=link,
    )


def _subject(search: SavedSearch, events: list[Event], rest: int) -> str:
    total = len(events) + rest
    found = one_line(events[0].title) if total == 1 else f"{total:,} new events"
    return f"{found} · {one_line(search.name)}"

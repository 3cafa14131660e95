"""Times, prices and places left, as every page shows them."""

import datetime as dt
from decimal import Decimal
from html import escape
from urllib.parse import urlencode, urlsplit

from django import template
from django.core.files.storage import default_storage
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from eventmate.paths import path_of
from eventmate.timezones import time_zone
from events.availability import Availability, Offer, offer_of
from events.markdown import render_markdown
from events.models import Event, EventStatus, SaleState, TicketType
from events.models.triggers import FEW
from events.money import format_money
from events.schedule import Schedule

MAP = "https://www.openstreetmap.org"
START = '<time datetime="{}">{}{}</time>'

STATE_BADGES = {
    Availability.CANCELLED: mark_safe('<span class="badge cancelled">Cancelled</span>'),
    Availability.OVER: mark_safe('<span class="badge past">Past event</span>'),
    Availability.SOLD_OUT: mark_safe('<span class="badge sold-out">Sold out</span>'),
    Availability.NOT_STARTED: mark_safe('<span class="badge">On sale soon</span>'),
    Availability.CLOSED: mark_safe('<span class="badge past">Sales have ended</span>'),
}

register = template.Library()

register.filter("markdown", render_markdown)
register.simple_tag(path_of)


@register.filter
def money(amount: Decimal | int, currency: str) -> str:
    return format_money(amount, currency)


@register.filter
def offer(event: Event) -> Offer:
    return offer_of(event)


@register.filter
def place(event: Event) -> str:
    """Such as "Blue Room, Berlin", "Berlin and online", "Online" or "Place to be announced"."""
    city = event.city.name if event.city else ""
    where = ", ".join(filter(None, (event.venue, city)))
    if where:
        return f"{where} and online" if event.is_online else where
    return "Online" if event.is_online else "Place to be announced"


@register.filter
def map_url(event: Event) -> str:
    """A map of the place: at its coordinates, or by a search for its address."""
    if event.latitude is not None:
        position = f"{event.latitude:.5f}/{event.longitude:.5f}"
        query = urlencode({"mlat": event.latitude, "mlon": event.longitude})
        return f"{MAP}/?{query}#map=17/{position}"
    address = ", ".join(filter(None, (event.address or event.venue, str(event.city or ""))))
    return f"{MAP}/search?{urlencode({'query': address})}"


@register.filter
def cover_url(event: Event) -> str:
    """Of the first image of an event from a listing, or of the cover that is drawn for it."""
    if name := getattr(event, "cover_image", None):
        return default_storage.url(name)
    return path_of("events:cover", event.category.slug, event.slug)


@register.filter
def domain(address: str) -> str:
    """Of a web address, what tells people where it leads."""
    return urlsplit(address).netloc.removeprefix("www.")


@register.filter
def at_place(instant: dt.datetime, event: Event) -> str:
    """An instant on the clock of the event's place, such as "Fri 4 Dec 2026, 19:00 CET"."""
    local = instant.astimezone(time_zone(event.timezone))
    moment = Schedule(instant, instant + dt.timedelta(minutes=1), event.timezone)
    return f"{_day(local)}, {local:%H:%M} {moment.zone}"


@register.simple_tag
def event_start(event: Event) -> SafeString:
    """When it starts, in one line: for cards."""
    if not event.is_scheduled:
        return mark_safe("No date yet")
    schedule = event.schedule
    # A night out that ends after midnight is one evening's, not two days'.
    is_short = schedule.ends_at - schedule.starts_at < dt.timedelta(hours=24)
    dates = _day(schedule.start) if is_short else schedule.dates
    clock = "" if schedule.is_all_day else f" · {schedule.start:%H:%M} {schedule.zone}"
    # A page of cards has dozens, and format_html() takes four times as long.
    return SafeString(START.format(_machine_time(schedule), escape(dates), escape(clock)))


@register.inclusion_tag("events/_when.html")
def event_when(event: Event) -> dict[str, object]:
    """When it takes place, in full: for the event's own page and its bookings."""
    schedule = event.schedule
    is_one_day = schedule.first_day == schedule.last_day
    return {
        "event": event,
        "schedule": schedule,
        "starts": _machine_time(schedule),
        "ends": schedule.end.isoformat(),
        "has_short_form": is_one_day and schedule.start.utcoffset() == schedule.end.utcoffset(),
    }


@register.simple_tag
def state_badge(event: Event, state: Availability) -> SafeString:
    """Why an event cannot be booked, in two or three words; nothing for one that can."""
    if event.status == EventStatus.DRAFT:
        return mark_safe('<span class="badge draft">Draft</span>')
    return STATE_BADGES.get(state, SafeString())


@register.simple_tag
def ticket_availability(ticket_type: TicketType, is_payable: bool) -> SafeString:
    """Whether tickets of a type can be booked, and if not, why."""
    match ticket_type.sale_state:
        case SaleState.SOLD_OUT:
            return mark_safe('<span class="badge sold-out">Sold out</span>')
        case SaleState.CLOSED:
            return mark_safe('<span class="badge past">Sales have ended</span>')
        case SaleState.NOT_STARTED:
            starts = at_place(ticket_type.sales_start, ticket_type.event)  # type: ignore[arg-type]
            return format_html('<span class="badge">On sale from {}</span>', starts)
    if not is_payable:
        return mark_safe('<span class="badge past">Not sold here</span>')
    left = ticket_type.stock.left
    if left <= FEW:
        return format_html('<span class="badge few-left">{} left</span>', left)
    return mark_safe('<span class="badge free">Available</span>')


@register.inclusion_tag("events/_rating.html")
def rating_stars(value: float, count: int | None = None) -> dict[str, object]:
    """Stars for a rating of 1 to 5, with the number as text, and how many it is the average of."""
    return {"value": value, "width": round(value / 5 * 100, 1), "count": count}


@register.simple_tag(takes_context=True)
def page_query(context: template.Context, number: int) -> str:
    """The query string of another page of the same list, its filters kept."""
    query: QueryDict = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


def _day(local: dt.datetime) -> str:
    return f"{local:%a} {local.day} {local:%b %Y}"


def _machine_time(schedule: Schedule) -> str:
    if schedule.is_all_day:
        return schedule.first_day.isoformat()
    return schedule.start.isoformat()

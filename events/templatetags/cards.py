"""An event as a card. A page has dozens: formatted here, one takes a tenth of what a template with
its includes takes.
"""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from eventmate.pages.recording import Spot, current_recording
from events.availability import Availability, Offer, offer_of
from events.models import Event
from events.templatetags.events import event_start, place, state_badge
from events.templatetags.images import card_cover
from events.templatetags.search import kilometres

CARD = """<article class="card">
  <div class="card-cover">{cover} {state} {heart}</div>
  <div class="card-body">
    <p class="card-when">{when}</p>
    <h3 class="card-title"><a href="{path}">{title}</a></h3>
    <p class="card-where">{place}{distance}</p>
    <p class="card-foot">{price} {left}</p>
  </div>
</article>"""
DISTANCE = ' <span class="card-distance">{}</span>'
PRICE = '<span class="card-price">{}</span>'
LEFT = "<span>{} places left</span>"
FEW_LEFT = '<span class="badge few-left">{} left</span>'
KEPT = '<span class="kept">{}<span class="visually-hidden">Among your favourites</span></span>'

NOTHING = mark_safe("")

register = template.Library()


@register.simple_tag
def card(event: Event) -> SafeString:
    """Of an event from a listing."""
    offer = offer_of(event)
    return format_html(
        CARD,
        cover=card_cover(event, sizes="(min-width: 48rem) 20rem, 90vw", most=960),
        state=state_badge(event, offer.availability),
        heart=_heart(event),
        when=event_start(event),
        path=event.get_absolute_url(),
        title=event.title,
        place=place(event),
        distance=_distance(event),
        price=format_html(PRICE, offer.price) if offer.price else NOTHING,
        left=_left(offer),
    )


def _heart(event: Event) -> SafeString:
    """Where the visitor keeps it."""
    if record := current_recording():
        spot = Spot(visitor="", member="", fact="favorites", number=event.pk, holds=_kept())
        return record.spot(spot)
    return _kept() if event.is_favorite else NOTHING


@cache
def _kept() -> SafeString:
    return format_html(KEPT, render_to_string("events/_heart.html"))


def _distance(event: Event) -> SafeString:
    away = kilometres(getattr(event, "distance", None))
    return format_html(DISTANCE, away) if away else NOTHING


def _left(offer: Offer) -> SafeString:
    if offer.availability is not Availability.BOOKABLE:
        return NOTHING
    return format_html(FEW_LEFT if offer.is_nearly_sold_out else LEFT, offer.left)

"""An event as a card. A page has dozens: formatted here, one takes a tenth of what a template with
its includes takes.
"""

from functools import cache
from html import escape

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from eventmate.pages.recording import Spot, current_recording
from events.availability import Availability, Offer, offer_of
from events.models import Event
from events.templatetags.events import event_start, place, state_badge
from events.templatetags.images import card_cover
from events.templatetags.search import kilometres

# What hosts wrote goes in by escape() only.
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

register = template.Library()


@register.simple_tag
def card(event: Event) -> SafeString:
    """Of an event from a listing."""
    offer = offer_of(event)
    html = CARD.format(
        cover=card_cover(event, sizes="(min-width: 48rem) 20rem, 90vw", most=960),
        state=state_badge(event, offer.availability),
        heart=_heart(event),
        when=event_start(event),
        path=escape(event.get_absolute_url()),
        title=escape(event.title),
        place=escape(place(event)),
        distance=_distance(event),
        price=PRICE.format(escape(offer.price)) if offer.price else "",
        left=_left(offer),
    )
    return SafeString(html)


def _heart(event: Event) -> str:
    """Where the visitor keeps it."""
    if record := current_recording():
        spot = Spot(visitor="", member="", fact="favorites", number=event.pk, holds=_kept())
        return record.spot(spot)
    return _kept() if event.is_favorite else ""


@cache
def _kept() -> str:
    return KEPT.format(render_to_string("events/_heart.html"))


def _distance(event: Event) -> str:
    away = kilometres(getattr(event, "distance", None))
    return DISTANCE.format(away) if away else ""


def _left(offer: Offer) -> str:
    if offer.availability is not Availability.BOOKABLE:
        return ""
    return (FEW_LEFT if offer.is_nearly_sold_out else LEFT).format(offer.left)

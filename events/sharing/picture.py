"""The picture that goes with a link to an event: drawn from its own facts."""

import hashlib
from dataclasses import astuple, dataclass
from io import BytesIO

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from PIL import Image, ImageColor

from eventmate.threads import run_in_thread
from events.availability import offer_of
from events.covers import palette_of
from events.models import Event
from events.sharing.addresses import public_address
from events.sharing.art import draw_tiles, paste_mark, paste_pill
from events.sharing.lettering import fit_lines, is_readable
from events.templatetags.events import place

WIDTH, HEIGHT = 1200, 630
MARGIN = 64
ART_WIDTH = 420
TEXT_WIDTH = WIDTH - ART_WIDTH - 2 * MARGIN
MARK = 40
GAP = 12
PILL_PADDING = (22, 11)
TITLE_SIZES = (120, 104, 92, 80, 70, 60, 52, 46, 40)

INK, PAPER = "#1d1916", "#fffdfa"
COLOURS = 64  # in the file: few, and so it is small

# A new number where the same facts are drawn otherwise.
DESIGN = 2
VERSION_LENGTH = 12  # of a digest, in addresses
KEPT = 60 * 60  # seconds; those who read a link come within minutes of each other


@dataclass(frozen=True, slots=True)
class PictureFacts:
    category_slug: str
    slug: str
    title: str
    category: str
    dates: str
    hours: str
    place: str
    price: str

    @property
    def digest(self) -> str:
        """The same for the same picture."""
        return hashlib.sha256(repr((DESIGN, astuple(self))).encode()).hexdigest()[:32]


def facts_of(event: Event) -> PictureFacts:
    """Of an event with its city, category and visible ticket types."""
    schedule = event.schedule
    return PictureFacts(
        category_slug=event.category.slug,
        slug=event.slug,
        title=event.title,
        category=event.category.name,
        dates=schedule.dates,
        hours=f"{schedule.start:%H:%M} {schedule.zone}" if schedule.hours else "",
        place=place(event),
        price="Cancelled" if event.is_cancelled else offer_of(event).price,
    )


def draw_picture(facts: PictureFacts) -> bytes:
    """A PNG of WIDTH by HEIGHT. Takes some tens of milliseconds."""
    ground, *colours = palette_of(facts.category_slug)
    picture = Image.new("RGB", (WIDTH, HEIGHT), ground)
    seed = f"{facts.category_slug}/{facts.slug}"
    picture.paste(draw_tiles((ART_WIDTH, HEIGHT), ground, colours, seed), (WIDTH - ART_WIDTH, 0))
    ink = ink_on(ground)
    _draw_brand(picture, facts, ink)
    top_of_facts = _draw_facts(picture, facts, ground, ink)
    _draw_title(picture, facts, ink, bottom=top_of_facts - 2 * GAP)
    file = BytesIO()
    few = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(file, "PNG")
    return file.getvalue()


def ink_on(ground: str) -> str:
    """The colour of the two that can be read better on it."""
    return max((INK, PAPER), key=lambda ink: contrast(ink, ground))


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG counts it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in ImageColor.getrgb(colour)[:3])
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _draw_brand(picture: Image.Image, facts: PictureFacts, ink: str) -> None:
    """Whose picture it is, and what kind of event."""
    top = MARGIN - GAP
    paste_mark(picture, MARGIN, top, MARK, ink)
    words = f"EventMate · {facts.category}" if is_readable(facts.category) else "EventMate"
    name = fit_lines(words, width=TEXT_WIDTH - MARK - GAP, sizes=(28, 24), weight=600)
    name.draw(picture, MARGIN + MARK + GAP, top + (MARK - name.height) / 2, ink)


def _draw_facts(picture: Image.Image, facts: PictureFacts, ground: str, ink: str) -> float:
    """When, where and for how much, above the lower edge. Returns where they begin."""
    top = float(HEIGHT - MARGIN + GAP)
    if facts.price:
        top -= _draw_price(picture, facts.price, top, ground, ink) + GAP
    lines = []
    if where := ", ".join(part for part in facts.place.split(", ") if is_readable(part)):
        lines.append(fit_lines(where, width=TEXT_WIDTH, sizes=(32, 28), weight=500))
    if is_readable(facts.title):
        when = ", ".join(filter(None, (facts.dates, facts.hours)))
        lines.append(fit_lines(when, width=TEXT_WIDTH, sizes=(34, 30), weight=700))
    for line in lines:
        top -= line.height + GAP / 2
        line.draw(picture, MARGIN, top, ink)
    return top


def _draw_price(picture: Image.Image, price: str, bottom: float, ground: str, ink: str) -> float:
    """In a pill. Returns its height."""
    across, down = PILL_PADDING
    words = fit_lines(price, width=TEXT_WIDTH - 2 * across, sizes=(28, 24), weight=700)
    width, height = round(words.width) + 2 * across, round(words.height) + 2 * down
    top = round(bottom) - height
    paste_pill(picture, (MARGIN, top, MARGIN + width, top + height), ink)
    words.draw(picture, MARGIN + across, top + down, ground)
    return height


def _draw_title(picture: Image.Image, facts: PictureFacts, ink: str, bottom: float) -> None:
    """The title; where no font has its letters, the dates in its place."""
    top = float(MARGIN + MARK + GAP)
    text = facts.title if is_readable(facts.title) else f"{facts.dates} {facts.hours}"
    title = fit_lines(text, width=TEXT_WIDTH, sizes=TITLE_SIZES, height=bottom - top, weight=800)
    title.draw(picture, MARGIN, top + (bottom - top - title.height) / 2, ink, column=TEXT_WIDTH)


def picture_address(event: Event) -> str:
    # Sites that have seen a picture keep it by its address, for weeks.
    version = {"v": facts_of(event).digest[:VERSION_LENGTH]}
    return public_address(reverse("events:picture", args=[event.slug]), version)


def picture_of(facts: PictureFacts) -> bytes:
    """Drawn once in a while, where there is a cache to keep it in: tens of kilobytes each."""
    key = f"picture:{facts.digest}"
    picture: bytes | None = cache.get(key) if settings.REDIS_URL else None
    if picture is None:
        picture = run_in_thread(draw_picture, facts)
        if settings.REDIS_URL:
            cache.set(key, picture, KEPT)
    return picture

"""Where things stand on the page of a ticket: A4, one ticket a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bookings.pdf.content import TicketPage
from bookings.pdf.shapes import Outline, draw_mark
from bookings.pdf.text import Block, fit_lines
from bookings.pdf.typeface import load_fonts
from bookings.qr import QUIET_ZONE, QrCode

# The light colours of static/css/theme.css.
INK, INK_SOFT = HexColor("#1d1916"), HexColor("#5e554d")
ACCENT, ACCENT_SOFT = HexColor("#b8380d"), HexColor("#fcebe2")
LINE_STRONG = HexColor("#8c8279")

# In points. Printers keep a few millimetres at the edge to themselves.
PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 48
WIDTH = PAGE_WIDTH - 2 * MARGIN
PADDING = 32
INNER_WIDTH = WIDTH - 2 * PADDING
TOP = PAGE_HEIGHT - MARGIN - 40  # of the card, below the header
QR_SIZE = 185  # of what is dark; the padding is its quiet zone, too
CODE_ROOM = 48  # for the code in letters, a quiet zone below
FACTS_WIDTH = INNER_WIDTH - QR_SIZE - PADDING
GAP = 14

# What has names and titles of the greatest length is drawn smaller as a whole.
SCALES = (1, 0.85, 0.7, 0.55)

DOOR_NOTE = "Show this code at the door, on paper or on a screen. It lets in one person, once."


def draw_tickets(pages: Sequence[TicketPage]) -> bytes:
    """The same pages always give the same bytes."""
    load_fonts()
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1, lang="en")
    canvas.setTitle(_document_title(pages))
    canvas.setAuthor("EventMate")
    canvas.setCreator("EventMate")
    canvas.setSubject(f"Booking {pages[0].reference}")
    for number, page in enumerate(pages, start=1):
        _draw_page(canvas, page, f"Ticket {number} of {len(pages)}" if pages[1:] else "Ticket")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _document_title(pages: Sequence[TicketPage]) -> str:
    return f"{'Ticket' if len(pages) == 1 else 'Tickets'} for {pages[0].title}"


@dataclass(frozen=True, slots=True)
class Part:
    """A block, and the room that is left below it."""

    block: Block
    colour: HexColor
    room: float = 0


class Card:
    """What a ticket says, laid out: the event above the fold, the seat below it."""

    def __init__(self, page: TicketPage, scale: float) -> None:
        self.head = _head(page, scale)
        self.facts = _facts(page, scale)
        self.foot = _foot(page)
        self.fold = TOP - _height(self.head) - 2 * PADDING
        stub = max(QR_SIZE + CODE_ROOM, _height(self.facts)) + 2 * PADDING
        self.bottom = self.fold - stub

    @property
    def fits(self) -> bool:
        return self.bottom - GAP - _height(self.foot) >= MARGIN / 2


def _draw_page(canvas: Canvas, page: TicketPage, number: str) -> None:
    for scale in SCALES:
        card = Card(page, scale)
        if card.fits:
            break
    _draw_header(canvas, number)
    _draw_outline(canvas, card)
    left = MARGIN + PADDING
    _draw_parts(canvas, card.head, left, TOP - PADDING)
    _draw_parts(canvas, card.facts, left + QR_SIZE + PADDING, card.fold - PADDING)
    _draw_qr(canvas, page, left, card.fold - PADDING)
    _draw_parts(canvas, card.foot, MARGIN, card.bottom - GAP)


def _head(page: TicketPage, scale: float) -> list[Part]:
    fit = partial(fit_lines, width=INNER_WIDTH, scale=scale)
    parts = [
        Part(fit(page.title, sizes=(28, 23, 19, 16), most_lines=3, is_bold=True), INK, 12),
        Part(fit(page.when, sizes=(13,), is_bold=True), ACCENT, 12),
        Part(fit(page.place, sizes=(13, 11), most_lines=2, is_bold=True), INK, 2),
    ]
    if page.address:
        parts.append(Part(fit(page.address, sizes=(11, 10), most_lines=2), INK_SOFT))
    return parts


def _facts(page: TicketPage, scale: float) -> list[Part]:
    fit = partial(fit_lines, width=FACTS_WIDTH, scale=scale)
    return [
        Part(fit("Name", sizes=(9,)), INK_SOFT, 1),
        Part(fit(page.attendee, sizes=(20, 16, 13), most_lines=3, is_bold=True), INK, GAP),
        Part(fit("Ticket", sizes=(9,)), INK_SOFT, 1),
        Part(fit(page.ticket_type, sizes=(13, 11), most_lines=2), INK, GAP),
        Part(fit("Price", sizes=(9,)), INK_SOFT, 1),
        Part(fit(page.price, sizes=(13, 11)), INK, GAP),
        Part(fit("Booking", sizes=(9,)), INK_SOFT, 1),
        Part(fit(page.reference, sizes=(13,)), INK),
    ]


def _foot(page: TicketPage) -> list[Part]:
    fit = partial(fit_lines, width=WIDTH, sizes=(10, 9), most_lines=2)
    return [Part(fit(DOOR_NOTE), INK_SOFT, 2), Part(fit(f"Hosted by {page.host}"), INK_SOFT)]


def _height(parts: Sequence[Part]) -> float:
    return sum(part.block.height + part.room for part in parts)


def _draw_parts(canvas: Canvas, parts: Sequence[Part], left: float, top: float) -> None:
    for part in parts:
        part.block.draw(canvas, left, top, part.colour)
        top -= part.block.height + part.room


def _draw_header(canvas: Canvas, number: str) -> None:
    top = PAGE_HEIGHT - MARGIN
    canvas.setFillColor(ACCENT)
    canvas.setStrokeColor(white)
    draw_mark(canvas, MARGIN, top - 22, 22)
    name = fit_lines("EventMate", width=WIDTH, sizes=(15,), is_bold=True)
    name.draw(canvas, MARGIN + 30, top - 1, INK)
    block = fit_lines(number, width=WIDTH, sizes=(11,))
    block.draw(canvas, MARGIN + WIDTH - block.width, top - 4, INK_SOFT)


def _draw_outline(canvas: Canvas, card: Card) -> None:
    outline = Outline(
        MARGIN,
        card.bottom,
        WIDTH,
        TOP - card.bottom,
        radius=14,
        notch=9,
        notch_height=card.fold - card.bottom,
    )
    canvas.saveState()
    canvas.clipPath(outline.path(canvas), stroke=0, fill=0)
    canvas.setFillColor(ACCENT_SOFT)
    canvas.rect(MARGIN, card.fold, WIDTH, TOP - card.fold, stroke=0, fill=1)
    canvas.setFillColor(ACCENT)
    canvas.rect(MARGIN, TOP - 7, WIDTH, 7, stroke=0, fill=1)
    canvas.restoreState()
    canvas.saveState()
    canvas.setStrokeColor(LINE_STRONG)
    canvas.setLineWidth(0.8)
    canvas.drawPath(outline.path(canvas), stroke=1, fill=0)
    canvas.setDash(3, 4)
    canvas.line(MARGIN + 14, card.fold, MARGIN + WIDTH - 14, card.fold)
    canvas.restoreState()


def _draw_qr(canvas: Canvas, page: TicketPage, left: float, top: float) -> None:
    code = QrCode(page.signed_code)
    module = QR_SIZE / (code.size - 2 * QUIET_ZONE)
    path = canvas.beginPath()
    for run in code.runs():
        x = left + (run.left - QUIET_ZONE) * module
        y = top - (run.top - QUIET_ZONE + 1) * module
        path.rect(x, y, run.length * module, module)
    canvas.setFillColor(black)
    canvas.drawPath(path, stroke=0, fill=1)
    letters = fit_lines(page.code, width=QR_SIZE, sizes=(12, 11), is_bold=True)
    below = top - QR_SIZE - QUIET_ZONE * module
    letters.draw(canvas, left + (QR_SIZE - letters.width) / 2, below, INK)

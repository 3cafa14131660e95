"""The outline that EventMate's mark and its tickets share: rounded, with a notch on each side."""

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject


@dataclass(frozen=True, slots=True)
class Outline:
    """In points, from the lower left corner of the page."""

    left: float
    bottom: float
    width: float
    height: float
    radius: float
    notch: float  # its radius
    notch_height: float  # of its centre above the bottom

    def path(self, canvas: Canvas) -> PDFPathObject:
        right, top = self.left + self.width, self.bottom + self.height
        corner, middle = 2 * self.radius, self.bottom + self.notch_height
        low, high = middle - self.notch, middle + self.notch
        path = canvas.beginPath()
        path.moveTo(self.left + self.radius, self.bottom)
        path.arcTo(right - corner, self.bottom, right, self.bottom + corner, 270, 90)
        path.arcTo(right - self.notch, low, right + self.notch, high, 270, -180)
        path.arcTo(right - corner, top - corner, right, top, 0, 90)
        path.arcTo(self.left, top - corner, self.left + corner, top, 90, 90)
        path.arcTo(self.left - self.notch, low, self.left + self.notch, high, 90, -180)
        path.arcTo(self.left, self.bottom, self.left + corner, self.bottom + corner, 180, 90)
        path.close()
        return path


def draw_mark(canvas: Canvas, left: float, bottom: float, size: float) -> None:
    """The mark of static/img/favicon.svg, in the canvas's colours: fill for the ticket, stroke for
    the tick.
    """
    unit = size / 32
    ticket = Outline(
        left + unit, bottom + unit, 30 * unit, 30 * unit, 8 * unit, 3.8 * unit, 15 * unit
    )
    canvas.drawPath(ticket.path(canvas), stroke=0, fill=1)
    canvas.setLineWidth(3.2 * unit)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    tick = canvas.beginPath()
    tick.moveTo(left + 10 * unit, bottom + 15.4 * unit)
    tick.lineTo(left + 14.2 * unit, bottom + 11.2 * unit)
    tick.lineTo(left + 22.4 * unit, bottom + 20 * unit)
    canvas.drawPath(tick)

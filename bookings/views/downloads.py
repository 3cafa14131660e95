"""Tickets as files to keep."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from bookings.models import Ticket
from bookings.pdf import tickets_pdf


def pdf_file(tickets: Sequence[Ticket], filename: str) -> HttpResponse:
    return _file(tickets_pdf(tickets), filename, "application/pdf")


def calendar_file(content: bytes, filename: str) -> HttpResponse:
    return _file(content, filename, "text/calendar; charset=utf-8")


def _file(content: bytes, filename: str, content_type: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition}
    )

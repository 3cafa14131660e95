"""What admins search for, found by indexes."""

from collections.abc import Iterable

from django.contrib.postgres.search import SearchVectorExact
from django.db.models import Q

from bookings.models import Booking, Ticket, VoidCode, WaitlistEntry
from bookings.models.booking import words_of_booking
from bookings.models.ticket import IS_NAMED, words_of_ticket
from eventmate.admin_lists import few
from eventmate.words import Beginnings
from events.admin.finding import events_titled


def booking_matching(terms: list[str]) -> Q:
    """All terms are of its buyer, or of the title of its event; or one is a reference or a code."""
    tickets = Ticket.objects.filter(code__in=_capitals(terms))
    return (
        _of_buyer(terms)
        | Q(pk__in=list(tickets.values_list("booking", flat=True)))
        | Q(event__in=events_titled(terms))
    )


def ticket_matching(terms: list[str]) -> Q:
    """All terms are of its attendee, or of the buyer; or one is a code or a reference."""
    void = VoidCode.objects.filter(code__in=_capitals(terms))
    attendee = Q(SearchVectorExact(words_of_ticket(), _beginnings(terms))) & IS_NAMED
    return (
        attendee
        | Q(code__in=_capitals(terms))
        | Q(pk__in=list(void.values_list("ticket", flat=True)))
        | Q(booking__in=few(Booking.objects.filter(_of_buyer(terms))))
    )


def message_matching(terms: list[str]) -> Q:
    """Any of the terms: a message has one address, and is about one thing."""
    references = _capitals(terms)
    bookings = few(Booking.objects.filter(reference__in=references))
    entries = few(WaitlistEntry.objects.filter(reference__in=references))
    matching = Q(booking__in=bookings) | Q(waitlist_entry__in=entries)
    for term in terms:
        matching |= Q(recipient__istartswith=term)
    return matching


def _of_buyer(terms: list[str]) -> Q:
    words = SearchVectorExact(words_of_booking(), _beginnings(terms))
    return Q(words) | Q(reference__in=_capitals(terms))


def _beginnings(terms: Iterable[str]) -> Beginnings:
    return Beginnings(word for term in terms for word in term.lower().split())


def _capitals(terms: Iterable[str]) -> list[str]:
    return [term.upper() for term in terms]

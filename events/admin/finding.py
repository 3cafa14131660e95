"""What admins search for, found by indexes."""

from django.contrib.auth import get_user_model
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import Q

from eventmate.admin_lists import few
from eventmate.words import Beginnings
from events.models import City, Event, Host
from events.search.words import fold
from events.words import words_of_event


def event_matching(terms: list[str]) -> Q:
    """Each term begins a word of the title or venue, or is in the name of the host or the city.

    Their keys are asked for before, so that every part is a condition on a column of events that
    has an index, and PostgreSQL knows how many rows each has.
    """
    matching = Q()
    for term in terms:
        hosts = few(Host.objects.filter(name__icontains=term))
        cities = few(City.objects.filter(name__icontains=term))
        matching &= _in_words([term]) | Q(host__in=hosts) | Q(city__in=cities)
    return matching


def events_titled(terms: list[str]) -> list[int]:
    """The keys of events by whose title bookings and the like are found; none of too many."""
    return few(Event.objects.filter(_in_words(terms)))


def review_matching(terms: list[str]) -> Q:
    """All terms are in the text, or in the title of its event; or one is the writer's address."""
    text = SearchVector("text", config="simple")
    asked = SearchQuery(" ".join(terms), config="simple")
    writers = few(get_user_model().objects.filter(email__in=[term.lower() for term in terms]))
    events = events_titled(terms)
    return Q(SearchVectorExact(text, asked)) | Q(event__in=events) | Q(user__in=writers)


def _in_words(terms: list[str]) -> Q:
    words = [word for term in terms for word in fold(term).split()]
    if not words:
        return Q(pk__in=[])
    return Q(SearchVectorExact(words_of_event(), Beginnings(words)))

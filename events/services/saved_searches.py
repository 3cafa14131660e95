"""Searches that people keep, and whether they get mail about them."""

from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from events.exceptions import EventError, EventRefusal
from events.models import MailFrequency, SavedSearch
from events.search.criteria import Criteria
from events.search.horizon import listing_horizon
from events.search.tsquery import Wanted, query_of

MOST_SEARCHES = 50


def save_search(
    *,
    user: Any,
    name: str,
    query: str,
    criteria: Criteria,
    has_moving_days: bool,
    frequency: MailFrequency,
) -> SavedSearch:
    """Keep a search, whose ``criteria`` are what the ``query`` means. One that asks the same is
    there already and gets this frequency; its name stays.

    Raises EventError: TOO_MANY_SEARCHES.
    """
    # Which words are whole ones changes with what is listed.
    words = replace(criteria.words, whole=frozenset())
    horizon = listing_horizon()
    with transaction.atomic():
        # Of two that are saved at once, the second counts the first.
        get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
        searches = SavedSearch.objects.of(user)
        if search := searches.filter(query=query).first():
            return set_frequency(search=search, frequency=frequency)
        if searches.count() >= MOST_SEARCHES:
            raise EventError(
                EventRefusal.TOO_MANY_SEARCHES,
                f"You have {MOST_SEARCHES} saved searches. Delete one to save another.",
            )
        return searches.create(
            user=user,
            name=name,
            query=query,
            has_moving_days=has_moving_days,
            tags=[tags[0] for tags in criteria.tags_by_dimension().values() if len(tags) == 1],
            words=Wanted(query_of(words)) if words else None,
            frequency=frequency,
            told_until=horizon,
        )


def set_frequency(*, search: SavedSearch, frequency: MailFrequency) -> SavedSearch:
    """Send mail about a search this often. Where there was none, it begins with what is listed from
    now on.
    """
    with transaction.atomic():
        search = SavedSearch.objects.select_for_update().get(pk=search.pk)
        if search.frequency == MailFrequency.NEVER:
            search.told_until = max(search.told_until, listing_horizon())
            search.looked_at = timezone.now()
        search.frequency = frequency
        search.save(update_fields=["frequency", "told_until", "looked_at"])
    return search


def change_search(*, search: SavedSearch, name: str, frequency: MailFrequency) -> SavedSearch:
    with transaction.atomic():
        SavedSearch.objects.filter(pk=search.pk).update(name=name)
        return set_frequency(search=search, frequency=frequency)

"""New events."""

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from events.models import Category, Event, EventStatus, Host
from events.services.slugs import event_slug

ATTEMPTS = 5
# What an event that has no times yet has in their place.
NO_DAY = dt.timedelta(days=28)
NO_DURATION = dt.timedelta(hours=1)
NO_ZONE = "UTC"


def create_draft(*, key: uuid.UUID, title: str, category: Category, host: Host) -> Event:
    """A draft without its times. The ``key`` is that of a form: sent again, it makes no other, and
    what was typed last counts.
    """
    starts_at = timezone.now() + NO_DAY
    draft = Event(
        title=title,
        category=category,
        host=host,
        timezone=NO_ZONE,
        starts_at=starts_at,
        ends_at=starts_at + NO_DURATION,
        is_scheduled=False,
    )
    with transaction.atomic():
        stored, is_new = store_draft(draft=draft, key=key)
        if not is_new and stored.status == EventStatus.DRAFT:
            stored.title, stored.category = title, category
            stored.save(update_fields=["title", "category", "updated_at"])
        return stored


def store_draft(*, draft: Event, key: uuid.UUID) -> tuple[Event, bool]:
    """The draft, and whether it is new, in the transaction that is open. Of two with a title that
    come at once, the second gets another slug.
    """
    draft.uid = str(uuid.uuid5(key, f"host:{draft.host_id}"))
    for attempt in range(1, ATTEMPTS + 1):
        if stored := Event.objects.filter(uid=draft.uid).first():
            return stored, False
        draft.slug = event_slug(title=draft.title, event=draft)
        try:
            with transaction.atomic():
                draft.save(force_insert=True)
        except IntegrityError as error:
            if attempt == ATTEMPTS or "_unique" not in str(error):
                raise
        else:
            break
    return draft, True

"""What the hosts that people follow have listed, and they were not told."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber

from events.models import Listing, NewsReader, ToldEvent

MOST_TOLD = 12


@dataclass(slots=True)
class News:
    """``event_ids`` are the soonest, up to MOST_TOLD; ``total`` is how many there are."""

    event_ids: list[int] = field(default_factory=list)
    total: int = 0


def news_for(
    readers: Iterable[NewsReader], *, until: dt.datetime, now: dt.datetime
) -> dict[int, News]:
    """By the ids of the readers that there is any for, in one query. New is what was listed before
    ``until``, since the reader was told last and since they follow its host.
    """
    told_until = {reader.pk: reader.told_until for reader in readers}
    if not told_until:
        return {}
    told = ToldEvent.objects.filter(reader=OuterRef("reader"), event=OuterRef("event"))
    found = (
        Listing.objects.filter(
            # Theirs at the least: so that PostgreSQL looks at new listings only.
            listed_at__gte=min(told_until.values()),
            listed_at__lt=until,
            ends_at__gt=now,
            host__followers__is_mailed=True,
            host__followers__told_from__lte=F("listed_at"),
            host__followers__user__news_reader__in=list(told_until),
            host__followers__user__news_reader__told_until__lte=F("listed_at"),
        )
        .annotate(reader=F("host__followers__user__news_reader"))
        .filter(~Exists(told))
    )
    soonest = found.annotate(
        place=Window(RowNumber(), partition_by="reader", order_by=["starts_at", "event_id"]),
        total=Window(Count("*"), partition_by="reader"),
    ).filter(place__lte=MOST_TOLD)
    news: dict[int, News] = defaultdict(News)
    for reader, event_id, total in soonest.order_by("reader", "place").values_list(
        "reader", "event_id", "total"
    ):
        news[reader].event_ids.append(event_id)
        news[reader].total = total
    return dict(news)

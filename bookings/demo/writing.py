"""Putting the demo into the database."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import connection, models
from psycopg import sql

from bookings.demo.builder import Demo

BATCH = 1000
DATES = ("created_at", "updated_at")

Progress = Callable[[int], object]
"""Told how many rows were written since the last time."""


def count_rows(demo: Demo) -> int:
    return sum(len(rows) for rows in _tables(demo))


def write_demo(demo: Demo, progress: Progress) -> None:
    """Inside the caller's transaction, in batches short enough for the statement timeout."""
    for rows in _tables(demo):
        _write(rows, progress)


def _tables(demo: Demo) -> list[list[models.Model]]:
    """Those that others refer to first."""
    tables: Sequence[Sequence[models.Model]] = [
        demo.users,
        [city for city in demo.catalogue.cities.values() if city.pk is None],
        [category for category in demo.catalogue.categories.values() if category.pk is None],
        list(demo.catalogue.hosts.values()),
        demo.members,
        demo.events,
        [offer.ticket_type for offer in demo.offers],
        demo.shared_capacities,
        [offer.stock for offer in demo.offers],
        [sale.booking for sale in demo.sales],
        [ticket for sale in demo.sales for ticket in sale.tickets],
        demo.check_ins,
        [change for sale in demo.sales for change in sale.changes],
        demo.entries,
        demo.promo_codes,
        demo.unlocked,
        demo.reviews,
        demo.replies,
        demo.reports,
        demo.favorites,
        demo.readers,
        demo.followers,
        demo.visits,
    ]
    return [list(rows) for rows in tables]


def _write(rows: list[models.Model], progress: Progress) -> None:
    for first in range(0, len(rows), BATCH):
        batch = rows[first : first + BATCH]
        moments = [getattr(row, "created_at", None) for row in batch]
        model = type(batch[0])
        model._default_manager.bulk_create(batch)
        _set_dates(model, {row.pk: at for row, at in zip(batch, moments, strict=True) if at})
        progress(len(batch))


def _set_dates(model: type[models.Model], moments: dict[int, dt.datetime]) -> None:
    """When a row was made is the demo's to say; inserting it set it to now. One statement for all,
    since a bulk update, which names each row, takes longer than all the rest.
    """
    fields = [field.attname for field in model._meta.fields if field.name in DATES]
    if not moments or not fields:
        return
    columns: list[sql.Composable] = [
        sql.SQL("{} = made.at").format(sql.Identifier(field)) for field in fields
    ]
    statement = sql.SQL(
        "UPDATE {table} SET {columns} FROM unnest(%s::bigint[], %s::timestamptz[]) AS made (pk, at)"
        " WHERE {table}.id = made.pk"
    ).format(table=sql.Identifier(model._meta.db_table), columns=sql.SQL(", ").join(columns))
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(moments), list(moments.values())])

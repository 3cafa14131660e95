"""The orders of a list, walked by keys: a page begins after, or ends before, a row of another one,
so that a deep page costs what the first does and links survive new rows.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any

from django.db.models import F, Func, Q, Value
from django.db.models.fields import BooleanField
from django.utils.dateparse import parse_datetime

from eventmate.kept_queries import IsOneOf, KeptQuery, Parameter
from events.listings import ListingQuerySet
from events.models import Listing
from events.search.criteria import Sort

SEPARATOR = "_"
NOTHING = "-"
PAGE_SIZE = 24
PRICE = re.compile(r"\d{1,10}(\.\d{1,2})?", re.ASCII)
# What a row says besides the keys, where the listings are annotated with it.
SHOWN = {"distance"}


class BadCursor(ValueError):
    """An address that was cut or made up."""


@dataclass(frozen=True, slots=True)
class Column:
    """One that rows are compared by. ``parse`` reads what ``str`` of its values wrote."""

    name: str
    parse: Any
    is_descending: bool = False
    has_nulls: bool = False

    def order(self, *, backwards: bool) -> Any:
        nulls: dict[str, Any] = {}
        if self.has_nulls:
            nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        column = F(self.name)
        return column.desc(**nulls) if self.is_descending != backwards else column.asc(**nulls)

    def parsed(self, text: str) -> Any:
        if text == NOTHING and self.has_nulls:
            return None
        try:
            value = self.parse(text)
        except (ValueError, OverflowError) as error:
            raise BadCursor(text) from error
        if value is None:
            raise BadCursor(text)
        return value


def instant(text: str) -> dt.datetime | None:
    """In UTC, as PostgreSQL takes no offset of 16 hours or more."""
    value = parse_datetime(text)
    return value.astimezone(dt.UTC) if value is not None and value.tzinfo else None


def price(text: str) -> Decimal | None:
    return Decimal(text) if PRICE.fullmatch(text) else None


STARTS_AT, EVENT = Column("starts_at", instant), Column("event_id", int)
COLUMNS: dict[Sort, tuple[Column, ...]] = {
    Sort.SOON: (STARTS_AT, EVENT),
    Sort.POPULAR: (Column("popularity", int, is_descending=True), STARTS_AT, EVENT),
    Sort.PRICE: (Column("lowest_price", price, has_nulls=True), STARTS_AT, EVENT),
    Sort.DEAREST: (
        Column("lowest_price", price, is_descending=True, has_nulls=True),
        STARTS_AT,
        EVENT,
    ),
    Sort.NEWEST: (
        Column("listed_at", instant, is_descending=True),
        Column("event_id", int, is_descending=True),
    ),
    Sort.DISTANCE: (Column("distance", float), STARTS_AT, EVENT),
    Sort.RELEVANCE: (Column("score", int, is_descending=True), STARTS_AT, EVENT),
}


@dataclass(frozen=True, slots=True)
class Keys:
    """The values of a row in the columns of an order, as they stand in an address."""

    columns: tuple[Column, ...]
    values: tuple[Any, ...]

    @classmethod
    def parse(cls, columns: tuple[Column, ...], text: str) -> "Keys":
        """Raises BadCursor."""
        parts = text.split(SEPARATOR)
        if len(parts) != len(columns):
            raise BadCursor(text)
        values = (column.parsed(part) for column, part in zip(columns, parts, strict=True))
        return cls(columns, tuple(values))

    def __str__(self) -> str:
        return SEPARATOR.join(_written(value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of rows in order, with the keys to go on from; None where there is nothing more."""

    rows: list[dict[str, Any]]
    previous: Keys | None = None
    following: Keys | None = None


def slice_of(
    listings: ListingQuerySet,
    columns: tuple[Column, ...],
    *,
    size: int,
    after: Keys | None = None,
    before: Keys | None = None,
    stretches: Sequence[Q] = (Q(),),
) -> Slice:
    """The first rows, or those after or before the keys of another row. All rows of a stretch come
    before those of the next, in this order; each is asked for by itself.
    """
    backwards = before is not None
    start = before or after
    ordered = listings.order_by(*(column.order(backwards=backwards) for column in columns))
    shown = {column.name for column in columns} | (SHOWN & listings.query.annotations.keys())
    rows: list[dict[str, Any]] = []
    beyond = list(_beyond(start, backwards=backwards)) if start else [Q()]
    for stretch, part in product(reversed(stretches) if backwards else stretches, beyond):
        condition = stretch & part
        wanted = size + 1 - len(rows)
        rows += ordered.filter(condition).values(*shown)[:wanted]
        if len(rows) > size:
            break
    return _cut(rows, columns, size=size, start=start, backwards=backwards)


def first_of(ids: Sequence[int], sort: Sort) -> list[dict[str, Any]]:
    """Of these events, the first rows by an order that is in FIRST: one more than are on a page."""
    rows: list[Any] = FIRST[sort].rows(ids=ids)
    return rows


def first_slice(rows: list[dict[str, Any]], sort: Sort, *, size: int) -> Slice:
    """Of such rows, those of a page with PAGE_SIZE at most."""
    return _cut(rows[: size + 1], COLUMNS[sort], size=size)


def first_rows(listings: ListingQuerySet, sort: Sort) -> Any:
    """One more than are on a page, with the columns of the order."""
    columns = COLUMNS[sort]
    ordered = listings.order_by(*(column.order(backwards=False) for column in columns))
    return ordered.values(*(column.name for column in columns))[: PAGE_SIZE + 1]


def _first(sort: Sort) -> Any:
    return first_rows(Listing.objects.filter(IsOneOf(F("event_id"), Parameter("ids"))), sort)


# A row's distance and score are of one search: see ranking.py.
FIRST: dict[Sort, KeptQuery[Any]] = {
    sort: KeptQuery(partial(_first, sort))
    for sort in COLUMNS
    if sort not in (Sort.DISTANCE, Sort.RELEVANCE)
}


def _cut(
    rows: list[dict[str, Any]],
    columns: tuple[Column, ...],
    *,
    size: int,
    start: Keys | None = None,
    backwards: bool = False,
) -> Slice:
    """The first of the rows beyond ``start``, of which there is one more where a page follows."""
    has_more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Slice([])
    first, last = (_keys(columns, row) for row in (rows[0], rows[-1]))
    has_previous = has_more if backwards else start is not None
    has_following = True if backwards else has_more
    return Slice(rows, first if has_previous else None, last if has_following else None)


def _keys(columns: tuple[Column, ...], row: dict[str, Any]) -> Keys:
    return Keys(columns, tuple(row[column.name] for column in columns))


def _written(value: Any) -> str:
    match value:
        case None:
            return NOTHING
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return repr(value) if isinstance(value, float) else str(value)


def _beyond(keys: Keys, *, backwards: bool) -> Iterator[Q]:
    """Conditions for the rows beyond the keys, nearest first, each of which an index answers: the
    columns that run the same way are compared as one row.
    """
    groups = list(_groups(keys))
    for number in range(len(groups), 0, -1):
        same = Q()
        for columns, values in groups[: number - 1]:
            same &= _equal(columns, values)
        columns, values = groups[number - 1]
        for condition in _past(columns, values, backwards=backwards):
            yield same & condition


def _groups(keys: Keys) -> Iterator[tuple[Sequence[Column], Sequence[Any]]]:
    start = 0
    for number, column in enumerate(keys.columns):
        is_last = number + 1 == len(keys.columns)
        if is_last or column.has_nulls or not _runs_alike(column, keys.columns[number + 1]):
            yield keys.columns[start : number + 1], keys.values[start : number + 1]
            start = number + 1


def _runs_alike(column: Column, following: Column) -> bool:
    return column.is_descending == following.is_descending and not following.has_nulls


def _equal(columns: Sequence[Column], values: Sequence[Any]) -> Q:
    condition = Q()
    for column, value in zip(columns, values, strict=True):
        condition &= Q(
            **{f"{column.name}__isnull": True} if value is None else {column.name: value}
        )
    return condition


def _past(columns: Sequence[Column], values: Sequence[Any], *, backwards: bool) -> Iterator[Q]:
    first = columns[0]
    if values[0] is None:
        if backwards:
            yield Q(**{f"{first.name}__isnull": False})
        return
    sign = "<" if first.is_descending != backwards else ">"
    if len(columns) == 1:
        yield Q(**{f"{first.name}__{'lt' if sign == '<' else 'gt'}": values[0]})
    else:
        yield Q(_compared(columns, sign, values))
    if first.has_nulls and not backwards:
        yield Q(**{f"{first.name}__isnull": True})


def _compared(columns: Sequence[Column], sign: str, values: Sequence[Any]) -> Func:
    """(a, b) > (x, y)."""
    names = [F(column.name) for column in columns]
    places = ", ".join(["{}"] * len(columns))
    template = f"(({places}) {sign} ({places}))"
    return RowComparison(*names, *map(Value, values), shape=template)


class RowComparison(Func):
    output_field = BooleanField()

    def __init__(self, *expressions: Any, shape: str) -> None:
        super().__init__(*expressions)
        self.shape = shape

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        params = [param for _sql, own in parts for param in own]
        return self.shape.format(*(sql for sql, _own in parts)), params

"""Lists of the admin that take no longer for a million rows than for ten thousand."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Max, Min, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import smart_split, unescape_string_literal

MOST_COUNTED = 5_000
MOST_EXAMINED = 1_000
MOST_TERMS = 5
MOST_JOINED = 200


class BoundedPaginator(Paginator):
    """Counts no further than MOST_COUNTED, and has no pages beyond: both would read all rows."""

    object_list: Any

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by().values("pk")[: MOST_COUNTED + 1].count()

    @property
    def is_long(self) -> bool:
        """Whether there is more than it counts."""
        return self._counted > MOST_COUNTED

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    def page(self, number: Any) -> Page:
        """PostgreSQL works out the columns of rows that an offset skips, and those of each list
        have subqueries: so it is asked for the keys first, and then for these rows alone.
        """
        page = super().page(number)
        keys: Any = page.object_list
        page.object_list = self._rows(keys)
        return page

    def all_rows(self) -> QuerySet[Any]:
        """Those of a list that is one page. PostgreSQL cannot know how few a search finds: it would
        read whole tables to join them, or, to have them in order, look at row after row. So it is
        asked for the keys, in no order, and then for these rows.
        """
        return self._rows(self.object_list.order_by())

    def _rows(self, some: QuerySet[Any]) -> QuerySet[Any]:
        return self.object_list.filter(pk__in=list(some.values_list("pk", flat=True)))


class NearFilter(admin.SimpleListFilter):
    """Asks something of each row that no index knows. So it looks at the first MOST_EXAMINED rows
    of what else was asked for, in the list's own order; its title is to say so.
    """

    def condition(self) -> Q | None:
        """What is asked of a row; None where nothing was chosen."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """All, as what else is asked for is not in it yet."""
        return queryset

    def among(self, rows: QuerySet[Any], order: list[Any]) -> QuerySet[Any]:
        condition = self.condition()
        if condition is None:
            return rows
        first = rows.order_by(*order).values("pk")[:MOST_EXAMINED]
        return rows.filter(condition, pk__in=first)


class ChosenFilter(admin.FieldListFilter):
    """One row of many, to which the list of those rows leads: a choice of all would be a query for
    each that is in use, over the whole table, and a page of them.
    """

    def __init__(self, field: Any, *args: Any, **kwargs: Any) -> None:
        self._parameter = f"{kwargs['field_path']}__{field.target_field.name}__exact"
        super().__init__(field, *args, **kwargs)

    def expected_parameters(self) -> list[str | None]:
        return [self._parameter]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        related: Any = cast(Any, self.field.related_model)._meta
        values: Any = self.used_parameters.get(self._parameter)
        if values:
            row = related.default_manager.filter(pk=values[-1]).first()
            everything = changelist.get_query_string(remove=[self._parameter])
            yield {"selected": False, "query_string": everything, "display": "All"}
            yield {"selected": True, "query_string": "", "display": row or "None such"}
        address = reverse(f"admin:{related.app_label}_{related.model_name}_changelist")
        choose = f"Choose in the list of {related.verbose_name_plural} …"
        yield {"selected": False, "query_string": address, "display": choose}


class LongChangeList(ChangeList):
    """Where there are more rows than are counted, it is sorted by what an index has in order, it
    does not count the choices of its filters, and it says so.
    """

    paginator: BoundedPaginator
    model_admin: "LongListAdmin"
    is_long: bool

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return self._as_in_index(super().get_ordering(request, queryset))

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Any]:
        rows = super().get_queryset(request, exclude_parameters)
        for spec in self.filter_specs:
            if isinstance(spec, NearFilter) and spec.expected_parameters() != exclude_parameters:
                order = self.model_admin.get_ordering(request) or self.opts.ordering or ()
                rows = spec.among(rows, self._as_in_index(order))
        return rows

    def get_results(self, request: HttpRequest) -> None:
        paginator = BoundedPaginator(self.queryset, self.list_per_page)
        self.is_long = paginator.is_long
        if self.is_long:
            self._sort_by_index(request)
            paginator.object_list = self.queryset
            self.add_facets = self.is_facets_optional = False
        self.paginator = paginator
        self.result_count = paginator.count
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = True
        self.can_show_all = not self.is_long and self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > self.list_per_page
        if not self.multi_page:
            self.result_list = paginator.all_rows()
        elif self.show_all and self.can_show_all:
            self.result_list = self.queryset._clone()
        else:
            last = paginator.num_pages
            self.page_num = min(max(self.page_num, 1), last)
            self.result_list = paginator.page(self.page_num).object_list

    @cached_property
    def amount(self) -> str:
        """In words, of a long list."""
        if self.queryset.query.where:
            return f"More than {MOST_COUNTED:,}"
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(self.opts.db_table)
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
            rows = int(cursor.fetchone()[0])
        return f"About {rows:,}" if rows > MOST_COUNTED else f"More than {MOST_COUNTED:,}"

    @cached_property
    def dates(self) -> dict[str, Any]:
        """The links of the date hierarchy. Which days have rows is not asked: it takes reading them
        all. Years are those from the first to the last of the table.
        """
        name = self.date_hierarchy
        parts = [_number(self.params.get(f"{name}__{part}")) for part in ("year", "month", "day")]
        year, month, day = parts

        def link(**chosen: int) -> str:
            new = {f"{name}__{part}": value for part, value in chosen.items()}
            return self.get_query_string(new, [f"{name}__"])

        if not year:
            years = [{"title": str(y), "link": link(year=y)} for y in self._years()]
            return {"back": None, "choices": years}
        if not month:
            months = [
                {"title": f"{dt.date(year, m, 1):%B %Y}", "link": link(year=year, month=m)}
                for m in range(1, 13)
            ]
            return {"back": {"title": "All dates", "link": link()}, "choices": months}
        if not day:
            days = [
                {"title": f"{month_day:%B} {d}", "link": link(year=year, month=month, day=d)}
                for d in range(1, monthrange(year, month)[1] + 1)
                for month_day in [dt.date(year, month, d)]
            ]
            return {"back": {"title": str(year), "link": link(year=year)}, "choices": days}
        title = f"{dt.date(year, month, 1):%B %Y}"
        one = {"title": f"{dt.date(year, month, day):%B} {day}"}
        return {"back": {"title": title, "link": link(year=year, month=month)}, "choices": [one]}

    def _as_in_index(self, ordering: Iterable[Any]) -> list[Any]:
        """One column of the list may stand for several of an index."""
        found: list[Any] = []
        for name in ordering:
            if not isinstance(name, str):
                found.append(name)
                continue
            bare = name.removeprefix("-")
            sign = "-" if name != bare else ""
            columns = self.model_admin.sorted_by_index.get(bare, (bare,))
            found += [f"{sign}{column}" for column in columns]
        return found

    def _years(self) -> range:
        field = get_fields_from_path(self.model, self.date_hierarchy)[-1]
        ends = field.model._default_manager.order_by().aggregate(
            first=Min(field.name), last=Max(field.name)
        )
        if ends["first"] is None:
            return range(0)
        return range(_year_of(ends["first"]), _year_of(ends["last"]) + 1)

    def _sort_by_index(self, request: HttpRequest) -> None:
        allowed: Any = [
            name
            for name in self.list_display
            if self.get_ordering_field(name) in self.model_admin.sorted_by_index
        ]
        asked = {part.lstrip("-") for part in self.params.get(ORDER_VAR, "").split(".")}
        columns = {str(place) for place, name in enumerate(self.list_display) if name in allowed}
        self.sortable_by = allowed
        if asked - columns - {""}:
            del self.params[ORDER_VAR]
            self.queryset = self.queryset.order_by(*self.get_ordering(request, self.queryset))
            messages.warning(
                request,
                f"More than {MOST_COUNTED:,} rows are not sorted by this column. Search or filter"
                " first.",
            )


class LongListAdmin(admin.ModelAdmin):
    """Of rows of which there may be a million."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    change_list_template = "admin/long_change_list.html"
    # What each order that a list of any length can have is in the index.
    sorted_by_index: ClassVar[Mapping[str, tuple[str, ...]]] = {"pk": ("pk",)}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LongChangeList

    def found_by(self, terms: list[str]) -> Q | None:
        """The rows that somebody looks for, by what indexes find. None leaves it to Django, which
        reads all rows for ``search_fields``.
        """
        return None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        terms = _terms(search_term)
        found = self.found_by(terms) if terms else None
        if found is None:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(found), False


def few(rows: QuerySet[Any]) -> list[int]:
    """The keys of rows by which others are found; none where they are so many that nobody can have
    meant them.
    """
    keys = list(rows.order_by().values_list("pk", flat=True)[: MOST_JOINED + 1])
    return keys if len(keys) <= MOST_JOINED else []


def _terms(text: str) -> list[str]:
    """Words, and what stands in quotes, as Django's own search reads them."""
    terms = []
    for bit in smart_split(text.replace("\0", "")):
        is_quoted = bit.startswith(('"', "'")) and len(bit) > 1 and bit[0] == bit[-1]
        terms.append(unescape_string_literal(bit) if is_quoted else bit)
    return [term for term in terms if term.strip()][:MOST_TERMS]


def _number(text: Any) -> int | None:
    return int(text) if text and str(text).isdecimal() else None


def _year_of(day: dt.date) -> int:
    return timezone.localtime(day).year if isinstance(day, dt.datetime) else day.year

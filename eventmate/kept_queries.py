"""Queries that are put together once. Of what nearly every page asks, Django takes several times
longer to write the SQL than PostgreSQL to answer it, and writes the same each time.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from django.db import connections
from django.db.models import BooleanField, Func, Model, QuerySet, Value
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Parameter(Value):
    """Stands in a kept query for a value that each call gives, by name."""

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class Piece:
    """An expression in SQL, with its parameters."""

    sql: str
    parameters: tuple[Any, ...]


class Fragment(Parameter):
    """Stands in a kept query for an expression that differs in its SQL: each call gives a Piece."""

    @property
    def mark(self) -> str:
        return f"<{self.value}>"

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return self.mark, (self,)


class IsOneOf(Func):
    """A condition: an expression is one of the values of a list, which is one parameter."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


class KeptQuery(Generic[Row]):
    """What ``build`` returns, with Parameters in it. It is called once in a process, so nothing in
    it may depend on when that is, or on who asks.
    """

    def __init__(self, build: Callable[[], "QuerySet[Row]"]) -> None:
        self._build = build

    def rows(self, **values: object) -> list[Row]:
        """The rows, with all that the queryset loads with them."""
        queryset = self._queryset.all()
        # Not as ``query``: to set that makes dictionaries of rows that are to be tuples.
        vars(queryset)["_query"] = self._statement.with_values(values)
        return list(queryset)

    @cached_property
    def _queryset(self) -> "QuerySet[Row]":
        return self._build()

    @cached_property
    def _statement(self) -> "Statement":
        query = cast(Statement, self._queryset.query.chain(Statement))
        return query.written(self._queryset.db)


def attach(instance: Model, relation: str, rows: list[Any]) -> None:
    """Have ``instance.<relation>.all()`` give these rows, as if they had been prefetched."""
    related: Any = getattr(instance, relation).all()
    related._result_cache, related._prefetch_done = rows, True
    loaded = vars(instance).setdefault("_prefetched_objects_cache", {})
    loaded[relation] = related


class Statement(Query):
    """A query that knows its SQL."""

    _compiler: SQLCompiler
    _sql: str
    _parameters: tuple[Any, ...]
    _values: dict[str, object]

    def written(self, using: str) -> "Statement":
        self._compiler = super().get_compiler(using)
        self._sql, self._parameters = self._compiler.as_sql()
        return self

    def with_values(self, values: dict[str, object]) -> "Statement":
        statement = copy.copy(self)
        statement._values = values
        return statement

    def get_compiler(
        self, using: Any = None, connection: Any = None, elide_empty: bool = True
    ) -> SQLCompiler:
        compiler = copy.copy(self._compiler)
        compiler.connection = connection or connections[using]
        sql, parameters = self._filled()
        vars(compiler)["as_sql"] = lambda: (sql, parameters)
        return compiler

    def _filled(self) -> tuple[str, tuple[Any, ...]]:
        sql = self._sql
        parameters: list[Any] = []
        for given in self._parameters:
            match given:
                case Fragment():
                    piece = cast(Piece, self._values[given.value])
                    sql = sql.replace(given.mark, piece.sql, 1)
                    parameters += piece.parameters
                case Parameter():
                    parameters.append(self._values[given.value])
                case _:
                    parameters.append(given)
        return sql, tuple(parameters)

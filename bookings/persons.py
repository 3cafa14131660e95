"""When two e-mail addresses are one person's, for limits a person."""

from typing import Any

from django.db import models
from django.db.models import Func


class EmailKey(Func):
    """An address as its mailbox: in lower case, without a +tag, and without what Gmail ignores.

    PostgreSQL holds it immutable, so that it can be a generated column.
    """

    template = (
        "lower(CASE WHEN %(expressions)s ~* '@(gmail|googlemail)[.]com$'"
        " THEN replace(split_part(split_part(%(expressions)s, '@', 1), '+', 1), '.', '')"
        " || '@gmail.com'"
        " ELSE regexp_replace(%(expressions)s, '(.)[+][^@]*@', '\\1@') END)"
    )
    output_field = models.CharField(max_length=254)

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        sql, params = super().as_sql(*args, **kwargs)
        return sql, [*params] * self.template.count("%(expressions)s")

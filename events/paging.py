from typing import TypeVar

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

PAGE_SIZE = 24

Row = TypeVar("Row", bound=Model)


def page_or_404(
    request: HttpRequest, rows: "QuerySet[Row]", *, per_page: int = PAGE_SIZE
) -> "Page[Row]":
    """The page that the query string asks for, the first one if it does not."""
    try:
        return Paginator(rows, per_page).page(request.GET.get("page") or 1)
    except InvalidPage as error:
        raise Http404 from error

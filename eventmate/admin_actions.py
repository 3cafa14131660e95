"""What the actions of several admin pages have in common."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import model_ngettext
from django.http import HttpRequest
from django.template.response import TemplateResponse

NAMED_IN_MESSAGE = 5


def change_each(
    model_admin: ModelAdmin,
    request: HttpRequest,
    rows: Iterable[Any],
    change: Callable[[Any], object],
    *,
    done: str,
    refused_by: type[Exception],
) -> None:
    """Call a service for each row, then say how many were ``done``, such as "published", and which
    were refused and why.
    """
    changed, refused = 0, dict[str, list[str]]()
    for row in rows:
        try:
            change(row)
        except refused_by as error:
            refused.setdefault(str(error), []).append(str(row))
        else:
            changed += 1
            model_admin.log_change(request, row, f"{done.capitalize()}.")
    if changed:
        words = model_ngettext(model_admin.opts, changed)
        model_admin.message_user(request, f"{changed} {words} {done}.", messages.SUCCESS)
    for reason, names in refused.items():
        model_admin.message_user(
            request, f"Not {done}: {_some_of(names)}. {reason}", messages.WARNING
        )


def confirmation_page(
    model_admin: ModelAdmin,
    request: HttpRequest,
    rows: Iterable[Any],
    *,
    action: str,
    question: str,
    consequence: str,
    button: str,
    describe: Callable[[Any], str] = str,
) -> TemplateResponse:
    """Ask before an action. The page sends the action once more, with ``confirmed``."""
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": question,
        "consequence": consequence,
        "button": button,
        "rows": [(row.pk, describe(row)) for row in rows],
        "action": action,
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/confirm_action.html", context)


def _some_of(names: list[str]) -> str:
    some = ", ".join(f"“{name}”" for name in names[:NAMED_IN_MESSAGE])
    more = len(names) - NAMED_IN_MESSAGE
    return f"{some} and {more} more" if more > 0 else some

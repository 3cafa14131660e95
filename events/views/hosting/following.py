from django.contrib import messages
from django.http import HttpRequest
from django.template.defaultfilters import pluralize


def say_how_many(request: HttpRequest, dates: int) -> None:
    """Of a series, how many other dates were changed."""
    if dates:
        messages.success(request, f"Changed here and on {dates} date{pluralize(dates)} after it.")

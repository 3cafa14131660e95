import json
import logging
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.functional import SimpleLazyObject

from eventmate.logs.formatters import json_formatter, text_formatter
from eventmate.logs.requests import bind_request, forget_request
from tests.factories import UserFactory


@pytest.fixture
def request_under_way() -> Iterator[HttpRequest]:
    request = RequestFactory().get("/tickets/0123456789ABCDEF/")
    request.id, request.resolver_match = "c0ffee", None
    bind_request(request)
    yield request
    forget_request()


def record(
    message: str, *arguments: object, name: str = "tests", **extra: object
) -> logging.LogRecord:
    return logging.getLogger(name).makeRecord(
        name, logging.WARNING, __file__, 1, message, arguments, None, extra=extra
    )


def as_json(made: logging.LogRecord) -> dict[str, object]:
    return json.loads(json_formatter().format(made))


def test_line_has_its_fields_in_one_order() -> None:
    line = as_json(record("%d places for %s", 3, "ada@example.com", event="jazz", none=None))

    assert list(line) == ["timestamp", "level", "logger", "message", "event", "pid"]
    assert line["message"] == "3 places for [e-mail]"


def test_names_in_all_scripts_can_be_read() -> None:
    assert "Łódź" in json_formatter().format(record("Łódź"))


def test_line_belongs_to_the_request_under_way(request_under_way: HttpRequest) -> None:
    line = as_json(record("Not Found: /tickets/0123456789ABCDEF/"))

    assert line["request_id"] == "c0ffee"
    assert line["message"] == "Not Found: /tickets/…"


def test_line_outside_of_requests_belongs_to_none() -> None:
    assert "request_id" not in as_json(record("said"))


@pytest.mark.django_db
def test_user_is_named_once_somebody_has_asked_who_it_is(request_under_way: HttpRequest) -> None:
    user = UserFactory()
    request_under_way.user = SimpleLazyObject(lambda: type(user).objects.get(pk=user.pk))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert "user_id" not in as_json(record("said"))
    assert len(queries) == 0

    assert request_under_way.user.is_authenticated
    assert as_json(record("said"))["user_id"] == user.pk


def test_visitor_who_is_nobody_has_no_number(request_under_way: HttpRequest) -> None:
    request_under_way.user = AnonymousUser()

    assert "user_id" not in as_json(record("said"))


def test_values_that_are_no_data_are_told_without_what_is_personal() -> None:
    line = as_json(record("said", error=OSError("ada@example.com"), many={"a": ("b", 1)}))

    assert line["error"] == "[e-mail]"
    assert line["many"] == {"a": ["b", 1]}


def test_request_is_told_in_a_few_words_to_people() -> None:
    made = record(
        "request", name="eventmate.access", method="GET", route="events:list", status=200, queries=3
    )

    told = text_formatter().format(made)

    assert "] GET events:list 200 [eventmate.access] queries=3" in told


def test_text_of_a_visitor_makes_no_line_of_its_own() -> None:
    told = text_formatter().format(record("refused: %s", "x\n2026-01-01 00:00:00 [info] \x1b[31m"))

    assert "\n    2026-01-01" in told
    assert "\x1b" not in told


def test_traceback_is_told_to_people_as_they_know_it() -> None:
    try:
        raise ValueError("nobody has ada@example.com")
    except ValueError as error:
        made = record("failed")
        made.exc_info = (type(error), error, error.__traceback__)

    told = text_formatter().format(made).splitlines()

    assert told[1] == "Traceback (most recent call last):"
    assert told[-1] == "ValueError: nobody has [e-mail]"

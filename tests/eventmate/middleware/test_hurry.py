"""What a form asks the database is waited for on the spot, and what a page asks is not."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client

from eventmate.promptness import is_hurried


def hurries(ask: Callable[[], object]) -> set[bool]:
    """Whether it did while it asked the database."""
    seen = set()

    def note(execute: Callable[..., Any], *asked: Any) -> Any:
        seen.add(is_hurried())
        return execute(*asked)

    with connection.execute_wrapper(note):
        ask()
    return seen


def test_whoever_sends_a_form_hurries(client: Client, db: None) -> None:
    form = {"login": "nobody@example.com", "password": "pass word"}

    assert hurries(lambda: client.get("/")) == {False}
    assert hurries(lambda: client.post("/accounts/login/", form)) == {True}
    assert not is_hurried()

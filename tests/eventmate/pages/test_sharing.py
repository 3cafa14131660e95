"""Who makes a page that many ask for at once, and what the others get."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.urls import resolve

from eventmate.middleware.deadline import RequestIsLate
from eventmate.pages import flights
from eventmate.pages.shared import Sharing
from eventmate.pages.site import Pages
from loadtests.chaos.servers import wait_until
from tests.eventmate.pages.made import page, showing

ADDRESS = "/event/jazz/"
OTHERS = 6

pytestmark = pytest.mark.django_db


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1 + OTHERS) as threads:
        yield threads


def answer(pages: Pages, render: Callable[[HttpRequest], HttpResponseBase]) -> HttpResponseBase:
    request = RequestFactory().get(ADDRESS)
    request.resolver_match = resolve(ADDRESS)
    return Sharing(pages, request, render, ignores_query=True, is_small=False).answer()


class Maker:
    """Makes the page; whoever is first does so until all others wait, and fails."""

    def __init__(self, failure: BaseException) -> None:
        self.made = 0
        self._failure = failure

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self.made += 1
        if self.made == 1:
            over: Any = flights._flights[ADDRESS].is_over
            wait_until(lambda: len(over._cond._waiters) == OTHERS, "nobody waits")
            raise self._failure
        return HttpResponse("Jazz")


def asked_at_once(
    pages: Pages, threads: ThreadPoolExecutor, maker: Maker
) -> list[Future[HttpResponseBase]]:
    return [threads.submit(answer, pages, maker) for _ in range(1 + OTHERS)]


def test_page_whose_maker_is_late_is_made_by_one_of_those_who_wait(
    pages: Pages, threads: ThreadPoolExecutor
) -> None:
    maker = Maker(RequestIsLate())

    answers = asked_at_once(pages, threads, maker)

    late = [isinstance(answer.exception(), RequestIsLate) for answer in answers]
    assert late.count(True) == 1
    assert {answer.result().status_code for answer in answers if not answer.exception()} == {200}
    assert maker.made == 2


def test_page_that_is_not_there_is_looked_for_once(
    pages: Pages, threads: ThreadPoolExecutor
) -> None:
    maker = Maker(Http404())

    answers = asked_at_once(pages, threads, maker)

    assert all(isinstance(answer.exception(), Http404) for answer in answers)
    assert maker.made == 1


@pytest.mark.parametrize(("seconds", "is_taken"), [(1, True), (-1, False)])
def test_page_of_another_worker_is_taken_over_unless_it_shows_another_server(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, seconds: int, is_taken: bool
) -> None:
    given = page(ADDRESS, "Jazz", snapshot=pages.news.snapshot)
    pages.news.moved_at = given.made_at - seconds
    monkeypatch.setattr(pages.store, "given", lambda address: given)

    answer(pages, lambda _request: HttpResponse("Swing"))

    found = pages.store.find(ADDRESS, "")
    assert found
    assert (found is given) == is_taken


def test_all_pages_are_outdated_where_another_server_answers(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of an earlier time: what its transactions change, pages of before seem to show."""
    jazz = showing(ADDRESS, "event:1")
    jazz.snapshot = pages.news.snapshot
    pages.keep(jazz)
    assert jazz.is_fresh
    monkeypatch.setattr(pages.news, "_ask", lambda: ("10:10:", []))

    pages.news.catch_up()

    assert not jazz.is_fresh

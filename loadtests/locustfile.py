"""The people of `make load`: they look around, search, book, look after their bookings, and host.

`python -m loadtests.load` starts Locust with this, and tells it in the environment what is on offer
(EVENTMATE_OFFER) and where to write what came of it (EVENTMATE_REPORT), both files of JSON.
"""

import html
import itertools
import json
import os
import random
import re
import sys
import uuid
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from locust import FastHttpUser, between, events, task
from locust.env import Environment
from locust.stats import StatsEntry

from loadtests.client import BOOKING, booking_path, choice_form

OFFER = json.loads(Path(os.environ["EVENTMATE_OFFER"]).read_text())
# Of one visit. Then somebody else comes, from another address.
REQUESTS = 20
# Of somebody who logs in.
VISITS = 20
QUANTITY = re.compile(r'name="quantity_(\d+)"')
METHOD = re.compile(r'name="payment_method"[^>]*value="([^"]+)"')
# Of a whole form, and of its fields.
REFUSAL = re.compile(r'(?:role="alert"|class="errorlist")[^>]*>\s*(?:<p>|<li>)?([^<]+)')
# What a page with events shows.
A_CARD = 'href="/event/'
HOME = ("<h1>Something good is on near you</h1>", A_CARD)
LIST = ("<h1>Find an event</h1>", A_CARD)
# What a buyer may be told who did nothing wrong.
NO_LUCK = ("Sold out meanwhile", "left now", "cannot be booked here yet")

visitors = itertools.count()
booked: list[str] = []


class Visitor(FastHttpUser):
    """Someone with an address and a browser of their own."""

    abstract = True
    wait_time = between(0.1, 0.6)
    connection_timeout = 30.0
    network_timeout = 30.0
    way = ">Log in</a>"
    """In the header of their pages."""

    def on_start(self) -> None:
        self.arrive()

    def arrive(self) -> None:
        """As somebody who was never here."""
        number = next(visitors)
        self.comes_from = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.left = REQUESTS
        self.client.cookiejar.clear()

    def look(self, path: str, *shows: str, name: str) -> str:
        """Ask for a page, which has to show these texts and who looks, and return it."""
        return self.ask("GET", path, *shows, self.way, name=name)[0]

    def open_event(self, *, name: str = "event") -> str:
        """The page of one, whose slug is returned."""
        slug = one_of(OFFER["events"])
        self.look(f"/event/{slug}/", f'/event/{slug}/">', name=name)
        return slug

    def ask(
        self,
        method: str,
        path: str,
        *shows: str,
        name: str,
        form: dict[str, str] | None = None,
    ) -> tuple[str, str]:
        """The page, and where it leads."""
        if self.left <= 0:
            self.arrive()
        self.left -= 1
        headers = {"X-Forwarded-For": self.comes_from, "Sec-Fetch-Site": "same-origin"}
        if form is not None:
            cookies = {cookie.name: cookie.value for cookie in self.client.cookiejar}
            headers["X-CSRFToken"] = cookies.get("csrftoken") or ""
        with self.client.request(
            method,
            path,
            name=name,
            data=form,
            headers=headers,
            catch_response=True,
            allow_redirects=False,
        ) as response:
            page = response.text or ""
            expected = HTTPStatus.FOUND if form is not None else HTTPStatus.OK
            missing = [text for text in shows if text not in page]
            if has_no_luck(response.status_code, page):
                response.success()
            elif response.status_code != expected:
                said = "; ".join(map(str.strip, REFUSAL.findall(page)))
                response.failure(f"{response.status_code} in place of {expected}: {said}")
            elif missing:
                response.failure(f"{missing} not on the page")
            else:
                response.success()
            return page, (response.headers or {}).get("Location", "")


def has_no_luck(status: int, page: str) -> bool:
    refused = status in (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT)
    return refused and any(words in page for words in NO_LUCK)


def one_of(offered: list[Any]) -> Any:
    """The first ones more often, as many people like them."""
    return offered[min(int(random.paretovariate(0.5)) - 1, len(offered) - 1)]


def heading(text: str) -> str:
    return f"<h1>{html.escape(text)}</h1>"


class LooksAround(Visitor):
    weight = 68

    @task(5)
    def home(self) -> None:
        self.look("/", *HOME, name="home")

    @task(4)
    def everything(self) -> None:
        self.look("/events/", *LIST, name="list")

    @task(8)
    def event(self) -> None:
        self.open_event()

    @task(2)
    def city(self) -> None:
        slug, name = one_of(OFFER["cities"])
        self.look(f"/city/{slug}/", heading(f"Events in {name}"), A_CARD, name="city")

    @task(2)
    def category(self) -> None:
        slug, name = one_of(OFFER["categories"])
        self.look(f"/category/{slug}/", heading(name), A_CARD, name="category")

    @task(1)
    def organizer(self) -> None:
        slug, name = one_of(OFFER["hosts"])
        self.look(f"/host/{slug}/", heading(name), A_CARD, name="host")


class Searches(Visitor):
    weight = 20

    @task(3)
    def by_text(self) -> None:
        text = random.choice(OFFER["texts"])
        box = f'value="{html.escape(text)}"'
        self.look(f"/events/?{urlencode({'q': text})}", box, name="search")

    @task(3)
    def by_filters(self) -> None:
        (city, *names), (category, *more) = one_of(OFFER["cities"]), one_of(OFFER["categories"])
        when = random.choice(("", "&when=weekend", "&when=next-week", "&max_price=0"))
        chips = [f'{html.escape(name)} <span aria-hidden="true">×</span>' for name in names + more]
        self.look(f"/events/?city={city}&category={category}{when}", *chips, name="filtered list")

    @task(2)
    def as_one_types(self) -> None:
        text = random.choice(OFFER["texts"])
        for end in range(3, min(len(text), 6) + 1):
            query = urlencode({"q": text[:end]})
            self.ask("GET", f"/events/suggest/?{query}", name="suggestions")

    @task(2)
    def event(self) -> None:
        self.open_event()


class Books(Visitor):
    """Opens an event and books one ticket, without an account."""

    weight = 4

    @task
    def book(self) -> None:
        self.arrive()
        slug = self.open_event()
        page = self.look(booking_path(slug), "<h1>Book ", name="booking page")
        if not (quantity := QUANTITY.search(page)):
            return  # sold out, or not on sale
        choice = choice_form({int(quantity[1]): 1}, uuid.uuid4())
        _page, details = self.ask("POST", booking_path(slug), name="hold (POST)", form=choice)
        if not details:
            return
        page = self.look(details, 'name="email"', name="details")
        name = f"visitor-{uuid.uuid4().hex[:12]}"
        method = METHOD.search(page)
        form = {"name": name, "email": f"{name}@example.com"}
        form |= {"payment_method": method[1]} if method else {}
        _page, booking = self.ask("POST", details, name="confirm (POST)", form=form)
        if found := BOOKING.search(booking):
            booked.append(found["reference"])
            self.look(booking, found["reference"], name="booking")


class LogsIn(Visitor):
    """Stays logged in for some visits: to look at an account's pages needs no new log-in."""

    abstract = True
    # A hundred pages a minute are the most that an account may ask for.
    wait_time = between(0.4, 1.0)
    way = ">Log out</a>"
    accounts: ClassVar[Iterator[str]]

    def arrive(self) -> None:
        super().arrive()
        self.ask("GET", "/accounts/login/", 'name="password"', name="log-in page")
        form = {"login": next(self.accounts), "password": OFFER["password"]}
        _page, location = self.ask("POST", "/accounts/login/", name="log in (POST)", form=form)
        self.left = VISITS * REQUESTS if location else 0  # who was not let in tries again


class Member(LogsIn):
    weight = 7
    accounts = itertools.cycle(OFFER["members"])

    @task(2)
    def bookings(self) -> None:
        self.look("/bookings/", heading("My bookings"), name="my bookings")

    @task(3)
    def home(self) -> None:
        self.look("/", *HOME, name="home, logged in")

    @task(5)
    def event(self) -> None:
        self.open_event(name="event, logged in")

    @task(3)
    def everything(self) -> None:
        self.look("/events/", *LIST, name="list, logged in")


class Manages(LogsIn):
    weight = 1
    accounts = itertools.cycle(OFFER["managers"])

    @task
    def dashboard(self) -> None:
        self.look("/hosting/", heading("Hosting"), name="hosting")


@events.spawning_complete.add_listener
def say_that_all_are_here(**_: Any) -> None:
    sys.stdout.write("all are here\n")
    sys.stdout.flush()


@events.quitting.add_listener
def report(environment: Environment, **_: Any) -> None:
    stats = environment.stats
    Path(os.environ["EVENTMATE_REPORT"]).write_text(
        json.dumps(
            {
                "total": figures_of(stats.total),
                "pages": {entry.name: figures_of(entry) for entry in stats.entries.values()},
                "errors": [
                    f"{error.occurrences} × {error.name}: {error.error}"
                    for error in stats.errors.values()
                ],
                "booked": booked,
            }
        )
    )


def figures_of(entry: StatsEntry) -> dict[str, float]:
    """Times in milliseconds."""
    return {
        "requests": entry.num_requests,
        "failures": entry.num_failures,
        "per_second": entry.total_rps,
        "mean": entry.avg_response_time,
        "p50": entry.get_response_time_percentile(0.5),
        "p95": entry.get_response_time_percentile(0.95),
        "p99": entry.get_response_time_percentile(0.99),
    }

"""A buyer without a browser: a kept connection, cookies, and the two forms of a booking."""

import enum
import http.client
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

PATIENCE = 30.0
TRIES = 5
SOLD_OUT = re.compile(r"Sold out meanwhile|Only \d+ left now")
BOOKING = re.compile(r"/bookings/(?P<reference>[^/]+)/(?P<step>confirm/)?(\?|\Z)")


class Told(enum.StrEnum):
    """What the site made of a form."""

    HELD = "held"
    CONFIRMED = "confirmed"
    SOLD_OUT = "sold out"
    REFUSED = "refused"
    PAGE = "a page"
    FAILED = "failed"
    NOTHING = "no answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """``location`` is where the site sends the buyer: the details form of a hold, or the booking.

    A refusal's reason is in ``page``. Without an answer all but ``told`` is empty.
    """

    told: Told
    status: int = 0
    location: str = ""
    page: str = ""

    @property
    def reference(self) -> str:
        """The booking's; empty where the answer is about none."""
        found = BOOKING.search(self.location)
        return found["reference"] if found else ""


class Buyer:
    """One connection to the site, opened anew after it was lost. Of one thread at a time."""

    def __init__(self, url: str, *, patience: float = PATIENCE, comes_from: str = "") -> None:
        """``comes_from`` is the address that they have for a site that trusts this machine."""
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=patience
        )
        self._headers = {"X-Forwarded-For": comes_from} if comes_from else {}
        self._cookies: dict[str, str] = {}

    @property
    def cookies(self) -> str:
        """As a Cookie header sends them."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def open_booking_page(self, slug: str) -> Answer:
        """The page with the first form, and with it the cookie that forms must come with."""
        return self.get(booking_path(slug))

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def follow(self, answer: Answer) -> Answer:
        """Go where the answer leads, as far as it leads on."""
        for _ in range(TRIES):
            if not answer.location:
                break
            answer = self.get(answer.location)
        return answer

    def choose(
        self, slug: str, quantities: Mapping[int, int], *, key: uuid.UUID, promo_code: str = ""
    ) -> Answer:
        """Send the first form: how many tickets of each type, by primary key."""
        return self.post(booking_path(slug), choice_form(quantities, key, promo_code))

    def give_details(self, location: str, *, name: str, payment_method: str = "free") -> Answer:
        """Send the second form, to where the first one's answer led."""
        return self.post(location, details_form(name, payment_method))

    def book(
        self, slug: str, quantities: Mapping[int, int], *, name: str, promo_code: str = ""
    ) -> Answer:
        """Send both forms, each of them again, as it was, where no answer came."""
        choice = choice_form(quantities, uuid.uuid4(), promo_code)
        answer = self.insist(booking_path(slug), choice)
        if answer.told is not Told.HELD:
            return answer
        return self.insist(answer.location, details_form(name))

    def insist(self, path: str, form: Mapping[str, str]) -> Answer:
        """Send a form up to TRIES times, until an answer comes."""
        for _ in range(TRIES):
            answer = self.post(path, form)
            if answer.told is not Told.NOTHING:
                break
        return answer

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(form))

    def send_and_hang_up(self, path: str, form: Mapping[str, str]) -> None:
        """Send a form and be gone before the answer comes."""
        self._send("POST", path, urlencode(form))
        self.close()

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str = "") -> Answer:
        try:
            self._send(method, path, body)
            response = self._connection.getresponse()
            page = response.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            return Answer(Told.NOTHING)
        for cookie in response.headers.get_all("Set-Cookie", ()):
            self._cookies |= {name: part.value for name, part in SimpleCookie(cookie).items()}
        location = response.headers.get("Location", "")
        return Answer(_told(response.status, location, page), response.status, location, page)

    def _send(self, method: str, path: str, body: str) -> None:
        headers = dict(self._headers)
        if self._cookies:
            headers["Cookie"] = self.cookies
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self._cookies.get("csrftoken", "")
        self._connection.request(method, path, body or None, headers)


def booking_path(slug: str) -> str:
    return f"/event/{slug}/book/"


def choice_form(
    quantities: Mapping[int, int], key: uuid.UUID, promo_code: str = ""
) -> dict[str, str]:
    form = {"idempotency_key": str(key)}
    form |= {f"quantity_{pk}": str(quantity) for pk, quantity in quantities.items()}
    return form | ({"code": promo_code} if promo_code else {})


def details_form(name: str, payment_method: str = "free") -> dict[str, str]:
    """Of someone whose e-mail address is made from the name, which is one word."""
    return {"name": name, "email": f"{name}@example.com", "payment_method": payment_method}


def _told(status: int, location: str, page: str) -> Told:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Told.FAILED
    if found := BOOKING.search(location):
        return Told.HELD if found["step"] else Told.CONFIRMED
    if status == HTTPStatus.CONFLICT and SOLD_OUT.search(page):
        return Told.SOLD_OUT
    return Told.PAGE if status == HTTPStatus.OK else Told.REFUSED

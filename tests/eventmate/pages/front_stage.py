"""A site in production, for tests of what stands in front of it, and people with a browser."""

import http.client
import re
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from urllib.parse import urlencode

from eventmate.pages.visitors import JUST_SENT
from loadtests.site import LiveSite
from tests.eventmate.nginx import HOST, Answer, Nginx
from tests.eventmate.one_worker import at_each_worker
from tests.factories import PASSWORD

MAX_AGE = 5  # seconds of PAGE_SHARED_MAX_AGE
# nginx counts whole seconds, and workers hear of a change within one.
OVER = MAX_AGE + 2
STAGE = """
from tests.factories import EventFactory, TicketTypeFactory, UserFactory, verify

jazz = EventFactory(
    slug="jazz", title="Jazz", city__slug="berlin", category__slug="music", host__slug="blue"
)
TicketTypeFactory(event=jazz)
for name in ("ada", "bo"):
    verify(UserFactory(name=name.title(), email=f"{name}@example.com"))
"""
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "eventmate.settings.prod",
    "SECRET_KEY": "nobody-outside-of-this-test-has-ever-heard-of-this-key",
    "ALLOWED_HOSTS": HOST,
    "PUBLIC_URL": f"https://{HOST}",
    "TRUSTED_PROXIES": "127.0.0.1",
    "PAGE_SHARED_MAX_AGE": str(MAX_AGE),
    "RATE_LIMIT_ENABLED": "1",
    **{f"RATE_LIMIT_{scope}": "9999/m" for scope in ("DEFAULT", "FILES", "SEARCH", "LOGIN")},
}
numbers = count()
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass
class Browser:
    """Someone with a browser that keeps cookies."""

    proxy: Nginx
    cookies: dict[str, str]

    @property
    def headers(self) -> dict[str, str]:
        pairs = [f"{name}={value}" for name, value in self.cookies.items()]
        return {"Cookie": "; ".join(pairs)} if pairs else {}

    def get(self, path: str, **headers: str) -> Answer:
        return self._heed(self.proxy.get(path, **self.headers, **headers))

    def send(self, path: str, **fields: str) -> Answer:
        """The form at this address."""
        token = TOKEN.search(self.get(path).text)
        assert token
        body = urlencode({"csrfmiddlewaretoken": token[1], **fields})
        content_type = "application/x-www-form-urlencoded"
        origin = f"https://{HOST}"
        return self._heed(
            self.proxy.ask(
                "POST", path, body, **self.headers, Content_Type=content_type, Origin=origin
            )
        )

    def _heed(self, answer: Answer) -> Answer:
        for header in answer.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            if value in ("", '""'):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer


def logged_in(proxy: Nginx, name: str) -> Browser:
    browser = Browser(proxy, {})
    answer = browser.send("/accounts/login/", login=f"{name}@example.com", password=PASSWORD)
    assert answer.status == 302, answer.text
    assert any("sessionid" in cookie for cookie in browser.cookies)
    return browser


def are_well(site: LiveSite) -> bool:
    """Whether each worker has PostgreSQL: asked past the proxy, whose connections are to some."""
    return at_each_worker(site, is_well)


def is_well(site: LiveSite) -> bool:
    """Whether a page that nobody has seen is made, and none is given as a copy any more."""
    new = past_proxy(site, f"/events/?q=well{next(numbers)}")
    home = past_proxy(site, "/")
    return new.status == home.status == HTTPStatus.OK and "Cache-Status" not in home.headers


def past_proxy(site: LiveSite, path: str) -> http.client.HTTPResponse:
    """Django's answer: who has just sent a form gets nothing from the memory of pages."""
    client = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=30)
    cookie = f"{JUST_SENT}=1"
    client.request(
        "GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https", "Cookie": cookie}
    )
    response = client.getresponse()
    response.read()
    client.close()
    return response

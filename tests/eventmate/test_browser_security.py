"""What production tells browsers to refuse: behind a proxy that ends TLS, as the real server."""

import http.client
import json
from collections.abc import Iterator
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from eventmate.embedded.paths import REPOSITORY
from loadtests.site import LiveSite, serving
from tests.databases import new_database
from tests.eventmate.addresses import PAGES

STATIC = REPOSITORY / "static"
HOST = "events.example.org"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "eventmate.settings.prod",
    "SECRET_KEY": "not-a-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
    "PUBLIC_URL": f"https://{HOST}",
    "FORWARDED_ALLOW_IPS": "127.0.0.1",
}
YEAR = 365 * 24 * 60 * 60
EVERYWHERE = {
    "Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STAGE = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import User
from tests.eventmate.site import build_site

site = build_site()
admin = User.objects.get(name="Ada")
admin.is_staff = admin.is_superuser = True
admin.save()
session = SessionStore()
session[SESSION_KEY] = str(admin.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = admin.get_session_auth_hash()
session.save()
print(json.dumps({"session": session.session_key, "access": site.holder, "email": admin.email}))
"""
# Others are downloads, or shown by a viewer with styles of its own.
DOWNLOADS = (".pdf", ".ics", ".png", ".txt", ".xml", ".csv", ".xlsx")
SHOWN = [path for path in PAGES if not path.endswith(DOWNLOADS)]
# Of the admin, a page of each kind: lists, a form with inlines and widgets, what it was.
ADMIN = [
    "/admin/",
    "/admin/events/event/",
    "/admin/events/event/?q=jazz",
    "/admin/events/event/add/",
    "/admin/bookings/booking/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
    "/admin/procrastinate/procrastinatejob/",
    "/admin/password_change/",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with (
        new_database() as url,
        serving(url, tmp_path_factory.mktemp("production"), more=PRODUCTION) as site,
    ):
        yield site


@pytest.fixture(scope="module")
def staged(site: LiveSite) -> dict:
    return json.loads(site.manage("shell", "-v0", "-c", STAGE).splitlines()[-1])


def ask(
    site: LiveSite, path: str, method: str = "GET", body: str = "", **headers: str
) -> http.client.HTTPResponse:
    """As a proxy passes it on that has ended TLS, unless the headers say otherwise."""
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=30)
    sent = {"Host": HOST, "X-Forwarded-Proto": "https"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, headers=sent)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/accounts/login/", 200),
        ("/admin/login/", 302),
        ("/covers/music/jazz.svg", 200),
        ("/nothing/", 404),
        ("/events/?after=x", 404),
        ("/events/?q=%00", 400),
        ("/media/nothing.svg", 404),
        ("/static/css/components.css", 200),
        ("/static/css/nothing.css", 404),
        ("/health/live/", 200),
        ("/health/ready/", 200),
        ("/metrics/", 403),
    ],
)
def test_every_answer_says_what_browsers_must_refuse(
    site: LiveSite, path: str, status: int
) -> None:
    response = ask(site, path)

    assert response.status == status
    for name, value in EVERYWHERE.items():
        assert response.headers.get_all(name) == [value], name
    assert_strict(response.headers["Content-Security-Policy"])
    assert_off(response.headers["Permissions-Policy"])
    assert "Access-Control-Allow-Origin" not in response.headers


def test_font_may_be_used_by_a_card_in_another_site_s_page(site: LiveSite) -> None:
    (font, *_) = STATIC.rglob("*.woff2")

    response = ask(site, f"/static/{font.relative_to(STATIC).as_posix()}")

    assert response.status == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def assert_strict(policy: str) -> None:
    directives = {name: sources for name, *sources in (part.split() for part in policy.split(";"))}
    assert directives == {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }


def assert_off(policy: str) -> None:
    """All but where the visitor is, which the site's own pages may ask for."""
    features = dict(part.strip().split("=") for part in policy.split(","))
    assert features.pop("geolocation") == "(self)"
    assert {"camera", "microphone", "payment", "usb"} <= features.keys()
    assert set(features.values()) == {"()"}


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("TRACE", {}, 405),
        ("GET", {"Host": "elsewhere.example.org"}, 400),
        ("POST", {"Content_Type": "application/x-www-form-urlencoded"}, 403),
    ],
)
def test_refusals_say_so_too(site: LiveSite, method: str, headers: dict, status: int) -> None:
    body = "login=ada" if method == "POST" else ""
    response = ask(site, "/accounts/login/", method, body, **headers)

    assert response.status == status
    for name, value in EVERYWHERE.items():
        assert response.headers.get_all(name) == [value], name
    assert_strict(response.headers["Content-Security-Policy"])


@pytest.mark.parametrize("path", ["/", "/events/?q=jazz", "/admin/", "/nothing/"])
def test_plain_http_is_sent_to_tls(site: LiveSite, path: str) -> None:
    response = ask(site, path, X_Forwarded_Proto="http")

    assert response.status == 301
    assert response.headers["Location"] == f"https://{HOST}{path}"
    assert "Strict-Transport-Security" not in response.headers
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", ["/health/live/", "/health/ready/"])
def test_load_balancer_may_ask_over_plain_http_by_any_name(site: LiveSite, path: str) -> None:
    assert ask(site, path, X_Forwarded_Proto="http", Host="10.1.2.3").status == 200


def cookies_of(response: http.client.HTTPResponse) -> dict[str, Morsel[str]]:
    cookies = SimpleCookie()
    for header in response.headers.get_all("Set-Cookie") or []:
        cookies.load(header)
    return dict(cookies)


def test_cookies_are_for_this_host_over_tls_only(site: LiveSite, staged: dict) -> None:
    """The session's and the CSRF token's, and that which carries messages to the next page."""
    token = cookies_of(ask(site, "/accounts/login/"))["__Host-csrftoken"]
    form = {
        "login": staged["email"],
        "password": "correct horse battery staple",
        "csrfmiddlewaretoken": token.value,
    }
    answer = ask(
        site,
        "/accounts/login/",
        "POST",
        urlencode(form),
        Cookie=f"__Host-csrftoken={token.value}",
        Content_Type="application/x-www-form-urlencoded",
        Origin=f"https://{HOST}",
    )
    assert answer.status == 302
    cookies = {"__Host-csrftoken": token} | cookies_of(answer)

    assert cookies.keys() == {"__Host-csrftoken", "__Host-sessionid", "messages", "just_sent"}
    for name, cookie in cookies.items():
        assert cookie["secure"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name
        assert bool(cookie["httponly"]) is (name != "__Host-csrftoken"), name


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(site: LiveSite, staged: dict, browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """Of an admin who manages the event, and whose browser complains to the list."""
    context = browser.new_context(
        base_url=site.url, extra_http_headers={"X-Forwarded-Proto": "https"}
    )
    context.add_cookies(
        [
            {
                "name": "__Host-sessionid",
                "value": staged["session"],
                "url": site.url.replace("http:", "https:"),
                "secure": True,
            }
        ]
    )
    page = context.new_page()

    def on_console(message) -> None:
        is_bad = message.type in ("error", "warning")
        if is_bad and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{page.url}: {message.type}: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    yield page
    context.close()


@pytest.mark.parametrize("paths", [SHOWN, ADMIN], ids=["pages", "admin"])
def test_no_page_does_what_the_policies_forbid(
    page: Page, staged: dict, complaints: list[str], paths: list[str]
) -> None:
    for path in paths:
        reference = next((row for row in staged["access"] if row in path), "")
        query = f"?access={staged['access'][reference]}" if reference else ""
        response = page.goto(path + query, wait_until="load")
        assert response.status in (200, 409), path
        assert "default-src" in response.headers["content-security-policy"], path
    page.goto("/admin/events/event/")
    assert page.title().startswith("Select event"), "logged in all the while"
    assert complaints == []


def test_browser_refuses_what_the_policies_forbid(page: Page, complaints: list[str]) -> None:
    page.goto("/")
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            const link = document.createElement("base");
            link.href = "https://elsewhere.example.org/";
            document.head.append(link);
        }"""
    )

    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.baseURI").startswith(page.url)
    assert page.evaluate("document.featurePolicy.allowsFeature('camera')") is False
    assert any("Content Security Policy" in complaint for complaint in complaints)

"""The site behind a real nginx that keeps pages, as deploy/nginx.conf has it: and as if that knew
nothing of the site, so that Cache-Control and Vary alone say what may be kept.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests.chaos.servers import PostgresServer, wait_until
from loadtests.site import LiveSite, serving
from tests.eventmate.nginx import HOST, Nginx, asked_twice, hit, nginx
from tests.eventmate.one_worker import only
from tests.eventmate.pages.front_stage import OVER, PRODUCTION, STAGE, are_well, logged_in, numbers

PUBLIC = ["/", "/events/", "/events/?q=jazz", "/event/jazz/", "/city/berlin/", "/host/blue/"]
OWN = ["/favorites/", "/bookings/", "/accounts/profile/", "/hosting/", "/searches/"]
FORMS = ["/accounts/login/", "/accounts/signup/", "/admin/login/", "/event/jazz/book/"]
OTHERS = ["/health/live/", "/health/ready/", "/nowhere/", "/event/none/", "/events/?after=junk"]
ENCODINGS = {"identity": "", "gzip": "gzip", "gzip, br": "br"}
FROM_CACHE = {"HIT", "STALE", "UPDATING", "REVALIDATED"}

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def site(own_postgres: PostgresServer, own_folder: Path, redis_url: str) -> Iterator[LiveSite]:
    data = own_folder / "site"
    data.mkdir()
    with serving(own_postgres.url, data, more=PRODUCTION) as site:
        site.manage("shell", "-v0", "-c", STAGE)
        yield site


@pytest.fixture(scope="module", params=["as given", "by headers alone"])
def proxy(request: pytest.FixtureRequest, site: LiveSite, own_folder: Path) -> Iterator[Nginx]:
    own = own_folder / f"nginx-{next(numbers)}"
    own.mkdir()
    relies_on_headers = request.param == "by headers alone"
    upstream = site.url.removeprefix("http://")
    with nginx(own, upstream, relies_on_headers=relies_on_headers) as proxy:
        yield proxy


def test_public_page_is_given_from_the_cache_in_each_encoding(proxy: Nginx) -> None:
    for path in PUBLIC:
        texts = set()
        for accepted, coding in ENCODINGS.items():
            answer = hit(proxy, path, Accept_Encoding=accepted)
            assert answer.status == 200
            assert answer.headers.get("Content-Encoding", "") == coding
            texts.add(answer.text)
        [text] = texts
        assert "Log in" in text
        assert text.rstrip().endswith("</html>")


def test_browser_that_has_the_page_is_told_so_from_the_cache(proxy: Nginx) -> None:
    answer = proxy.get("/", If_None_Match=hit(proxy, "/").headers["ETag"])
    assert (answer.status, answer.content) == (304, b"")
    assert answer.cache in FROM_CACHE


def test_each_worker_knows_the_page_that_another_has_given(proxy: Nginx, site: LiveSite) -> None:
    given = hit(proxy, "/category/music/")
    for worker in site.workers():
        with only(site, worker):
            time.sleep(OVER)
            answer = proxy.get("/category/music/")
        assert (answer.cache, answer.text) == ("REVALIDATED", given.text)


def test_members_get_their_own_pages_and_nobody_else_does(proxy: Nginx) -> None:
    ada, bo = logged_in(proxy, "ada"), logged_in(proxy, "bo")
    for path in PUBLIC:
        for browser in (ada, bo, ada, bo):
            hit(proxy, path)
            answer = browser.get(path)
            assert answer.cache not in FROM_CACHE
            assert "Log out" in answer.text
            assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Log out" not in proxy.get(path).text
    for path in OWN:
        for browser in (ada, bo):
            answer = browser.get(path)
            assert answer.status == 200, path
            assert asked_twice(proxy, path).cache not in FROM_CACHE
    assert "Ada" in ada.get("/accounts/profile/").text
    assert "Bo" in bo.get("/accounts/profile/").text

    kept = proxy.kept()
    assert b"Log in" in kept
    secrets = [value for name, value in ada.cookies.items() if name.startswith("__Host-")]
    assert len(secrets) == 2
    for secret in ("Log out", "Ada", "csrfmiddlewaretoken", *secrets):
        assert secret.encode() not in kept, secret


def test_forms_and_what_is_for_one_visitor_are_never_kept(proxy: Nginx) -> None:
    for path in (*OWN, *FORMS, *OTHERS):
        answer = asked_twice(proxy, path)
        assert answer.cache not in FROM_CACHE, path
        assert re.search("private|no-store", answer.headers["Cache-Control"]), path
    hit(proxy, "/")
    keys = set(re.findall(rb"\nKEY: https[^/]+(\S*)", proxy.kept()))
    assert keys.isdisjoint(path.encode() for path in (*OWN, *FORMS, *OTHERS))
    assert b"/" in keys


def test_answers_to_forms_are_never_kept(proxy: Nginx) -> None:
    for _ in range(3):
        answer = proxy.ask("POST", "/events/", "q=jazz")
        assert answer.cache not in FROM_CACHE
        assert proxy.ask("POST", "/accounts/login/", "login=ada").status == 403
    assert asked_twice(proxy, "/events/").status == 200


def test_message_is_shown_once_and_to_one_visitor(proxy: Nginx) -> None:
    ada = logged_in(proxy, "ada")
    assert ada.send("/accounts/logout/").status == 302
    assert ada.cookies.keys() == {"__Host-csrftoken", "messages", "just_sent"}
    hit(proxy, "/")

    told = ada.get("/")
    assert "logged out" in told.text
    assert "private" in told.headers["Cache-Control"]
    assert "logged out" not in ada.get("/").text
    assert "logged out" not in proxy.get("/").text


def test_sender_of_a_form_is_not_given_what_was_kept_before(proxy: Nginx) -> None:
    for _ in range(2):
        answer = proxy.get("/events/", Cookie="just_sent=1")
        assert answer.cache not in FROM_CACHE
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_cookies_are_never_set_from_the_cache(proxy: Nginx) -> None:
    made_up = {"Cookie": "__Host-sessionid=0123456789abcdefghijklmnopqrstuv"}
    for path in (*PUBLIC, *FORMS):
        for headers in ({}, made_up, {"Cookie": "messages=junk"}, {"Cookie": "_ga=GA1.2.3"}):
            answers = [proxy.get(path, **headers) for _ in range(3)]
            for answer in answers:
                assert answer.cache not in FROM_CACHE or "Set-Cookie" not in answer.headers, path
    assert b"Set-Cookie" not in proxy.kept()


def test_cookies_of_others_cost_a_page_for_each_visitor(proxy: Nginx) -> None:
    hit(proxy, "/city/berlin/")
    for visitor in ("_ga=Ada", "_ga=Bo"):
        first = proxy.get("/city/berlin/", Cookie=visitor)
        assert (first.cache, "Log in" in first.text) == ("MISS", True)
        assert proxy.get("/city/berlin/", Cookie=visitor).cache == "HIT"


def test_each_answer_has_an_id_of_its_own_and_no_figures_of_another(proxy: Nginx) -> None:
    answers = [proxy.get("/event/jazz/") for _ in range(3)]
    assert len({answer.headers["X-Request-ID"] for answer in answers}) == len(answers)
    for answer in answers:
        assert len(answer.headers.get_all("X-Request-ID")) == 1
        assert not [name for name in answer.headers if "ratelimit" in name.lower()]


def test_visitors_are_counted_each_by_their_own_address(proxy: Nginx) -> None:
    def left(address: str) -> int:
        answer = proxy.get("/accounts/login/", X_Forwarded_For=address)
        return int(answer.headers["X-RateLimit-Remaining"])

    one, other = f"192.0.2.{next(numbers)}", f"198.51.100.{next(numbers)}"
    first = left(one)
    assert left(f"203.0.113.9, {one}") == first - 1
    assert left(other) == first


def test_page_is_asked_for_again_and_shows_a_change(
    proxy: Nginx, own_postgres: PostgresServer
) -> None:
    path = "/event/jazz/"
    before = hit(proxy, path)
    assert "Jazz" in before.text

    time.sleep(OVER)
    asked = proxy.get(path)
    assert (asked.cache, asked.headers["ETag"]) == ("REVALIDATED", before.headers["ETag"])
    assert proxy.get(path).cache == "HIT"

    title = f"Jazz, number {next(numbers)}"
    with own_postgres.connect() as connection:
        connection.execute("UPDATE events_event SET title = %s WHERE slug = 'jazz'", [title])
    assert title not in proxy.get(path).text
    time.sleep(OVER)
    changed = proxy.get(path)
    assert changed.cache == "EXPIRED"
    assert title in changed.text, changed.headers.as_string()
    assert title in proxy.get(path).text


def test_page_is_given_while_the_site_is_gone(proxy: Nginx, site: LiveSite) -> None:
    hit(proxy, "/host/blue/")
    proxy.pass_on_to("127.0.0.1:1")
    try:
        time.sleep(OVER)
        stale = proxy.get("/host/blue/")
        assert (stale.status, stale.cache) == (200, "STALE")
        assert "Log in" in stale.text
        assert proxy.get("/favorites/").status == 502
    finally:
        proxy.pass_on_to(site.url.removeprefix("http://"))
    assert proxy.get("/host/blue/").cache not in ("HIT", "STALE")


def test_page_without_a_last_copy_is_given_while_postgres_is_down(
    proxy: Nginx, site: LiveSite, own_postgres: PostgresServer
) -> None:
    search = f"/events/?q=jazz{next(numbers)}"
    hit(proxy, search)
    hit(proxy, "/")
    ada = logged_in(proxy, "ada")
    own_postgres.stop()
    try:
        time.sleep(OVER)
        stale = proxy.get(search)
        assert (stale.status, stale.cache) == (200, "STALE")
        # The site's own copy says that it is one, and is nothing to keep.
        for _ in range(2):
            copy = proxy.get("/")
            assert (copy.status, copy.cache, copy.headers["Cache-Control"]) == (
                *(200, "EXPIRED", "no-store"),
            )
            assert "as it was" in copy.text
        assert ada.get(search).status == 503
    finally:
        own_postgres.start()
        wait_until(lambda: are_well(site), "a worker has no PostgreSQL yet")
    hit(proxy, search)


def test_files_are_kept_for_long_and_for_everyone(proxy: Nginx) -> None:
    path = re.findall(r'href="(/static/css/[^"]+)"', proxy.get("/").text)[0]
    for headers in ({}, {"Cookie": "_ga=GA1.2.3"}):
        answer = hit(proxy, path, Accept_Encoding="gzip, br", **headers)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "br"


def test_nothing_is_compressed_that_the_site_leaves_as_it_is(proxy: Nginx) -> None:
    ada = logged_in(proxy, "ada")
    from_elsewhere = ada.get("/accounts/profile/", Accept_Encoding="gzip, br")
    assert "Content-Encoding" not in from_elsewhere.headers
    by_herself = ada.get(
        "/accounts/profile/", Accept_Encoding="gzip, br", Sec_Fetch_Site="same-origin"
    )
    assert by_herself.headers["Content-Encoding"] == "br"


def test_visitors_are_sent_to_tls_and_are_no_operators(proxy: Nginx) -> None:
    answer = proxy.ask_over_plain_http("/event/jazz/?ref=news")
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{HOST}/event/jazz/?ref=news"
    for path in ("/metrics/", "/health/detailed/"):
        assert proxy.get(path).status == 403, path


def test_log_names_no_addresses(proxy: Nginx) -> None:
    answer = proxy.get("/bookings/MINE2222/?access=secret")
    log = proxy.log()
    assert answer.headers["X-Request-ID"] in log
    assert "MINE2222" not in log
    assert "secret" not in log

"""The front answers as Django would: the same page, the same headers, to each kind of visitor."""

import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventmate.pages.visitors import JUST_SENT
from loadtests.site import LiveSite, serving
from tests.eventmate.metrics.scrape import scrape
from tests.eventmate.one_worker import only
from tests.eventmate.pages import scene
from tests.eventmate.pages.insider import Insider
from tests.eventmate.pages.members import TOKEN, Member, join, message_of, secrets_in
from tests.eventmate.pages.visitors import AT_ONCE, Reply, Visitor

EVENT = "/event/event-0/"
PAGES = ["/", "/events/", "/events/?q=jazz", "/city/berlin/", "/host/host-0/", EVENT]
CODINGS = {"": None, "gzip": "gzip", "gzip, br": "br", "gzip, br, zstd": "zstd"}
ALL_CODINGS = {"Accept_Encoding": "gzip, br, zstd", "Sec_Fetch_Site": "none"}
FROM_FRONT = "eventmate_cache_lookups_total,front,hit"
COUNTS = '<section class="shelf" aria-labelledby="by-city">'
# Between the words of a header, whose order says nothing.
SEPARATORS = re.compile("[,;]")
# Of one answer, and how it is compressed: by the front with the visitor's token apart.
OF_ONE_ANSWER = {"date", "server-timing", "x-process-time", "x-request-id"}
OF_COMPRESSION = {"content-encoding", "content-length", "x-noise"}
# Django sends the cookie of forms again each time, and takes back that of a session which is none.
COOKIES_AGAIN = {"set-cookie"}
# Of a page for everyone, and of who asks.
OF_KEEPING = {"etag", "cache-control"}
APART = OF_ONE_ANSWER | OF_COMPRESSION | COOKIES_AGAIN | OF_KEEPING


@pytest.fixture(scope="module")
def plain(
    site: LiveSite, database_url: str, tmp_path_factory: pytest.TempPathFactory, redis_url: str
) -> Iterator[LiveSite]:
    """A site that renders each page for its visitor, on the same database."""
    key = Path(site.environment["EVENTMATE_DATA_DIR"], "secret_key").read_text()
    more = {"PAGE_CACHE_MEMORY": "0", "SECRET_KEY": key, "PUBLIC_URL": site.url}
    with serving(database_url, tmp_path_factory.mktemp("plain"), workers=1, more=more) as site:
        yield site


@pytest.fixture(scope="module")
def people(site: LiveSite, insider: Insider) -> dict[str, dict[str, str]]:
    """The cookies of some visitors. The event is among the favourites of one, who follows its host
    as well.
    """
    insider(scene.put_up_many, ["event-0", "event-1"], ["host-0", "host-1"])
    marks = [f"zq{secrets.token_hex(4)}" for _ in range(2)]
    keeps, keeps_other = (Member(**made) for made in insider(join, marks, 1))
    time.sleep(AT_ONCE)
    session_of_nobody = {"sessionid": secrets.token_hex(16)}
    return {
        "visitor": {},
        "visitor with a session": session_of_nobody,
        "member": keeps_other.cookies,
        "member who keeps the event": keeps.cookies,
    }


@pytest.fixture(
    params=["visitor", "visitor with a session", "member", "member who keeps the event"]
)
def cookies(request: pytest.FixtureRequest, people: dict[str, dict[str, str]]) -> dict[str, str]:
    return people[request.param]


@pytest.fixture
def front(site: LiveSite, people: dict[str, dict[str, str]]) -> Iterator[LiveSite]:
    """The site, of which one worker answers."""
    with only(site, site.workers()[0]):
        yield site


def from_memory(site: LiveSite, path: str, cookies: dict[str, str], **headers: str) -> Reply:
    """Django makes the page, if need be, and comes to know who asks; the front answers then."""
    for _ in range(2):
        Visitor(site, **cookies).get(path)
    before = scrape(site.url).get(FROM_FRONT, 0)
    reply = Visitor(site, **cookies).get(path, **headers)
    assert scrape(site.url)[FROM_FRONT] == before + 1, path
    return reply


def by_django(site: LiveSite, path: str, cookies: dict[str, str], **headers: str) -> Reply:
    """Of the same page. Those who have just sent a form are not the front's."""
    return Visitor(site, **cookies, **{JUST_SENT: "1"}).get(path, **headers)


def text_of(reply: Reply) -> list[str]:
    """Its lines, without those that are empty: a slot without a text leaves none. How many events
    each city has, every process tells as it last counted (search/kept_names.py).
    """
    html, *_counts = TOKEN.sub("", reply.html).split(COUNTS)
    return [line for line in html.splitlines() if line.strip()]


def headers_of(reply: Reply) -> dict[str, set[str]]:
    return {
        name.lower(): {word.strip().lower() for word in SEPARATORS.split(value)}
        for name, value in reply.headers.items()
        if name.lower() not in APART
    }


def test_page_with_nothing_of_a_visitor_is_kept_as_its_view_says(
    front: LiveSite, cookies: dict[str, str]
) -> None:
    path = f"/events/suggest/?q=event-{len(cookies)}"
    made = Visitor(front, **cookies).get(path)
    reply = from_memory(front, path, cookies)

    assert reply.headers["Cache-Control"] == made.headers["Cache-Control"] == "public, max-age=60"
    assert reply.html == made.html


@pytest.mark.parametrize("path", PAGES)
def test_answer_is_the_one_that_django_gives(
    front: LiveSite, plain: LiveSite, cookies: dict[str, str], path: str
) -> None:
    reply = from_memory(front, path, cookies, **ALL_CODINGS)
    filled = by_django(front, path, cookies, **ALL_CODINGS)
    rendered = Visitor(plain, **cookies).get(path, **ALL_CODINGS)

    assert reply.status == filled.status == rendered.status == 200
    assert text_of(reply) == text_of(filled) == text_of(rendered)
    assert secrets_in(reply.html) == secrets_in(filled.html) == secrets_in(rendered.html)
    assert headers_of(reply) == headers_of(filled) == headers_of(rendered)
    assert ("private" in reply.headers["Cache-Control"]) == bool(cookies)
    # Whoever has just sent a form, and where nothing is kept for everyone.
    assert "private" in filled.headers["Cache-Control"]
    assert "private" in rendered.headers["Cache-Control"]
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize(("accepted", "coding"), CODINGS.items())
@pytest.mark.parametrize("path", ["/", EVENT])
def test_body_is_the_same_page_in_each_coding(
    front: LiveSite, cookies: dict[str, str], path: str, accepted: str, coding: str | None
) -> None:
    known = from_memory(front, path, cookies, Sec_Fetch_Site="none")
    reply = from_memory(front, path, cookies, Accept_Encoding=accepted, Sec_Fetch_Site="none")

    assert text_of(reply) == text_of(known)
    # With a token in it, the page is spliced, which is gzip's alone.
    has_token = bool(secrets_in(reply.html))
    assert reply.headers["Content-Encoding"] == (coding and "gzip" if has_token else coding)
    assert int(reply.headers["Content-Length"]) == len(reply.body)
    assert ("ETag" in reply.headers) == (not has_token)


def test_page_with_a_members_favourites_is_not_compressed_for_other_sites(
    front: LiveSite, people: dict[str, dict[str, str]]
) -> None:
    """Its length would tell them: docs/adr/0020-compression.md."""
    keeps, keeps_other = people["member who keeps the event"], people["member"]
    for site, coding in [("cross-site", None), ("same-site", None), ("same-origin", "zstd")]:
        headers = ALL_CODINGS | {"Sec_Fetch_Site": site}
        assert from_memory(front, "/", keeps, **headers).headers["Content-Encoding"] == coding

    length = {len(from_memory(front, EVENT, keeps_other, **ALL_CODINGS).body) for _ in range(3)}
    assert len(length) == 1, "whatever the token is"


@pytest.mark.parametrize("sent", ["{}", "W/{}", '"other", {}', '"a",W/{} , "b"'])
@pytest.mark.parametrize("path", ["/", EVENT])
def test_visitor_who_has_the_page_already_is_told_so(front: LiveSite, path: str, sent: str) -> None:
    etag = from_memory(front, path, {}, **ALL_CODINGS).headers["ETag"]

    again = from_memory(front, path, {}, If_None_Match=sent.format(etag), **ALL_CODINGS)

    assert (again.status, again.body) == (304, b"")
    rendered = by_django(front, path, {}, If_None_Match=sent.format(etag), **ALL_CODINGS)
    assert (rendered.status, rendered.body) == (304, b"")
    assert "Content-Length" not in (*again.headers.keys(), *rendered.headers.keys())
    assert again.headers["ETag"] == etag
    assert {"Cache-Control", "Vary", "ETag"} <= set(again.headers.keys())


def test_visitor_who_has_another_page_gets_this_one(front: LiveSite) -> None:
    etag = from_memory(front, "/", {}, **ALL_CODINGS).headers["ETag"]

    for path, headers in [(EVENT, ALL_CODINGS), ("/", ALL_CODINGS | {"Accept_Encoding": "gzip"})]:
        assert from_memory(front, path, {}, If_None_Match=etag, **headers).status == 200


def test_head_is_that_of_the_page_without_its_body(
    front: LiveSite, cookies: dict[str, str]
) -> None:
    page = from_memory(front, EVENT, cookies, **ALL_CODINGS)
    head = from_memory(front, EVENT, cookies, method="HEAD", **ALL_CODINGS)

    assert (head.status, head.body) == (200, b"")
    assert headers_of(head) == headers_of(page)
    assert head.headers["Content-Length"] == page.headers["Content-Length"]


@pytest.mark.parametrize(
    "query", ["?ref=newsletter", "?utm=x&ref=NewsLetter", "?ref=%22%3E%3Cb%3E", "?x=1"]
)
def test_link_to_book_goes_on_with_where_the_visitor_comes_from(
    front: LiveSite, plain: LiveSite, cookies: dict[str, str], query: str
) -> None:
    reply = from_memory(front, EVENT + query, cookies, **ALL_CODINGS)
    rendered = Visitor(plain, **cookies).get(EVENT + query, **ALL_CODINGS)

    assert text_of(reply) == text_of(rendered)
    source = "?ref=newsletter" if "letter" in query.lower() else ""
    assert f'href="{EVENT}book/{source}"' in reply.html


def test_message_that_waits_is_shown_once_and_to_nobody_else(
    front: LiveSite, insider: Insider
) -> None:
    visitor = Visitor(front, messages=insider(message_of, "Hello from before."))
    reply, again = visitor.get(EVENT), visitor.get(EVENT)

    assert "Hello from before." in reply.html
    assert reply.headers["Cache-Control"] == "private, no-cache"
    assert "messages" not in visitor.cookies
    assert "Hello" not in again.html
    assert "Hello" not in from_memory(front, EVENT, {}).html


@pytest.mark.parametrize("sent", [{"Authorization": "Bearer x"}, {"Host": "localhost"}])
def test_what_the_front_does_not_know_is_for_django(front: LiveSite, sent: dict[str, str]) -> None:
    from_memory(front, EVENT, {})
    before = scrape(front.url)[FROM_FRONT]

    assert Visitor(front).get(EVENT, **sent).status == 200
    assert Visitor(front).get(EVENT, Host="elsewhere.example").status == 400
    assert Visitor(front).post(EVENT, {}).status in (403, 405)
    assert scrape(front.url)[FROM_FRONT] == before

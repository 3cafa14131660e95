"""Who looks at an event is counted, though no view is asked: but nobody who is no person."""

import secrets

from loadtests.chaos.servers import wait_until
from loadtests.site import LiveSite
from tests.eventmate.pages import scene
from tests.eventmate.pages.insider import Insider
from tests.eventmate.pages.members import Member, join, session_of_owner
from tests.eventmate.pages.visitors import Visitor, each_worker, warm

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOT_PEOPLE = [
    {"User_Agent": "Googlebot/2.1"},
    {"User_Agent": "curl/8.1"},
    {"User_Agent": ""},
    {"User_Agent": BROWSER, "Sec_Purpose": "prefetch;prerender"},
    {"User_Agent": BROWSER, "method": "HEAD"},
]


def views_of(slug: str) -> int:
    """As they are written down. Called in a process of the site's."""
    from bookings.models import DailyVisits

    return sum(DailyVisits.objects.filter(event__slug=slug).values_list("views", flat=True))


def test_each_look_of_a_person_counts_whoever_answers(site: LiveSite, insider: Insider) -> None:
    mark = secrets.token_hex(4)
    insider(scene.put_up, mark)
    path = f"/event/jazz-{mark}/"
    member = Member(**insider(join, [f"zq{secrets.token_hex(4)}"], 0)[0])
    warm(site, path)
    people = 0
    for _ in each_worker(site):
        for headers in NOT_PEOPLE:
            assert Visitor(site).get(path, **headers).status == 200
        for visitor in (Visitor(site), Visitor(site, **member.cookies)):
            for query in ("", "?ref=newsletter", "?x=1"):
                assert visitor.get(path + query, User_Agent=BROWSER).status == 200
                people += 1

    wait_until(lambda: insider(views_of, f"jazz-{mark}") >= people, "they are not written down")
    assert insider(views_of, f"jazz-{mark}") == people


def test_draft_is_there_for_its_team_alone_and_kept_nowhere(
    site: LiveSite, insider: Insider
) -> None:
    mark = secrets.token_hex(4)
    insider(scene.put_up, mark, "draft")
    path = f"/event/jazz-{mark}/"
    owner = {"sessionid": insider(session_of_owner, f"jazz-{mark}")}
    for _ in each_worker(site):
        for _ in range(2):
            assert Visitor(site).get(path).status == 404
            assert Visitor(site, sessionid=secrets.token_hex(16)).get(path).status == 404
            reply = Visitor(site, **owner).get(path)
            assert reply.status == 200
            assert f"Jazz {mark}" in reply.html
            assert not reply.is_from_memory

    assert insider(entries_with, f"jazz-{mark}") == []


def entries_with(part: str) -> list[str]:
    """The keys of the shared cache that have this in them. Called in a process of the site's."""
    from django.conf import settings
    from redis import Redis

    with Redis.from_url(settings.CACHES["default"]["LOCATION"]) as redis:
        return [key.decode() for key in redis.keys(f"*{part}*")]

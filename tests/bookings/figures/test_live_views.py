"""Views of an event's page on the real servers: every worker counts, and writes by itself."""

import time
import urllib.request

from loadtests.site import LiveSite

STAGE = """
from tests.factories import EventFactory
print(EventFactory().slug)
"""
VIEWS = """
from django.db.models import Sum
from bookings.models import DailyVisits
print(DailyVisits.objects.filter(event__slug={slug!r}).aggregate(views=Sum("views"))["views"] or 0)
"""
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LOOKS = 9
PATIENCE = 60.0


def look(site: LiveSite, slug: str) -> None:
    request = urllib.request.Request(  # noqa: S310  # the site of this test
        f"{site.url}/event/{slug}/", headers={"User-Agent": BROWSER}
    )
    with urllib.request.urlopen(request) as response:  # noqa: S310
        assert response.status == 200


def test_views_are_written_by_each_worker_while_nobody_asks_for_anything(
    live_site: LiveSite,
) -> None:
    slug = live_site.manage("shell", "-v0", "-c", STAGE).split()[-1]
    for _ in range(LOOKS):
        look(live_site, slug)

    deadline = time.monotonic() + PATIENCE
    while (
        views := live_site.manage("shell", "-v0", "-c", VIEWS.format(slug=slug)).split()[-1]
    ) != str(LOOKS):
        assert time.monotonic() < deadline, views
        time.sleep(0.5)

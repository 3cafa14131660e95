"""How well people find what they look for, among the real conferences: searches as they are typed,
with what should be found written by hand in queries.json.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from statistics import mean

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from events.models import Event
from events.search.kept_names import forget_names
from tests.events.search.expectations import AT, Finding, Query, load_queries

LEAST_RECALL = 0.95
LEAST_PRECISION = 0.95
CARD = re.compile(r'<a[^>]*href="/event/([\w-]+)/"')

# The tests look at what the fixture has found; the mark is what makes the database.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def findings(
    shared_data, tmp_path_factory, django_db_setup, django_db_blocker
) -> Iterator[list[Finding]]:
    rows = json.loads((shared_data / "conferences.json").read_text())
    for number, row in enumerate(rows):
        row["uid"] = f"row-{number}"
    file = tmp_path_factory.mktemp("conferences") / "conferences.json"
    file.write_text(json.dumps(rows))
    forget_names()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_events", str(file), "--as-upcoming", verbosity=0)
        row_of_slug = {
            slug: rows[int(uid.removeprefix("row-"))]
            for slug, uid in Event.objects.values_list("slug", "uid")
        }
        client = Client()
        yield [
            Finding(
                query,
                shown=[row_of_slug[slug] for slug in search(client, query)],
                relevant=sum(map(query.wants, rows)),
            )
            for query in load_queries()
        ]
        transaction.set_rollback(True)
    forget_names()


def search(client: Client, query: Query) -> list[str]:
    """The slugs of the events that the page shows first."""
    response = client.get("/events/", {"q": query.query}, follow=True)
    assert response.status_code == 200
    return list(dict.fromkeys(CARD.findall(response.content.decode())))[:AT]


def test_every_query_has_something_to_find(findings):
    assert len(findings) >= 150
    assert [finding.query.query for finding in findings if not finding.relevant] == []


def test_people_find_what_they_look_for(findings, record_property):
    recall = mean(finding.recall for finding in findings)
    kinds = defaultdict(list)
    for finding in findings:
        kinds[finding.query.kind].append(finding.recall)
    parts = ", ".join(f"{kind} {mean(recalls):.0%}" for kind, recalls in kinds.items())
    figure = f"Recall at {AT} over {len(findings)} searches: {recall:.1%} ({parts})"
    misses = [
        f"  {finding.recall:4.0%}  {finding.query.query}"
        for finding in sorted(findings, key=lambda finding: finding.recall)
        if finding.recall < 1
    ]
    record_property("figure", "\n".join([figure, *misses]))

    assert recall >= LEAST_RECALL, "\n".join([figure, *misses])


def test_corrected_searches_show_no_rubbish_first(findings, record_property):
    corrected = [finding for finding in findings if finding.query.kind == "misspelling"]
    shown = sum(len(finding.shown[:3]) for finding in corrected)
    rubbish = {finding.query.query: finding.rubbish for finding in corrected if finding.rubbish}
    precision = 1 - sum(map(len, rubbish.values())) / shown
    record_property(
        "figure", f"Wanted among the first three of misspelled searches: {precision:.1%} {rubbish}"
    )

    assert precision >= LEAST_PRECISION, rubbish

"""What staff see of saved searches, and of the mail about them that waits."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Alert, MailFrequency, SavedSearch
from tests.admin_pages import listed, run_action, text
from tests.factories import SavedSearchFactory, UserFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db

SEARCHES = "/admin/events/savedsearch/"
ALERTS = "/admin/events/alert/"
MAILED = dt.datetime(2026, 11, 19, 8, tzinfo=dt.UTC)


def alert(**fields: Any) -> Alert:
    search = fields.pop("search", None) or SavedSearchFactory()
    number = Alert.objects.count()
    row = {"message_id": f"<{number}@localhost>", "event_ids": [1, 2], "total": 2, **fields}
    return Alert.objects.create(search=search, **row)


def change_page(search: SavedSearch) -> str:
    return f"{SEARCHES}{search.pk}/change/"


class TestSavedSearches:
    def test_list_says_whose_what_how_often_and_when_last(self, admin_client: Any) -> None:
        search = SavedSearchFactory(
            name="Nights out",
            query="q=jazz+%3Cb%3E&city=berlin",
            frequency=MailFrequency.INSTANT,
            mailed_at=MAILED,
        )

        page = text(admin_client.get(SEARCHES))

        assert "Nights out" in page
        assert search.user.email in page
        link = "/events/?q=jazz+%3Cb%3E&amp;city=berlin"
        assert f'<a href="{link}">q: jazz &lt;b&gt;, city: berlin</a>' in page
        assert "As soon as they are listed" in page
        assert "Nov. 19, 2026, 8 a.m." in page

    def test_search_without_filters_is_for_all_events(self, admin_client: Any) -> None:
        SavedSearchFactory(query="")

        assert '<a href="/events/">All events</a>' in text(admin_client.get(SEARCHES))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=ada@", {"Jazz"}),
            ("q=Lovelace", {"Jazz"}),
            ("q=polka", {"Polka"}),
            ("frequency__exact=never", {"Polka"}),
            ("mailed_at__isempty=0", {"Jazz"}),
            ("mailed_at__isempty=1", {"Polka"}),
            ("has_moving_days__exact=1", {"Polka"}),
        ],
    )
    def test_list_is_searched_and_filtered(
        self, admin_client: Any, query: str, found: set[str]
    ) -> None:
        ada = UserFactory(email="ada@example.org", name="Ada Lovelace")
        SavedSearchFactory(user=ada, name="Jazz", query="q=jazz", mailed_at=timezone.now())
        SavedSearchFactory(
            name="Polka", query="q=polka", frequency=MailFrequency.NEVER, has_moving_days=True
        )

        response = admin_client.get(f"{SEARCHES}?{query}")

        assert response.status_code == 200
        assert listed(response) == found

    def test_mail_that_staff_turn_on_begins_with_what_is_listed_then(
        self, admin_client: Any
    ) -> None:
        search = SavedSearchFactory(frequency=MailFrequency.NEVER, query="q=jazz")
        before = search.told_until
        fields = submission(text(admin_client.get(change_page(search))))

        admin_client.post(change_page(search), {**fields, "frequency": "weekly", "query": "q=x"})

        search.refresh_from_db()
        assert (search.frequency, search.query) == (MailFrequency.WEEKLY, "q=jazz")
        assert search.told_until > before

    def test_are_written_by_their_owners_alone(self, admin_client: Any) -> None:
        assert admin_client.get(f"{SEARCHES}add/").status_code == 403

    def test_delete_takes_the_mail_that_waits_with_it(self, admin_client: Any) -> None:
        waiting = alert()

        run_action(admin_client, SEARCHES, "delete_selected", waiting.search, post="yes")

        assert not SavedSearch.objects.exists()
        assert not Alert.objects.exists()


class TestAlerts:
    def test_list_says_what_waits_for_whom_and_why(self, admin_client: Any) -> None:
        row = alert(error="550 no such mailbox")

        page = text(admin_client.get(ALERTS))

        assert row.search.user.email in page
        assert "550 no such mailbox" in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=ada@", {"2 new for Jazz"}),
            ("error__isempty=0", {"2 new for Polka"}),
            ("search__frequency__exact=instant", {"2 new for Jazz"}),
        ],
    )
    def test_list_is_searched_and_filtered(
        self, admin_client: Any, query: str, found: set[str]
    ) -> None:
        ada = UserFactory(email="ada@example.org")
        jazz = SavedSearchFactory(user=ada, name="Jazz", frequency=MailFrequency.INSTANT)
        alert(search=jazz)
        alert(search=SavedSearchFactory(name="Polka"), error="451 later")

        assert listed(admin_client.get(f"{ALERTS}?{query}")) == found

    def test_can_be_looked_at_and_not_changed(self, admin_client: Any) -> None:
        row = alert()
        page = f"{ALERTS}{row.pk}/change/"

        assert row.message_id.strip("<>") in text(admin_client.get(page))
        assert admin_client.post(page, {"total": "3"}).status_code == 403
        assert admin_client.get(f"{ALERTS}add/").status_code == 403

        row.refresh_from_db()
        assert row.total == 2

    def test_do_not_keep_an_account_from_being_deleted(self, admin_client: Any) -> None:
        user = alert().search.user

        run_action(admin_client, "/admin/accounts/user/", "delete_selected", user, post="yes")

        assert not type(user).objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize("page", [SEARCHES, ALERTS])
def test_lists_take_as_many_queries_for_ten_rows_as_for_one(admin_client: Any, page: str) -> None:
    counts = []
    for more in (1, 9):
        for _ in range(more):
            alert(search=SavedSearchFactory(query=f"city=berlin&max_price={more}"))
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(page).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 10

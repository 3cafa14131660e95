"""All dates of a series: as its host sees them, and as visitors do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking
from events.models import Event, EventSeries, EventStatus, Listing
from tests.bookings.series import dates_of, planned, repeat_page, series_of, weekly_event
from tests.events.edits import utc
from tests.factories import BookingFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db


def dates_page(event: Event) -> str:
    return f"/hosting/{event.slug}/dates/"


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def queries(client: Client, path: str) -> int:
    """Without those of the session, which is in Redis where there is one."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return sum("django_session" not in query["sql"] for query in captured)


def delete(client: Client, at: Event, *dates: Event) -> Any:
    return client.post(dates_page(at), {"date": [date.pk for date in dates]}, follow=True)


class TestDates:
    def test_shows_each_with_what_is_taken(self, client: Client) -> None:
        dates = series_of(client, 3)
        BookingFactory(event=dates[1], tickets=[dates[1].ticket_types.get()] * 2)

        page = text_of(client.get(dates_page(dates[0])))

        assert "Every week on Friday, on the clock of Europe/Berlin." in page
        assert "Fri 14 Jan 2028, 19:00 – 22:00 CET" in page
        assert "2 of 10 taken" in page
        assert page.count("> Delete<") == 2

    def test_of_an_event_that_is_no_series_leads_to_making_one(self, client: Client) -> None:
        event = weekly_event(client)

        response = client.get(dates_page(event))

        assert response.headers["Location"] == repeat_page(event)

    def test_those_that_nobody_booked_can_be_deleted(self, client: Client) -> None:
        dates = series_of(client, 4)

        response = delete(client, dates[0], dates[1], dates[3])

        assert "2 dates are deleted." in text_of(response)
        assert dates_of(dates[0]) == [dates[0], dates[2]]

    @pytest.mark.parametrize("status", ["confirmed", "cancelled"])
    def test_nothing_is_deleted_where_one_was_ever_booked(
        self, client: Client, status: str
    ) -> None:
        dates = series_of(client, 3)
        booking = BookingFactory(event=dates[2])
        Booking.objects.filter(pk=booking.pk).update(status=status)

        response = delete(client, dates[0], dates[1], dates[2])

        assert response.status_code == 409
        assert "wait: Fri 21 Jan 2028. They can be cancelled." in text_of(response)
        assert len(dates_of(dates[0])) == 3

    def test_past_dates_and_those_of_other_series_stay(self, client: Client) -> None:
        dates = series_of(client, 2)
        other = series_of(Client(), 2, slug="other")
        Event.objects.filter(pk=dates[1].pk).update(
            starts_at=utc(2020, 1, 3, 18), ends_at=utc(2020, 1, 3, 21)
        )

        delete(client, dates[0], dates[1], other[1])

        assert Event.objects.count() == 4

    def test_with_its_last_date_the_series_is_gone(self, client: Client) -> None:
        dates = series_of(client, 2)

        response = delete(client, dates[0], *dates)

        assert response.redirect_chain[-1][0] == "/hosting/"
        assert not EventSeries.objects.exists()
        assert not Event.objects.exists()

    def test_drafts_that_are_deleted_one_by_one_leave_no_series(self, client: Client) -> None:
        dates = series_of(client, 2)

        client.post(f"/hosting/{dates[0].slug}/delete/")
        assert dates_of(dates[1]) == [dates[1]]
        client.post(f"/hosting/{dates[1].slug}/delete/")

        assert not EventSeries.objects.exists()

    @pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 40]])
    def test_says_that_something_has_to_be_ticked(self, client: Client, chosen: list[str]) -> None:
        dates = series_of(client, 2)

        response = client.post(dates_page(dates[0]), {"date": chosen})

        assert response.status_code == 409
        assert "Tick the dates" in text_of(response)


class TestPublishing:
    def test_publishes_all_drafts_and_their_listings(self, client: Client) -> None:
        dates = series_of(client, 3)
        assert "Publish all 3 dates" in text_of(client.get(f"/hosting/{dates[0].slug}/edit/"))

        response = client.post(f"{dates_page(dates[1])}publish/", follow=True)

        assert "3 dates are published." in text_of(response)
        assert {date.status for date in dates_of(dates[0])} == {EventStatus.PUBLISHED}
        assert Listing.objects.filter(event__in=dates).count() == 3

    def test_leaves_those_that_lack_something_and_names_them(self, client: Client) -> None:
        dates = series_of(client, 3)
        dates[2].ticket_types.all().delete()

        response = client.post(f"{dates_page(dates[0])}publish/", follow=True)

        assert "something is missing: Fri 21 Jan 2028." in text_of(response)
        assert [date.is_published for date in dates_of(dates[0])] == [True, True, False]

    def test_one_date_can_be_published_by_itself(self, client: Client) -> None:
        dates = series_of(client, 2)

        client.post(f"/hosting/{dates[1].slug}/publish/")

        assert [date.is_published for date in dates_of(dates[0])] == [False, True]


class TestShowing:
    def test_hosting_pages_say_which_date_it_is(self, client: Client) -> None:
        dates = series_of(client, 3)

        head = text_of(client.get(f"/hosting/{dates[1].slug}/edit/"))
        dashboard = text_of(client.get("/hosting/"))

        assert f'Date 2 of 3 · <a href="{dates_page(dates[1])}">All dates</a>' in head
        assert "Date 3 of 3" in dashboard

    def test_visitors_see_the_other_dates_that_they_can_go_to(self, client: Client) -> None:
        dates = series_of(client, 4, status=EventStatus.PUBLISHED)
        Event.objects.filter(pk=dates[2].pk).update(status=EventStatus.DRAFT)

        page = text_of(Client().get(dates[1].get_absolute_url()))

        links = [f'<a href="{date.get_absolute_url()}">' for date in dates]
        section = page.partition("Other dates")[2].partition("</section>")[0]
        assert [link in section for link in links] == [True, False, False, True]
        assert "More like this" not in page

    def test_an_event_of_its_own_has_no_other_dates(self, client: Client) -> None:
        event = weekly_event(client, status=EventStatus.PUBLISHED)

        assert "Other dates" not in text_of(client.get(event.get_absolute_url()))

    @pytest.mark.parametrize(("page", "most"), [(Event.get_absolute_url, 8), (dates_page, 8)])
    def test_pages_take_as_many_queries_for_many_dates_as_for_few(
        self, client: Client, page: Callable[[Event], str], most: int
    ) -> None:
        few = series_of(client, 2, status=EventStatus.PUBLISHED)
        for_few = queries(client, page(few[0]))
        many = series_of(client, 15, status=EventStatus.PUBLISHED, slug="more")

        assert queries(client, page(many[0])) == for_few <= most


@pytest.mark.django_db(transaction=True)
def test_a_form_that_comes_several_times_at_once_makes_one_series(client: Client) -> None:
    event = weekly_event(client)
    seen = submission(planned(client, event, count="5").content.decode()) | {"then": "make"}
    start = Barrier(6, timeout=30)

    def send() -> tuple[int, str]:
        own = Client()
        own.cookies = client.cookies
        start.wait()
        try:
            response = own.post(repeat_page(event), seen)
            return response.status_code, response.headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        answers = {task.result() for task in [threads.submit(send) for _ in range(6)]}

    assert answers == {(302, dates_page(event))}
    assert EventSeries.objects.count() == 1
    assert len(dates_of(event)) == Event.objects.count() == 5

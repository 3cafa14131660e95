"""A change of one date of a series, and of those after it."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from bookings.models import Booking, Notice, NoticeKind
from events.models import Event, EventStatus, TicketStock, TicketType
from tests.bookings.series import dates_of, series_of
from tests.events.edits import utc
from tests.factories import BookingFactory, CityFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db

FOLLOWING = {"scope": "following"}


def change(client: Client, event: Event, step: str, **fields: Any) -> Any:
    """The answer to a step's form that is sent with these fields changed."""
    address = f"/hosting/{event.slug}/{step}/"
    return client.post(address, submission(client.get(address).content.decode()) | fields)


def booked(date: Event, tickets: int = 1) -> Booking:
    booking: Booking = BookingFactory(event=date, tickets=[date.ticket_types.get()] * tickets)
    return booking


@pytest.fixture
def dates(client: Client) -> list[Event]:
    """Four Fridays at 19:00 in Berlin, published."""
    return series_of(client, 4, status=EventStatus.PUBLISHED)


class TestTexts:
    def test_by_itself_a_change_is_of_the_one_date(
        self, client: Client, dates: list[Event]
    ) -> None:
        assert change(client, dates[1], "edit/what", title="Gala").status_code == 302

        assert [date.title for date in dates_of(dates[0])] == [
            *("Jazz night", "Gala", "Jazz night", "Jazz night")
        ]

    def test_reaches_those_after_it_and_no_other(self, client: Client, dates: list[Event]) -> None:
        response = change(client, dates[1], "edit/what", title="Gala", **FOLLOWING)

        titles = [date.title for date in dates_of(dates[0])]
        assert titles == ["Jazz night", "Gala", "Gala", "Gala"]
        page = client.get(response.headers["Location"]).content.decode()
        assert "Changed here and on 2 dates after it." in page

    def test_what_a_date_has_of_its_own_stays_where_something_else_is_changed(
        self, client: Client, dates: list[Event]
    ) -> None:
        change(client, dates[2], "edit/page", summary="With a guest from Lyon.")

        change(client, dates[0], "edit/page", language="English", **FOLLOWING)

        third = dates_of(dates[0])[2]
        assert (third.language, third.summary) == ("English", "With a guest from Lyon.")

    def test_cancelled_dates_and_the_dates_of_others_stay(
        self, client: Client, dates: list[Event]
    ) -> None:
        Event.objects.filter(pk=dates[2].pk).update(status=EventStatus.CANCELLED)

        change(client, dates[0], "edit/what", title="Gala", **FOLLOWING)

        titles = [date.title for date in dates_of(dates[0])]
        assert titles == ["Gala", "Gala", "Jazz night", "Gala"]

    def test_the_last_date_has_nothing_to_choose(self, client: Client, dates: list[Event]) -> None:
        page = client.get(f"/hosting/{dates[3].slug}/edit/what/").content.decode()

        assert 'name="scope"' not in page


class TestTimes:
    def test_the_others_move_by_as_much_on_the_clock(
        self, client: Client, dates: list[Event]
    ) -> None:
        change(client, dates[2], "edit/when", starts_time="18:00")  # of its own

        fields = {"starts_on": "2028-01-15", "starts_time": "20:30", "ends_on": "2028-01-15"}
        change(client, dates[1], "edit/when", **fields, ends_time="23:00", **FOLLOWING)

        first, second, third, fourth = dates_of(dates[0])
        assert (first.starts_at, first.ends_at) == (utc(2028, 1, 7, 18), utc(2028, 1, 7, 21))
        assert (second.starts_at, second.ends_at) == (
            *(utc(2028, 1, 15, 19, 30), utc(2028, 1, 15, 22)),
        )
        assert (third.starts_at, third.ends_at) == (
            *(utc(2028, 1, 22, 18, 30), utc(2028, 1, 22, 22)),
        )
        assert (fourth.starts_at, fourth.series_day) == (
            utc(2028, 1, 29, 19, 30),
            fourth.series_day,
        )
        assert f"{fourth.series_day}" == "2028-01-28"

    def test_a_time_that_clocks_skip_on_another_date_is_refused_with_that_date(
        self, client: Client
    ) -> None:
        saturdays = series_of(client, 3, starts_at=utc(2028, 3, 18, 23))  # Sundays at 00:00

        response = change(
            client, saturdays[0], "edit/when", starts_time="02:30", ends_time="05:00", **FOLLOWING
        )

        assert response.status_code == 400
        page = response.content.decode()
        assert "Sun 26 Mar 2028: 02:30 does not exist on 26 March 2028" in page
        assert dates_of(saturdays[0])[0].starts_at == utc(2028, 3, 18, 23)

    def test_a_time_that_comes_twice_on_another_date_is_asked_for(self, client: Client) -> None:
        sundays = series_of(client, 2, starts_at=utc(2028, 10, 21, 22))
        fields = {"starts_time": "02:30", "ends_time": "05:00"} | FOLLOWING

        response = change(client, sundays[0], "edit/when", **fields)
        assert response.status_code == 400
        assert "Sun 29 Oct 2028: 02:30 comes twice" in response.content.decode()

        change(client, sundays[0], "edit/when", **fields, starts_occurrence="0")
        assert dates_of(sundays[0])[1].starts_at == utc(2028, 10, 29, 0, 30)

    def test_whole_days_instead_of_hours(self, client: Client, dates: list[Event]) -> None:
        change(client, dates[2], "edit/when", is_all_day="on", **FOLLOWING)

        assert dates_of(dates[0])[3].schedule.dates == "Fri 28 Jan 2028"
        assert dates_of(dates[0])[3].is_all_day

    def test_buyers_of_all_dates_that_changed_are_told(
        self, client: Client, dates: list[Event]
    ) -> None:
        booked(dates[0]), booked(dates[3])

        page = client.get(f"/hosting/{dates[1].slug}/edit/when/").content.decode()
        assert "And the 1 of the dates after it" in page
        change(client, dates[1], "edit/when", starts_time="18:30", **FOLLOWING)

        notice = Notice.objects.get()
        assert (notice.event, notice.kind) == (dates[3], NoticeKind.CHANGED)
        assert "Fri 28 Jan 2028, 19:00 – 22:00" in notice.old_time

    def test_the_place_of_all_with_the_hours_of_its_clock(
        self, client: Client, dates: list[Event]
    ) -> None:
        city = CityFactory(name="Lagos", timezone="Africa/Lagos", country="Nigeria")

        change(client, dates[2], "edit/where", city="Lagos, Nigeria", venue="Shrine", **FOLLOWING)

        second, third, fourth = dates_of(dates[0])[1:]
        assert {date.city for date in (third, fourth)} == {city}
        assert second.city != city
        assert (fourth.venue, fourth.timezone) == ("Shrine", "Africa/Lagos")
        assert fourth.starts_at == utc(2028, 1, 28, 18)


class TestTickets:
    def test_name_price_and_places_reach_those_after_it(
        self, client: Client, dates: list[Event]
    ) -> None:
        own = dates[1].ticket_types.get()
        step = f"edit/tickets/{own.pk}"

        change(client, dates[1], step, name="Regular", price="9", capacity="25", **FOLLOWING)

        found = [date.ticket_types.get() for date in dates_of(dates[0])]
        assert [(row.name, row.stock.capacity) for row in found] == [
            *(("Standard", 10), ("Regular", 25), ("Regular", 25), ("Regular", 25))
        ]
        assert found[3].price == Decimal(9)

    def test_sales_end_as_many_days_before_each(self, client: Client, dates: list[Event]) -> None:
        step = f"edit/tickets/{dates[0].ticket_types.get().pk}"

        change(client, dates[0], step, sales_end="2028-01-06T12:00", **FOLLOWING)

        assert dates[2].ticket_types.get().sales_end == utc(2028, 1, 20, 11)

    def test_fewer_places_than_are_taken_on_another_date_change_nothing(
        self, client: Client, dates: list[Event]
    ) -> None:
        booked(dates[2], 8)
        step = f"edit/tickets/{dates[0].ticket_types.get().pk}"

        response = change(client, dates[0], step, name="Few", capacity="5", **FOLLOWING)

        assert response.status_code == 400
        message = "Fri 21 Jan 2028: 8 places are taken, so the capacity cannot be 5."
        assert message in response.content.decode()
        assert set(TicketStock.objects.values_list("capacity", flat=True)) == {10}
        assert set(TicketType.objects.values_list("name", flat=True)) == {"Standard"}

    def test_a_new_one_can_be_for_those_after_it_too(
        self, client: Client, dates: list[Event]
    ) -> None:
        fields = {"name": "Under 18", "price": "3", "capacity": "4"}

        change(client, dates[2], "edit/tickets/new", **fields, **FOLLOWING)

        assert [date.ticket_types.count() for date in dates] == [1, 1, 2, 2]
        added = dates[3].ticket_types.get(name="Under 18")
        assert (added.price, added.stock.capacity) == (3, 4)
        change(client, dates[2], f"edit/tickets/{_own(dates[2], added)}", price="4", **FOLLOWING)
        added.refresh_from_db()
        assert added.price == 4


class TestCancelling:
    def test_cancels_the_one_date(self, client: Client, dates: list[Event]) -> None:
        change(client, dates[1], "cancel")

        statuses = [date.status for date in dates_of(dates[0])]
        assert statuses == ["published", "cancelled", "published", "published"]

    def test_cancels_those_after_it_and_tells_their_buyers(
        self, client: Client, dates: list[Event]
    ) -> None:
        booked(dates[3], 2)
        page = " ".join(client.get(f"/hosting/{dates[2].slug}/cancel/").content.decode().split())
        assert "With the dates after it: 1 booking with 2 tickets, and 1 buyer" in page

        response = change(client, dates[2], "cancel", text="So sorry.", **FOLLOWING)

        assert response.status_code == 302
        statuses = [date.status for date in dates_of(dates[0])]
        assert statuses == ["published", "published", "cancelled", "cancelled"]
        assert {notice.event for notice in Notice.objects.all()} == set(dates[2:])


def _own(date: Event, other: TicketType) -> int:
    return date.ticket_types.get(series_key=other.series_key).pk

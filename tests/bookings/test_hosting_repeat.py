"""A series out of an event: its dates are shown first, and then made as events of their own."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import PromoCode
from events.models import Event, EventSeries, EventStatus, Listing, TicketType
from tests.bookings.series import dates_of, made, planned, repeat_page, series_of, weekly_event
from tests.events.edits import utc
from tests.factories import EventImageFactory, QuestionFactory, TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db


def days_shown(response: Any) -> list[str]:
    return [f"{date.day:%d %b}" for date in response.context["form"].dates]


def errors_of(response: Any) -> str:
    assert response.status_code == 400
    return str(response.context["form"].errors)


class TestPlanning:
    def test_shows_the_dates_on_the_clock_of_the_place_and_makes_nothing(
        self, client: Client
    ) -> None:
        event = weekly_event(client)

        response = planned(client, event, count="3")

        assert days_shown(response) == ["14 Jan", "21 Jan"]
        page = response.content.decode()
        assert "Fri 14 Jan 2028, 19:00 – 22:00 CET" in page
        assert not EventSeries.objects.exists()

    def test_keeps_the_hour_when_clocks_change(self, client: Client) -> None:
        event = weekly_event(client, starts_at=utc(2028, 3, 24, 18))

        made(client, event, count="2")

        first, second = dates_of(event)
        assert (first.starts_at, second.starts_at) == (utc(2028, 3, 24, 18), utc(2028, 3, 31, 17))

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"frequency": "DAILY", "interval": "2", "count": "3"}, ["09 Jan", "11 Jan"]),
            ({"interval": "2", "count": "3"}, ["21 Jan", "04 Feb"]),
            ({"weekdays": ["FR", "TU"], "count": "4"}, ["11 Jan", "14 Jan", "18 Jan"]),
            ({"ends": "until", "until": "2028-01-21", "count": ""}, ["14 Jan", "21 Jan"]),
            (
                {"frequency": "MONTHLY", "in_month": "BYDAY=+1FR", "count": "3"},
                ["04 Feb", "03 Mar"],
            ),
            (
                {"frequency": "MONTHLY", "in_month": "BYMONTHDAY=7", "count": "3"},
                ["07 Feb", "07 Mar"],
            ),
        ],
    )
    def test_follows_the_rule(
        self, client: Client, fields: dict[str, Any], expected: list[str]
    ) -> None:
        assert days_shown(planned(client, weekly_event(client), **fields)) == expected

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"count": ""}, "Give this, or choose the other end."),
            ({"count": "101"}, "less than or equal to 100"),
            ({"frequency": "MONTHLY", "count": "100"}, "25 fit into them"),
            ({"ends": "until", "until": "2030-06-01"}, "two years at most"),
            ({"ends": "until", "until": "2028-01-07"}, "Give a day after 7 January 2028"),
            ({"ends": "until", "until": "2028-01-08"}, "only the date which there is"),
            (
                {"frequency": "DAILY", "ends": "until", "until": "2029-01-01"},
                "That would be 361 dates. At most 100 can be: up to 15 April 2028.",
            ),
            ({"interval": "0"}, "greater than or equal to 1"),
            ({"frequency": "HOURLY"}, "HOURLY"),
            ({"weekdays": []}, "Choose at least one day."),
        ],
    )
    def test_says_what_is_wrong_with_a_rule(
        self, client: Client, fields: dict[str, Any], message: str
    ) -> None:
        response = planned(client, weekly_event(client), **fields)

        assert message in errors_of(response)

    def test_dates_that_were_not_seen_are_shown_and_not_made(self, client: Client) -> None:
        event = weekly_event(client)
        seen = submission(planned(client, event, count="3").content.decode())

        response = client.post(repeat_page(event), seen | {"count": "5", "then": "make"})

        assert response.status_code == 200
        assert len(days_shown(response)) == 4
        assert not EventSeries.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"is_scheduled": False}, "It has no date yet."),
            ({"status": EventStatus.CANCELLED}, "It is cancelled."),
            ({"starts_at": utc(2020, 1, 3, 18)}, "It is over."),
        ],
    )
    def test_says_why_an_event_cannot_be_repeated(
        self, client: Client, fields: dict[str, Any], why: str
    ) -> None:
        event = weekly_event(client, **fields)

        assert why in client.get(repeat_page(event)).content.decode()
        assert client.post(repeat_page(event)).status_code == 409


class TestClockChanges:
    def test_a_time_that_clocks_skip_has_to_be_left_out(self, client: Client) -> None:
        event = weekly_event(client, starts_at=utc(2028, 3, 25, 1, 30))  # 02:30
        fields = {"frequency": "DAILY", "count": "3"}

        response = made(client, event, **fields)
        assert "02:30 does not exist on 26 March 2028" in response.content.decode()
        assert response.status_code == 400

        made(client, event, **fields, left_out=["2028-03-26"])
        assert [date.starts_at for date in dates_of(event)] == [
            utc(2028, 3, 25, 1, 30),
            utc(2028, 3, 27, 0, 30),
        ]
        assert [f"{day}" for day in EventSeries.objects.get().left_out] == ["2028-03-26"]

    def test_a_time_that_comes_twice_is_asked_for(self, client: Client) -> None:
        event = weekly_event(client, starts_at=utc(2028, 10, 28, 0, 30))  # 02:30
        fields = {"frequency": "DAILY", "count": "2"}

        response = made(client, event, **fields)
        assert "02:30 comes twice on 29 October 2028" in response.content.decode()
        assert response.status_code == 400

        made(client, event, **fields, occurrence="1")
        assert dates_of(event)[1].starts_at == utc(2028, 10, 29, 1, 30)

    def test_whole_days_stay_whole(self, client: Client) -> None:
        event = weekly_event(
            client, starts_at=utc(2028, 3, 25, 23), ends_at=utc(2028, 3, 26, 22), is_all_day=True
        )

        made(client, event, frequency="DAILY", count="2")

        first, second = dates_of(event)
        assert first.schedule.dates == "Sun 26 Mar 2028"
        assert second.schedule.dates == "Mon 27 Mar 2028"
        assert (second.starts_at, second.ends_at) == (utc(2028, 3, 26, 22), utc(2028, 3, 27, 22))


class TestMaking:
    def test_each_date_is_an_event_of_its_own_with_all_that_belongs_to_it(
        self, client: Client
    ) -> None:
        event = weekly_event(client)
        ticket_type = event.ticket_types.get()
        TicketType.objects.update(sales_end=utc(2028, 1, 6, 11), price=Decimal(12))
        QuestionFactory(event=event, text="What do you eat?")
        code = PromoCode.objects.create(event=event, code="FRIENDS", value=10)
        code.ticket_types.add(ticket_type)
        EventImageFactory(event=event, state="ready", widths=[320])

        response = made(client, event, count="3")

        assert response.headers["Location"] == f"/hosting/{event.slug}/dates/"
        dates = dates_of(event)
        assert [date.slug for date in dates] == [
            *("jazz-night", "jazz-night-2028-01-14", "jazz-night-2028-01-21")
        ]
        assert {date.status for date in dates} == {EventStatus.DRAFT}
        assert len({date.uid for date in dates}) == 3
        last = dates[-1]
        copied = last.ticket_types.get()
        assert (copied.price, copied.stock.capacity) == (12, 10)
        assert copied.sales_end == utc(2028, 1, 20, 11)
        assert last.questions.get().text == "What do you eat?"
        assert last.promo_codes.get().ticket_types.get() == copied
        assert last.images.get().image.name == event.images.get().image.name

    def test_shared_places_are_shared_on_each_date(self, client: Client) -> None:
        event = weekly_event(client)
        hall = event.shared_capacities.create(name="Hall", capacity=15)
        for ticket_type in (event.ticket_types.get(), TicketTypeFactory(event=event, name="Half")):
            ticket_type.stock.shared_capacity = hall
            ticket_type.stock.save()

        made(client, event, count="2")

        own = dates_of(event)[1].shared_capacities.get()
        assert (own.name, own.capacity, own.stocks.count()) == ("Hall", 15, 2)

    @pytest.mark.parametrize("is_public", [True, False])
    def test_dates_of_a_published_event_are_public_where_that_is_chosen(
        self, client: Client, is_public: bool
    ) -> None:
        event = weekly_event(client, status=EventStatus.PUBLISHED)
        look = submission(planned(client, event, count="3").content.decode())
        assert look.pop("is_public") == "on"

        client.post(
            repeat_page(event), look | {"then": "make"} | ({"is_public": "on"} if is_public else {})
        )

        dates = dates_of(event)
        assert Listing.objects.filter(event__in=dates).count() == (3 if is_public else 1)
        assert {date.is_published for date in dates[1:]} == {is_public}

    def test_the_same_form_twice_makes_one_series(self, client: Client) -> None:
        event = weekly_event(client)
        seen = submission(planned(client, event, count="3").content.decode()) | {"then": "make"}

        first, second = (client.post(repeat_page(event), seen) for _ in range(2))

        assert first.headers["Location"] == second.headers["Location"]
        assert EventSeries.objects.count() == 1
        assert Event.objects.count() == 3

    def test_another_form_for_what_is_a_series_by_now_is_refused(self, client: Client) -> None:
        event = weekly_event(client)
        late = submission(planned(client, event, count="9").content.decode())
        made(client, event, count="3")

        response = client.post(repeat_page(event), late | {"then": "make"})

        assert response.status_code == 409
        assert "It is a date of a series already." in response.content.decode()
        assert Event.objects.count() == 3

    def test_a_hundred_dates_take_as_many_queries_as_a_few(self, client: Client) -> None:
        def queries(count: int) -> int:
            event = weekly_event(client, slug=f"jazz-{count}")
            QuestionFactory(event=event)
            fields = {"frequency": "DAILY", "count": str(count)}
            seen = submission(planned(client, event, **fields).content.decode())
            with CaptureQueriesContext(connection) as captured:
                client.post(repeat_page(event), seen | {"then": "make"})
            assert len(dates_of(event)) == count
            return len(captured)

        assert queries(100) == queries(5)


class TestExtending:
    def test_goes_on_by_the_rule_after_the_last_date(self, client: Client) -> None:
        first, *_ = series_of(client, 3)
        Event.objects.filter(pk=first.pk).update(title="Jazz, and more of it")

        response = planned(client, first, count="2")
        assert days_shown(response) == ["28 Jan", "04 Feb"]
        made(client, first, count="2")

        dates = dates_of(first)
        assert [f"{date.series_day:%d %b}" for date in dates[3:]] == ["28 Jan", "04 Feb"]
        assert dates[4].title == "Jazz, and more of it"
        assert dates[4].ticket_types.get().series_key == first.ticket_types.get().series_key

    def test_the_same_form_twice_adds_the_dates_once(self, client: Client) -> None:
        first, *_ = series_of(client, 3)
        seen = submission(planned(client, first, count="2").content.decode()) | {"then": "make"}

        answers = [client.post(repeat_page(first), seen) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [302, 302]
        assert len(dates_of(first)) == 5

    def test_is_refused_where_others_were_added_meanwhile(self, client: Client) -> None:
        first, *_ = series_of(client, 3)
        late = submission(planned(client, first, count="2").content.decode()) | {"then": "make"}
        made(client, first, count="3")

        response = client.post(repeat_page(first), late)

        assert response.status_code == 409
        assert "other dates by now" in response.content.decode()
        assert len(dates_of(first)) == 6

    def test_no_more_than_a_hundred_are_still_to_come(self, client: Client) -> None:
        first, *_ = series_of(client, 98)

        response = planned(client, first, count="3")

        assert "At most 2 can be made" in errors_of(response)
        seen = submission(planned(client, first, count="2").content.decode()) | {"then": "make"}
        answers = [client.post(repeat_page(first), seen) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert len(dates_of(first)) == 100

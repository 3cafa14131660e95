"""The figures of the whole platform, for admins."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from bookings.models import DailyGrowth
from bookings.services.figures import add_sales_changes
from bookings.services.growth import count_growth
from events.models import Event, EventStatus
from tests.factories import BookingFactory, EventFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/admin/bookings/dailysales/"


def figures(client: Client, query: str = "") -> Any:
    response = client.get(f"{PAGE}{query}")
    assert response.status_code == 200
    return response.context["figures"]


def test_it_adds_up_all_events_with_what_has_just_been_sold(admin_client: Client) -> None:
    for price, currency in ((Decimal(10), "EUR"), (Decimal(5), "EUR"), (Decimal(7), "USD")):
        ticket_type = TicketTypeFactory(price=price, currency=currency)
        BookingFactory(event=ticket_type.event, tickets=[ticket_type], currency=currency)
        if currency == "EUR":
            add_sales_changes()

    shown = figures(admin_client)

    assert (shown.tickets, shown.revenue) == (3, ["€15.00", "$7.00"])
    assert figures(admin_client, "?by=week").tickets == 3


def test_a_day_that_has_begun_elsewhere_counts_for_today(admin_client: Client) -> None:
    ticket_type = TicketTypeFactory(event__timezone="Pacific/Kiritimati", price=Decimal(10))
    BookingFactory(event=ticket_type.event, tickets=[ticket_type])

    assert figures(admin_client).tickets == 1


def test_new_accounts_and_events_are_counted_by_day(admin_client: Client) -> None:
    long_ago = timezone.now() - dt.timedelta(days=60)
    today = timezone.now().astimezone(dt.UTC).date()
    UserFactory(date_joined=long_ago)
    EventFactory(status=EventStatus.DRAFT)
    EventFactory()
    accounts = get_user_model().objects.exclude(date_joined=long_ago).count()

    count_growth()

    assert DailyGrowth.objects.get(day=today).events == 1
    shown = figures(admin_client)
    assert (shown.new_users, shown.new_events) == (accounts, 1)
    assert figures(admin_client, "?by=week").new_users == accounts + 1
    Event.objects.update(status=EventStatus.PUBLISHED)
    count_growth()
    assert figures(admin_client).new_events == 2


def test_days_that_are_shown_no_more_are_forgotten() -> None:
    DailyGrowth.objects.create(day=dt.date(2020, 1, 1), users=3, events=3)

    count_growth()

    assert not DailyGrowth.objects.filter(day__year=2020).exists()


def test_only_admins_who_may_see_it_do(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True))
    assert client.get(PAGE).status_code == 403
    client.force_login(UserFactory())
    assert client.get(PAGE).status_code == 302


def test_it_runs_no_script_and_has_no_style_of_its_own_in_the_page(admin_client: Client) -> None:
    page = admin_client.get(PAGE).content.decode()

    assert 'class="plot"' in page
    assert "style=" not in page
    assert "<script>" not in page

"""A series as its host makes it, through the pages."""

import datetime as dt
from typing import Any

from django.test import Client

from events.models import Event, EventStatus
from tests.bookings.hosted import hosted_event
from tests.events.edits import utc
from tests.html_form import submission


def weekly_event(client: Client, **fields: Any) -> Event:
    """Fridays at 19:00 in Berlin, from 7 January 2028 on, three hours; its owner is logged in."""
    starts_at = fields.pop("starts_at", utc(2028, 1, 7, 18))
    values = {
        "title": "Jazz night",
        "slug": "jazz-night",
        "starts_at": starts_at,
        "ends_at": starts_at + dt.timedelta(hours=3),
        "status": EventStatus.DRAFT,
    }
    return hosted_event(client, **values | fields)


def repeat_page(event: Event) -> str:
    return f"/hosting/{event.slug}/repeat/"


def planned(client: Client, event: Event, **fields: Any) -> Any:
    """The answer to the dates that are asked for, which shows them."""
    shown = submission(client.get(repeat_page(event)).content.decode())
    return client.post(repeat_page(event), shown | {"then": "look"} | fields)


def made(client: Client, event: Event, **fields: Any) -> Any:
    """The answer to the dates that were seen and are to be made."""
    look = planned(client, event, **{k: v for k, v in fields.items() if k != "left_out"})
    assert look.status_code == 200, look.context["form"].errors
    seen = submission(look.content.decode())
    return client.post(repeat_page(event), seen | fields | {"then": "make"})


def series_of(client: Client, count: int = 4, **fields: Any) -> list[Event]:
    """All dates of a weekly series, the first one first."""
    event = weekly_event(client, **fields)
    response = made(client, event, count=str(count))
    assert response.status_code == 302, response.context["form"].errors
    return dates_of(event)


def dates_of(event: Event) -> list[Event]:
    event.refresh_from_db()
    return list(Event.objects.dates_of(event))

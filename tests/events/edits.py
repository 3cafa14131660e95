"""Editing an event through its form, as the tests of it do."""

import datetime as dt
from typing import Any

from django import forms

from events.forms.event import EventForm
from events.models import Event
from tests.factories import CategoryFactory, CityFactory, EventFactory, HostFactory


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def shown(event: Event) -> dict[str, str]:
    """What the event's form shows, and a browser sends when someone saves it unchanged. (It takes
    long to render 600 time zones: one test does that and finds the same.)
    """
    values: dict[str, str] = {}
    for field in EventForm(instance=event):
        value = field.field.widget.format_value(field.value())
        if isinstance(field.field, forms.BooleanField):
            values |= {field.name: "on"} if field.value() else {}
        else:
            values[field.name] = (value[0] if isinstance(value, list) else value) or ""
    return values


def saved(event: Event, **changes: str) -> Event:
    form = EventForm(shown(event) | changes, instance=event)
    assert form.is_valid(), form.errors
    form.save()
    return Event.objects.get(pk=event.pk)


def refused(event: Event, **changes: str) -> EventForm:
    form = EventForm(shown(event) | changes, instance=event)
    assert not form.is_valid()
    return form


def berlin(*parts: int, **fields: Any) -> Event:
    """An event of an hour that starts at an instant, in Berlin."""
    start = utc(*parts)
    return EventFactory(
        starts_at=start, ends_at=start + dt.timedelta(hours=1), timezone="Europe/Berlin", **fields
    )


def new_event(**changes: str) -> dict[str, str]:
    return {
        "title": "Open Air am Fluss",
        "category": str(CategoryFactory().pk),
        "host": str(HostFactory().pk),
        "city": str(CityFactory(timezone="America/New_York").pk),
        "starts_on": "2026-07-04",
        "starts_time": "18:30",
        "ends_on": "2026-07-04",
        "ends_time": "22:00",
        "timezone": "",
    } | changes

import pytest

from events.forms.event import EventForm
from events.models import Event, EventStatus
from tests.events.edits import berlin, new_event, saved, shown, utc
from tests.factories import CityFactory

pytestmark = pytest.mark.django_db


def test_times_are_read_on_the_clock_of_the_chosen_zone() -> None:
    form = EventForm(new_event(timezone="Asia/Tokyo"))

    assert form.is_valid(), form.errors
    event = form.save()
    assert event.starts_at == utc(2026, 7, 4, 9, 30)
    assert event.ends_at == utc(2026, 7, 4, 13)


def test_without_a_zone_the_city_gives_it() -> None:
    form = EventForm(new_event())

    assert form.is_valid(), form.errors
    event = form.save()
    assert event.timezone == "America/New_York"
    assert event.starts_at == utc(2026, 7, 4, 22, 30)


def test_without_zone_and_city_a_zone_is_asked_for() -> None:
    form = EventForm(new_event(city="", is_online="on"))

    assert form.errors == {"timezone": ["Choose one, as there is no city to take it from."]}


def test_changing_the_city_leaves_the_zone() -> None:
    event = berlin(2026, 7, 4, 16, 30)

    event = saved(event, city=str(CityFactory(timezone="Asia/Tokyo").pk))

    assert (event.timezone, event.starts_at) == ("Europe/Berlin", utc(2026, 7, 4, 16, 30))


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"ends_on": "2026-07-03"}, "ends_on", "The end must come after the start."),
        ({"ends_time": ""}, "ends_time", "Give a time, or say that it takes whole days."),
        ({"starts_on": ""}, "starts_on", "This field is required."),
        ({"starts_on": "0001-01-01"}, "starts_on", "Give a year from 1900 on."),
        ({"ends_on": "9999-12-31"}, "ends_on", "Give a year up to 2199."),
        (
            {"latitude": "91", "longitude": "13"},
            "__all__",
            "Give both latitude and longitude, or neither.",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    changes: dict[str, str], field: str, message: str
) -> None:
    form = EventForm(new_event(timezone="UTC") | changes)

    assert form.errors == {field: [message]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Mars/Olympus_Mons"),
        ("starts_time", "25:00"),
        ("starts_on", "2026-02-30"),
        ("starts_occurrence", "2"),
        ("title", "Jazz\x00"),
        ("latitude", "nan"),
    ],
)
def test_nonsense_is_refused(field: str, value: str) -> None:
    form = EventForm(new_event(**{field: value}))

    assert field in form.errors


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Ночь джаза", "noch-dzhaza"),
        ("¡Olé, Flamenco!", "ole-flamenco"),
        ("★★★", "event"),
    ],
)
def test_an_empty_slug_is_made_from_the_title(title: str, slug: str) -> None:
    form = EventForm(new_event(title=title))
    assert form.is_valid(), form.errors
    assert form.save().slug == slug

    again = EventForm(new_event(title=title))
    assert again.is_valid(), again.errors
    assert again.save().slug == f"{slug}-2"


def test_an_event_that_is_saved_with_its_slug_emptied_may_get_its_own_again() -> None:
    event = berlin(2026, 7, 4, 16, 30, title="Late Jazz", slug="late-jazz")

    assert saved(event, slug="").slug == "late-jazz"


def test_a_slug_of_another_event_is_refused() -> None:
    berlin(2026, 7, 4, 16, 30, slug="late-jazz")

    form = EventForm(new_event(slug="late-jazz"))

    assert form.errors == {"slug": ["Event with this Slug already exists."]}


def test_a_cancellation_during_an_edit_stands() -> None:
    event = berlin(2026, 7, 4, 16, 30)
    form = EventForm(shown(event) | {"title": "Renamed"}, instance=event)
    assert form.is_valid()
    Event.objects.filter(pk=event.pk).update(status=EventStatus.CANCELLED)

    form.save()

    event = Event.objects.get(pk=event.pk)
    assert (event.title, event.status) == ("Renamed", EventStatus.CANCELLED)

"""The pages of a city, a category and a host."""

import pytest

from events.models import EventStatus
from tests.factories import EventFactory, days_from_now

pytestmark = pytest.mark.django_db

KINDS = ["city", "category", "host"]


@pytest.fixture
def event():
    return EventFactory(
        title="Here",
        city__slug="berlin",
        city__name="Berlin",
        category__slug="jazz",
        category__name="Jazz",
        host__slug="blue-room",
        host__name="Blue Room",
        host__description="We love **small rooms**.<script>x</script>",
        host__website="https://blue-room.example/",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_page_shows_its_own_upcoming_events(client, event, kind):
    place = getattr(event, kind)
    EventFactory(title="Elsewhere")
    EventFactory(title="Draft", status=EventStatus.DRAFT, **{kind: place})
    EventFactory(title="Over", starts_at=days_from_now(-3), **{kind: place})

    response = client.get(place.get_absolute_url())

    assert [event.title for event in response.context["page"].events] == ["Here"]
    assert place.name in response.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_page_without_events_says_so_kindly(client, event, kind):
    place = getattr(event, kind)
    event.delete()

    response = client.get(place.get_absolute_url())

    assert response.status_code == 200
    assert "Nothing coming up" in response.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_slug_is_a_404(client, event, kind):
    path = getattr(event, kind).get_absolute_url()

    assert client.get(path).status_code == 200
    assert client.get(path[:-1] + "-not/").status_code == 404
    assert client.get(f"{path}?after=2").status_code == 404


def test_host_page_shows_its_text_made_safe_and_its_website(client, event):
    html = client.get("/host/blue-room/").content.decode()

    assert "<strong>small rooms</strong>" in html
    assert "<script>x" not in html
    assert 'href="https://blue-room.example/"' in html

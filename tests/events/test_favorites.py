import pytest

from events.models import EventStatus, Favorite
from tests.factories import EventFactory, FavoriteFactory, TicketTypeFactory, days_from_now

pytestmark = pytest.mark.django_db


def test_event_is_kept_and_let_go_again(client, visitor):
    event = EventFactory()
    path = f"/event/{event.slug}/favorite/"

    kept = client.post(path, follow=True)
    assert Favorite.objects.get().user == visitor
    assert "Remove from favourites" in kept.content.decode()

    client.post(path)
    assert not Favorite.objects.exists()


@pytest.mark.usefixtures("visitor")
def test_favourite_is_one_s_own(client):
    others = FavoriteFactory()

    client.post(f"/event/{others.event.slug}/favorite/")

    assert Favorite.objects.filter(event=others.event).count() == 2


@pytest.mark.usefixtures("visitor")
@pytest.mark.parametrize("method", ["get", "head", "put"])
def test_only_a_post_changes_anything(client, method):
    path = f"/event/{EventFactory().slug}/favorite/"

    assert getattr(client, method)(path).status_code == 405
    assert not Favorite.objects.exists()
    client.post(path)
    assert Favorite.objects.exists()


def test_visitor_who_is_not_logged_in_is_asked_to(client):
    event = EventFactory()

    response = client.post(f"/event/{event.slug}/favorite/")

    assert response.headers["Location"] == f"/accounts/login/?next=/event/{event.slug}/"
    assert not Favorite.objects.exists()


@pytest.mark.usefixtures("visitor")
@pytest.mark.parametrize(
    ("next_page", "goes_to"),
    [
        ("/events/?q=jazz", "/events/?q=jazz"),
        ("https://evil.example/", None),
        ("//evil.example/", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_way_back_stays_on_this_site(client, next_page, goes_to):
    event = EventFactory()

    response = client.post(f"/event/{event.slug}/favorite/", {"next": next_page})

    assert response.status_code == 302
    assert response.headers["Location"] == (goes_to or event.get_absolute_url())


@pytest.mark.usefixtures("visitor")
@pytest.mark.parametrize("status", [EventStatus.PUBLISHED, EventStatus.DRAFT])
def test_draft_of_another_host_cannot_be_kept(client, status):
    event = EventFactory(status=status)

    response = client.post(f"/event/{event.slug}/favorite/")

    assert response.status_code == (404 if status == EventStatus.DRAFT else 302)
    assert Favorite.objects.exists() == (status != EventStatus.DRAFT)


def test_favourites_are_listed_the_coming_ones_first(client, visitor):
    for title, days in (("Over", -9), ("Later", 9), ("Soon", 3)):
        FavoriteFactory(user=visitor, event__title=title, event__starts_at=days_from_now(days))
    FavoriteFactory(event__title="Another person's")

    page = client.get("/favorites/").context["page"]

    assert [event.title for event in page] == ["Soon", "Later", "Over"]


@pytest.mark.usefixtures("visitor")
def test_without_favourites_the_page_says_how_to_keep_one(client):
    assert "No favourites yet" in client.get("/favorites/").content.decode()


def test_favourites_need_a_login(client):
    assert client.get("/favorites/").headers["Location"] == "/accounts/login/?next=/favorites/"


def test_favourites_take_as_many_queries_for_24_events_as_for_one(queries_of, visitor):
    FavoriteFactory(user=visitor, event=TicketTypeFactory().event)
    for_one = queries_of("/favorites/")
    for ticket_type in TicketTypeFactory.create_batch(23):
        FavoriteFactory(user=visitor, event=ticket_type.event)

    assert queries_of("/favorites/") == for_one <= 6

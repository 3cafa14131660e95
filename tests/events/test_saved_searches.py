"""Saving searches, and changing and ending them, through their pages."""

import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.db import connections
from django.test import Client

from eventmate.logs.privacy import scrub_text
from events.alerts.links import unsubscribe_link
from events.exceptions import EventError
from events.models import MailFrequency, SavedSearch
from events.search.criteria import Criteria
from events.services.saved_searches import MOST_SEARCHES, save_search
from tests.factories import (
    PASSWORD,
    CategoryFactory,
    CityFactory,
    SavedSearchFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def saved(client, query, **fields):
    response = client.post("/searches/new/", {"query": query, "frequency": "weekly", **fields})
    assert response.status_code == 302, response.content.decode()
    return SavedSearch.objects.latest("pk")


def path_of(link):
    return urlsplit(link).path


def test_saved_search_is_named_by_its_filters_and_opens_what_was_saved(client, visitor):
    CityFactory(slug="berlin", name="Berlin")

    search = saved(client, "q=jazz&city=berlin&when=weekend")

    assert search.name == "“jazz”, Berlin, This weekend"
    assert search.user == visitor
    page = client.get("/searches/").content.decode()
    assert "“jazz”, Berlin, This weekend" in page
    response = client.get(search.get_absolute_url(), follow=True)
    assert response.status_code == 200
    assert "This weekend" in response.content.decode()


def test_relative_days_stay_relative(client, visitor):
    search = saved(client, "when=next-week")

    assert search.query == "when=next-week"
    assert search.has_moving_days


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("?q=jazz", "q=jazz"),
        ("q=+jazz+&max_price=&utm_source=x&page=3&sort=price&view=map", "q=jazz"),
        ("max_price=5&q=jazz", "q=jazz&max_price=5"),
        ("access=hearing-loop&access=step-free", "access=hearing-loop&access=step-free"),
        ("access=step-free&access=hearing-loop", "access=hearing-loop&access=step-free"),
        ("near=me&radius=10", ""),
        ("near=52.52,13.4&radius=10", "near=52.52%2C13.4&radius=10"),
        ("said=free+jazz&q=jazz&max_price=0&exact=1", "q=jazz&exact=1&max_price=0"),
        ("q=a&q=b", "q=b"),
    ],
)
def test_search_is_kept_in_one_way_of_writing_it(client, visitor, query, kept):
    assert saved(client, query).query == kept


def test_same_search_is_saved_once_with_the_frequency_asked_for_last(client, visitor):
    saved(client, "q=jazz&max_price=5", frequency="weekly")
    search = saved(client, "max_price=5&q=jazz&sort=price", frequency="instant")

    assert SavedSearch.objects.count() == 1
    assert search.frequency == MailFrequency.INSTANT


@pytest.mark.parametrize(
    "query", ["min_price=9&max_price=1", "city=atlantis", "when=never", "date=tomorrow"]
)
def test_search_that_does_not_work_is_not_saved(client, visitor, query):
    response = client.post("/searches/new/", {"query": query, "frequency": "weekly"})

    assert response.status_code == 400
    assert "Some of the filters do not work" in response.content.decode()
    assert not SavedSearch.objects.exists()


def test_visitor_who_has_to_log_in_comes_back_with_nothing_lost(client):
    user = UserFactory()
    CategoryFactory(slug="music", name="Music")
    asked = {"query": "q=jazz & more&category=music", "frequency": "instant"}
    asked["query"] = "q=jazz+%26+more&category=music"

    response = client.get("/searches/new/", asked)
    login = response["Location"]
    assert path_of(login) == "/accounts/login/"
    [back] = parse_qs(urlsplit(login).query)["next"]
    response = client.post(login, {"login": user.email, "password": PASSWORD, "next": back})
    page = client.get(response["Location"])
    assert "“jazz &amp; more”, Music" in page.content.decode()
    form = page.context["form"]
    response = client.post("/searches/new/", {name: form[name].value() for name in form.fields})

    assert response["Location"] == "/searches/"
    search = SavedSearch.objects.get()
    assert (search.user, search.frequency) == (user, MailFrequency.INSTANT)
    assert search.query == "q=jazz+%26+more&category=music"


def test_looking_at_the_page_saves_nothing(client, visitor):
    assert client.get("/searches/new/?query=q%3Djazz").status_code == 200
    assert not SavedSearch.objects.exists()


def test_account_can_save_fifty_searches_and_no_more(client, visitor):
    for number in range(MOST_SEARCHES - 1):
        SavedSearchFactory(user=visitor, query=f"max_price={number}")
    saved(client, "q=last")

    response = client.post("/searches/new/", {"query": "q=more", "frequency": "weekly"})

    assert response.status_code == 400
    assert "You have 50 saved searches" in response.content.decode()
    saved(client, "q=last")
    SavedSearchFactory(query="q=more")  # of somebody else
    assert SavedSearch.objects.of(visitor).count() == MOST_SEARCHES


@pytest.mark.django_db(transaction=True)
def test_searches_that_are_saved_at_once_are_counted_together():
    user = UserFactory()
    for number in range(MOST_SEARCHES - 1):
        SavedSearchFactory(user=user, query=f"max_price={number}")
    begin = threading.Barrier(4)
    refused = []

    def save(number):
        begin.wait()
        try:
            save_search(
                user=user,
                name="One",
                query=f"q={number}",
                criteria=Criteria(),
                has_moving_days=False,
                frequency=MailFrequency.WEEKLY,
            )
        except EventError as error:
            refused.append(error)
        connections.close_all()

    visitors = [threading.Thread(target=save, args=[number]) for number in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()

    assert SavedSearch.objects.count() == MOST_SEARCHES
    assert len(refused) == 3


def test_search_can_be_renamed_and_told_of_at_another_time(client, visitor):
    search = SavedSearchFactory(user=visitor)

    client.post(f"/searches/{search.pk}/", {"name": "My nights", "frequency": "instant"})

    search.refresh_from_db()
    assert (search.name, search.frequency) == ("My nights", MailFrequency.INSTANT)


def test_mail_that_was_off_begins_with_what_is_listed_from_then_on(client, visitor):
    search = SavedSearchFactory(user=visitor, frequency=MailFrequency.NEVER)
    before = search.told_until

    client.post(f"/searches/{search.pk}/", {"name": "x", "frequency": "weekly"})

    search.refresh_from_db()
    assert search.told_until > before


def test_search_without_a_name_is_asked_for_one(client, visitor):
    search = SavedSearchFactory(user=visitor)

    response = client.post(f"/searches/{search.pk}/", {"name": " ", "frequency": "weekly"})

    assert "This field is required" in response.content.decode()
    search.refresh_from_db()
    assert search.name


def test_search_can_be_deleted_by_whoever_saved_it(client, visitor):
    own, other = SavedSearchFactory(user=visitor), SavedSearchFactory()

    assert client.post(f"/searches/{own.pk}/delete/").status_code == 302
    assert client.post(f"/searches/{other.pk}/delete/").status_code == 404
    assert client.get(f"/searches/{other.pk}/").status_code == 404
    assert client.post(f"/searches/{other.pk}/", {"name": "x"}).status_code == 404
    assert list(SavedSearch.objects.all()) == [other]


def test_page_shows_own_searches_only(client, visitor):
    SavedSearchFactory(user=visitor, name="Mine")
    SavedSearchFactory(name="Theirs")

    page = client.get("/searches/").content.decode()

    assert "Mine" in page
    assert "Theirs" not in page


def test_page_says_when_the_address_is_not_confirmed(client, visitor):
    SavedSearchFactory(user=visitor)
    notice = "no mail is sent until it is"
    assert notice in client.get("/searches/").content.decode()

    EmailAddress.objects.create(user=visitor, email=visitor.email, verified=True)

    assert notice not in client.get("/searches/").content.decode()


def test_search_that_does_not_work_any_more_says_so(client, visitor):
    SavedSearchFactory(user=visitor, query="city=atlantis")

    assert "Finds nothing" in client.get("/searches/").content.decode()


def test_program_that_follows_the_link_of_a_mail_ends_nothing(client):
    search = SavedSearchFactory()

    response = client.get(path_of(unsubscribe_link(search)))

    assert response.status_code == 200
    assert "End this mail" in response.content.decode()
    search.refresh_from_db()
    assert search.frequency == MailFrequency.WEEKLY


def test_button_of_the_page_ends_the_mail_of_one_search_without_a_login():
    user = UserFactory()
    search = SavedSearchFactory(user=user, query="q=jazz")
    other = SavedSearchFactory(user=user, query="q=rock")
    reader = Client(enforce_csrf_checks=True)

    for _ in range(2):
        response = reader.post(path_of(unsubscribe_link(search)))
        assert "There is no mail about this search any more" in response.content.decode()

    search.refresh_from_db()
    other.refresh_from_db()
    assert (search.frequency, other.frequency) == (MailFrequency.NEVER, MailFrequency.WEEKLY)


def test_link_of_a_search_that_is_deleted_says_that_there_is_no_more_mail(client):
    search = SavedSearchFactory()
    link = unsubscribe_link(search)
    search.delete()

    assert client.post(path_of(link)).status_code == 200


def test_link_that_was_made_up_ends_nothing(client):
    search, other = SavedSearchFactory(), SavedSearchFactory()
    signature = unsubscribe_link(search).rstrip("/").rpartition(":")[2]

    for token in (str(other.pk), f"{other.pk}:{signature}", f"{other.pk}:x", "x"):
        assert client.post(f"/searches/unsubscribe/{token}/").status_code == 404

    assert not SavedSearch.objects.filter(frequency=MailFrequency.NEVER).exists()


def test_link_is_not_logged():
    link = unsubscribe_link(SavedSearchFactory())

    for text in (link, f"GET {path_of(link)} HTTP/1.1"):
        assert link.rpartition(":")[2].rstrip("/") not in scrub_text(text)
        assert "/searches/…" in scrub_text(text)

"""A host's own page, and following it."""

import datetime as dt
import threading

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from events.exceptions import EventError
from events.models import HostFollower
from events.services import follows
from events.services.follows import follow
from events.services.reviews import hide_review
from tests.factories import (
    EventFactory,
    HostFactory,
    HostFollowerFactory,
    ReviewFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
    verify,
)

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8


@pytest.fixture
def host():
    return HostFactory(name="Blue Room")


def page_of(client, host):
    response = client.get(host.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def press(client, host, follow, **data):
    return client.post(reverse("events:follow", args=[host.slug]), {"follow": follow, **data})


def test_page_takes_as_many_queries_for_much_as_for_little(queries_of, visitor, host):
    TicketTypeFactory(event=EventFactory(host=host))
    past = TicketTypeFactory(event=EventFactory(host=host, starts_at=days_from_now(-3))).event
    ReviewFactory(event=past)
    HostFollowerFactory(host=host)
    for_little = queries_of(host.get_absolute_url())
    for day in range(5):
        TicketTypeFactory.create_batch(2, event=EventFactory(host=host))
        TicketTypeFactory(event=EventFactory(host=host, starts_at=days_from_now(-9 - day)))
        ReviewFactory(event=past)
        HostFollowerFactory(host=host)

    assert queries_of(host.get_absolute_url()) == for_little <= MOST_QUERIES


def test_page_shows_what_is_coming_what_has_been_and_what_people_thought(client, host):
    EventFactory(host=host, title="Organ Night")
    for title, rating in (("Polka Night", 4), ("Tango Night", 1), ("Noise Night", 1)):
        event = EventFactory(host=host, title=title, starts_at=days_from_now(-3))
        review = ReviewFactory(event=event, rating=rating)
        if title == "Noise Night":
            hide_review(review=review, by=UserFactory(), why="Spam.")
    EventFactory(host=host, title="Secret Night", starts_at=days_from_now(-3), status="draft")
    EventFactory(title="Elsewhere Night", starts_at=days_from_now(-3))

    html = page_of(client, host)

    coming, _, past = html.partition("Past events")
    assert "Organ Night" in coming
    assert "Polka Night" in past
    assert "Tango Night" in past
    assert "2 reviews" in coming
    assert "2.5" in coming
    assert "Secret Night" not in html
    assert "Elsewhere Night" not in html


def test_follows_and_unfollows_and_pressing_twice_changes_nothing(client, visitor, host):
    assert "No followers yet" in page_of(client, host)

    for _ in range(2):
        assert press(client, host, "yes").status_code == 302
    html = page_of(client, host)
    assert "1 follower " in html.replace("<", " <")
    assert 'value="no"' in html
    assert HostFollower.objects.get().user == visitor

    for _ in range(2):
        press(client, host, "no")
    assert "No followers yet" in page_of(client, host)


def test_following_needs_a_login_and_comes_back_to_the_page(client, host):
    response = press(client, host, "yes")

    assert response["Location"] == f"/accounts/login/?next={host.get_absolute_url()}"
    assert not HostFollower.objects.exists()
    assert f"/accounts/login/?next={host.get_absolute_url()}" in page_of(client, host)


def test_page_for_visitors_says_nothing_of_who_follows(client, host):
    follower = HostFollowerFactory(host=host).user
    client.force_login(follower)
    assert "Unfollow" in page_of(client, host)

    client.logout()
    html = page_of(client, host)
    assert "Unfollow" not in html
    assert follower.email not in html


def test_there_is_an_end_to_how_many_one_follows(client, visitor, host, monkeypatch):
    monkeypatch.setattr(follows, "MOST_FOLLOWED", 1)
    HostFollowerFactory(user=visitor)

    with pytest.raises(EventError):
        follow(host=host, user=visitor)
    response = client.post(
        reverse("events:follow", args=[host.slug]), {"follow": "yes"}, follow=True
    )

    assert "Unfollow one to follow another" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_following_twice_at_once_is_following_once(host):
    user = UserFactory()
    begin = threading.Barrier(2)
    news = []

    def do():
        begin.wait()
        try:
            news.append(follow(host=host, user=user))
        finally:
            connections.close_all()

    clicks = [threading.Thread(target=do) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()

    assert sorted(news) == [False, True]


class TestMyFollows:
    def test_lists_my_hosts_and_nobody_else_s(self, client, visitor, host):
        HostFollowerFactory(host=host, user=visitor)
        HostFollowerFactory(host__name="Attic")

        html = client.get(reverse("events:follows")).content.decode()

        assert "Blue Room" in html
        assert "Attic" not in html
        assert "is not confirmed" in html

    def test_mail_is_switched_off_and_on_and_a_host_unfollowed(self, client, visitor, host):
        verify(visitor)
        HostFollowerFactory(host=host, user=visitor)
        switch = reverse("events:follow_mail", args=[host.slug])

        for mail in ("no", "yes"):
            assert client.post(switch, {"mail": mail})["Location"] == reverse("events:follows")
            assert HostFollower.objects.get().is_mailed == (mail == "yes")
        response = press(client, host, "no", **{"from": "follows"})

        assert response["Location"] == reverse("events:follows")
        assert "You follow nobody yet" in client.get(response["Location"]).content.decode()
        assert client.post(switch, {"mail": "yes"}).status_code == 404

    def test_is_for_who_is_logged_in(self, client):
        assert client.get(reverse("events:follows")).status_code == 302


class TestHostsView:
    def test_host_sees_a_number_and_growth_and_no_addresses(self, client, host):
        client.force_login(host.owner)
        quiet = HostFollowerFactory(host=host, is_mailed=False)
        HostFollowerFactory(host=host, followed_at=timezone.now() - dt.timedelta(days=45))
        HostFollowerFactory()

        response = client.get(reverse("events:hosted_followers", args=[host.slug]))

        growth = response.context["growth"]
        assert (growth.total, growth.mailed, growth.recent) == (2, 1, 1)
        assert sum(number for _, number in growth.weeks) == 2
        assert growth.weeks[-1][1] == 1
        assert quiet.user.email not in response.content.decode()
        assert quiet.user.name not in response.content.decode()

    def test_host_without_followers_reads_how_to_get_some(self, client, host):
        client.force_login(host.owner)

        response = client.get(reverse("events:hosted_followers", args=[host.slug]))

        assert "No followers yet" in response.content.decode()

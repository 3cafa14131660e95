"""Ending the mail from a link in it, without a login."""

import re

import pytest
from django.conf import settings

from events.host_news.links import Subscription, unsubscribe_path
from events.models import HostFollower
from tests.events.host_news.mailbox import event_of, follower_of, host_news
from tests.factories import HostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hosts():
    return [HostFactory(name="Attic"), HostFactory(name="Blue Room")]


@pytest.fixture
def reader(hosts):
    return follower_of(*hosts)


def mailed():
    return sorted(HostFollower.objects.filter(is_mailed=True).values_list("host__name", flat=True))


def undo_of(response):
    return re.search(r'name="undo" value="([^"]+)"', response.content.decode()).group(1)


def test_mail_program_ends_the_mail_about_all_hosts_at_one_click(client, hosts, reader):
    event_of(hosts[0])
    (mail,) = host_news()
    address = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.startswith(settings.PUBLIC_URL)

    response = client.post(
        address.removeprefix(settings.PUBLIC_URL), {"List-Unsubscribe": "One-Click"}
    )

    assert response.status_code == 200
    assert mailed() == []


def test_link_of_a_host_in_the_mail_ends_the_mail_about_it_and_the_page_says_so(
    client, hosts, reader
):
    event_of(hosts[0])
    (mail,) = host_news()
    path = unsubscribe_path(Subscription(reader.pk, hosts[0].pk))
    assert path in mail.body
    assert path in mail.alternatives[0][0]

    assert "about Attic?" in client.get(path).content.decode()
    assert mailed() == ["Attic", "Blue Room"]
    page = client.post(path).content.decode()

    assert "There is no mail about Attic any more." in page
    assert mailed() == ["Blue Room"]
    assert HostFollower.objects.count() == 2


def test_undoing_brings_back_what_was_ended_and_nothing_else(client, hosts, reader):
    HostFollower.objects.filter(host=hosts[1]).update(is_mailed=False)
    path = unsubscribe_path(Subscription(reader.pk))
    undo = undo_of(client.post(path))
    assert mailed() == []

    page = client.post(path, {"undo": undo}).content.decode()

    assert "Mail as before" in page
    assert mailed() == ["Attic"]


def test_undoing_takes_nobody_else_s_word(client, hosts, reader):
    other = follower_of(*hosts)
    undo = undo_of(client.post(unsubscribe_path(Subscription(reader.pk))))
    client.post(unsubscribe_path(Subscription(other.pk)))

    for made_up in (undo, "made up", ""):
        client.post(unsubscribe_path(Subscription(other.pk)), {"undo": made_up})

    assert mailed() == []


def test_link_that_was_made_up_is_not_there(client, hosts, reader):
    token = unsubscribe_path(Subscription(reader.pk)).split("/")[-2]

    for made_up in (token[:-1], f"{reader.pk}-0", "x"):
        assert client.post(f"/follows/unsubscribe/{made_up}/").status_code == 404
    assert len(mailed()) == 2


def test_link_works_when_nobody_follows_any_more(client, hosts, reader):
    path = unsubscribe_path(Subscription(reader.pk, hosts[0].pk))
    HostFollower.objects.all().delete()

    assert client.get(path).status_code == 200
    assert "no mail about this host any more" in client.post(path).content.decode()

"""Becoming a host, and changing what the public is told of one."""

from typing import Any

import pytest
from django.test import Client

from events.models import Host, HostMember, HostRole
from events.services import hosts
from tests.events.team.people import history
from tests.factories import HostFactory, UserFactory, verify

pytestmark = pytest.mark.django_db

START = "/hosting/start/"
FACTS = {
    "name": "Größe & Söhne",
    "description": "We put on **jazz**.",
    "website": "example.com",
    "email": "hello@example.com",
}


@pytest.fixture
def visitor(client: Client) -> Any:
    user = verify(UserFactory(name="Ada"))
    client.force_login(user)
    return user


class TestBecomingAHost:
    def test_takes_a_name_and_gives_a_page_of_one_s_own(self, client: Client, visitor: Any) -> None:
        response = client.post(START, FACTS, follow=True)

        assert response.redirect_chain == [("/hosting/", 302)]
        host = Host.objects.get()
        assert (host.owner, host.slug) == (visitor, "grosse-sohne")
        assert host.website == "https://example.com"
        assert history(host) == ["Ada started hosting"]
        page = client.get("/host/grosse-sohne/").content.decode()
        assert "<strong>jazz</strong>" in page

    def test_needs_no_more_than_a_name(self, client: Client, visitor: Any) -> None:
        assert client.post(START, {"name": "東京"}).status_code == 302
        assert Host.objects.get().slug == "dong-jing"

    def test_of_a_name_that_is_taken_gives_another_address(
        self, client: Client, visitor: Any
    ) -> None:
        HostFactory(name="Jazz", slug="jazz")
        HostFactory(name="Jazz", slug="jazz-2")

        client.post(START, {"name": "Jazz"})

        assert Host.objects.get(owner=visitor).slug == "jazz-3"

    def test_twice_by_one_form_makes_one_host(self, client: Client, visitor: Any) -> None:
        for _ in range(2):
            assert client.post(START, FACTS).status_code == 302

        assert Host.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [("name", " "), ("website", "javascript:alert(1)"), ("email", "hello@")],
    )
    def test_refuses_what_makes_no_sense_and_keeps_the_rest(
        self, client: Client, visitor: Any, field: str, value: str
    ) -> None:
        response = client.post(START, FACTS | {field: value})

        assert response.status_code == 400
        assert response.context["form"].errors.keys() == {field}
        assert "We put on **jazz**." in response.content.decode()
        assert not Host.objects.exists()

    def test_without_a_verified_address_is_refused_with_what_to_do(self, client: Client) -> None:
        user = UserFactory()
        client.force_login(user)

        page = client.get(START).content.decode()
        assert user.email in page
        assert "/accounts/email/" in page
        assert 'name="website"' not in page

        response = client.post(START, FACTS)
        assert response.status_code == 400
        page = response.content.decode()
        assert "/accounts/email/" in page
        assert "We put on **jazz**." in page
        assert not Host.objects.exists()

    def test_has_a_limit(
        self, client: Client, visitor: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hosts, "MOST_HOSTS", 1)
        HostFactory(owner=visitor)

        response = client.post(START, FACTS)

        assert response.status_code == 400
        assert "as many as can be" in response.content.decode()


class TestChangingAHost:
    def test_changes_what_its_page_says_and_not_its_address(
        self, client: Client, visitor: Any
    ) -> None:
        host = HostFactory(name="Blue Room", slug="blue-room")
        HostMember.objects.create(host=host, user=visitor, role=HostRole.MANAGER)

        response = client.post("/hosting/hosts/blue-room/edit/", FACTS | {"email": ""})

        assert response.headers["Location"] == "/host/blue-room/"
        assert "Größe &amp; Söhne" in client.get("/host/blue-room/").content.decode()
        assert history(host) == ["Ada changed the name and the description and the website"]

    def test_to_what_it_is_leaves_no_trace(self, client: Client, visitor: Any) -> None:
        host = HostFactory(owner=visitor, **FACTS | {"website": "https://example.com"})

        client.post(f"/hosting/hosts/{host.slug}/edit/", FACTS)

        assert history(host) == []

    def test_keeps_what_was_typed_where_something_is_wrong(
        self, client: Client, visitor: Any
    ) -> None:
        host = HostFactory(owner=visitor, name="Blue Room")

        response = client.post(f"/hosting/hosts/{host.slug}/edit/", FACTS | {"website": "x y"})

        assert response.status_code == 400
        page = response.content.decode()
        assert "Größe &amp; Söhne" in page
        assert 'value="x y"' in page
        host.refresh_from_db()
        assert host.name == "Blue Room"

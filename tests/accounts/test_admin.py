from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin_pages import text
from tests.factories import PASSWORD, HostFactory, UserFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db

USERS = "/admin/accounts/user/"


def emails(response: Any) -> set[str]:
    return {user.email for user in response.context["cl"].result_list}


def test_staff_log_in_where_everyone_does(client: Any) -> None:
    UserFactory(email="ada@example.com", is_staff=True, is_superuser=True)

    form = client.get(USERS, follow=True)
    assert form.redirect_chain[-1] == (f"/accounts/login/?next={quote(USERS, safe='')}", 302)
    response = client.post(
        form.redirect_chain[-1][0], {"login": "Ada@example.com", "password": PASSWORD}
    )

    assert response.url == USERS
    assert client.get(USERS).status_code == 200


def test_others_do_not_get_in(client: Any) -> None:
    client.force_login(UserFactory())

    assert client.get(USERS, follow=True).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=hopper", {"grace@example.org"}),
        ("q=EXAMPLE.ORG", {"grace@example.org"}),
        ("is_active__exact=0", {"gone@example.com"}),
        ("is_staff__exact=1", {"admin@example.com"}),
        ("is_superuser__exact=1&date_joined__year=1999", set()),
    ],
)
def test_users_are_searched_and_filtered(admin_client: Any, query: str, found: set[str]) -> None:
    UserFactory(email="grace@example.org", name="Grace Hopper")
    UserFactory(email="gone@example.com", is_active=False)

    assert emails(admin_client.get(f"{USERS}?{query}")) == found


def test_the_list_takes_as_many_queries_for_ten_users_as_for_one(admin_client: Any) -> None:
    counts = []
    for more in (1, 9):
        UserFactory.create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(USERS).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 8


def add_user(client: Any, **fields: str) -> Any:
    return client.post(
        f"{USERS}add/",
        {
            "email": "ada@example.com",
            "name": "Ada Lovelace",
            "usable_password": "true",
            "password1": "analytical-engine-1843",
            "password2": "analytical-engine-1843",
            **fields,
        },
    )


def test_a_new_user_can_log_in_with_the_password_given(admin_client: Any, client: Any) -> None:
    assert admin_client.get(f"{USERS}add/").status_code == 200
    assert add_user(admin_client).status_code == 302

    user = get_user_model().objects.get(email="ada@example.com")
    assert (user.name, user.is_staff) == ("Ada Lovelace", False)
    assert client.login(email="ada@example.com", password="analytical-engine-1843")


def test_a_new_user_may_have_no_password(admin_client: Any) -> None:
    add_user(admin_client, usable_password="false", password1="", password2="")

    assert not get_user_model().objects.get(email="ada@example.com").has_usable_password()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"password2": "another"}, "The two password fields didn’t match."),
        ({"password1": "12345", "password2": "12345"}, "This password is too short."),
        ({"email": "TAKEN@example.com"}, "An account with this e-mail address exists already."),
        ({"email": ""}, "This field is required."),
    ],
)
def test_a_new_user_is_refused(admin_client: Any, fields: dict[str, str], message: str) -> None:
    UserFactory(email="taken@example.com")

    assert message in text(add_user(admin_client, **fields))
    assert get_user_model().objects.filter(is_superuser=False).count() == 1


def test_a_user_is_changed_and_the_password_has_its_own_page(admin_client: Any) -> None:
    user = UserFactory(timezone="Europe/Berlin")
    page = f"{USERS}{user.pk}/change/"
    fields = submission(text(admin_client.get(page)))

    response = admin_client.post(page, fields | {"name": "Grace", "is_staff": "on"})

    assert response.status_code == 302
    user.refresh_from_db()
    assert (user.name, user.is_staff, user.timezone) == ("Grace", True, "Europe/Berlin")
    assert user.check_password(PASSWORD)
    assert admin_client.get(f"{USERS}{user.pk}/password/").status_code == 200


def test_an_unknown_time_zone_is_refused(admin_client: Any) -> None:
    page = f"{USERS}{UserFactory().pk}/change/"
    fields = submission(text(admin_client.get(page)))

    response = admin_client.post(page, fields | {"timezone": "Mars/Olympus_Mons"})

    assert "“Mars/Olympus_Mons” is not a known time zone." in text(response)


def test_an_owner_of_a_host_cannot_be_deleted(admin_client: Any) -> None:
    owner = HostFactory().owner

    page = text(admin_client.post(f"{USERS}{owner.pk}/delete/", {"post": "yes"}))

    assert "would require deleting the following protected related objects" in page
    assert get_user_model().objects.filter(pk=owner.pk).exists()

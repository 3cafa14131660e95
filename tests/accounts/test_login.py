from ipaddress import ip_network

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
LOGOUT = "/accounts/logout/"


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com", name="Ada Lovelace")


def log_in(client: Client, email: str = "ada@example.com", password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": email, "password": password} | more)


def is_logged_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@example.COM", " Ada@Example.com "])
def test_address_logs_in_whatever_its_case(client: Client, user, email: str) -> None:
    assert log_in(client, email).url == "/"
    assert is_logged_in(client)


def test_account_made_on_the_command_line_logs_in(client: Client, monkeypatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", email="Root@Example.com", verbosity=0)

    log_in(client, "root@example.com")

    assert is_logged_in(client)


def test_wrong_password_and_unknown_address_are_told_alike(client: Client, user) -> None:
    wrong = log_in(client, password="not this one")
    unknown = log_in(client, "nobody@example.com")

    assert not is_logged_in(client)
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "The e-mail address or the password is not right." in wrong.text
    assert 'role="alert"' in wrong.text


def test_closed_account_does_not_log_in(client: Client, user) -> None:
    user.is_active = False
    user.save()

    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD}, follow=True)

    assert "This account is closed" in response.text
    assert not is_logged_in(client)


def test_page_for_members_leads_to_login_and_back(client: Client, user) -> None:
    asked = client.get("/accounts/profile/")
    assert asked.url == f"{LOGIN}?next=/accounts/profile/"

    page = client.get(asked.url)
    assert 'name="next"' in page.text
    assert log_in(client, next="/accounts/profile/").url == "/accounts/profile/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_login_leads_to_this_site_only(client: Client, user, target: str) -> None:
    assert log_in(client, next=target).url == "/"


def test_login_changes_the_session_key(client: Client, user) -> None:
    session = client.session
    session["cart"] = 1
    session.save()
    before = session.session_key

    log_in(client)

    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize(("remember", "lasts"), [({}, False), ({"remember": "on"}, True)])
def test_login_lasts_beyond_the_browser_on_request(client, user, remember, lasts: bool) -> None:
    log_in(client, **remember)

    assert bool(client.cookies["sessionid"]["max-age"]) is lasts


def test_logout_is_by_form_only(client: Client, user) -> None:
    client.force_login(user)

    page = client.get(LOGOUT)
    assert page.status_code == 200
    assert is_logged_in(client)

    assert client.post(LOGOUT).url == "/"
    assert not is_logged_in(client)


def test_pages_of_an_account_are_kept_by_nobody(client: Client, user) -> None:
    assert "no-store" in client.get(LOGIN)["Cache-Control"]
    client.force_login(user)
    for path in ("/accounts/profile/", "/accounts/email/"):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_too_many_tries_on_one_account_have_to_wait(client: Client, user) -> None:
    for _ in range(5):
        log_in(client, password="not this one")

    assert "Too many tries." in log_in(client).text
    assert not is_logged_in(client)


def test_tries_of_neighbours_behind_one_address_are_not_counted_together(client, user) -> None:
    for number in range(12):
        log_in(client, f"neighbour{number}@example.com")

    log_in(client)

    assert is_logged_in(client)


def test_too_many_tries_from_one_address_get_a_429_page(client: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    for _ in range(2):
        assert log_in(client).status_code == 200

    refused = log_in(client)

    assert refused.status_code == 429
    assert "One moment, please" in refused.text
    assert client.get(LOGIN).status_code == 200


def test_visitors_behind_one_proxy_are_counted_apart(client: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]

    def status(visitor: str) -> int:
        fields = {"login": "ada@example.com", "password": "x"}
        return client.post(LOGIN, fields, headers={"x-forwarded-for": visitor}).status_code

    assert status("198.51.100.7") == 200
    assert status("198.51.100.7") == 429
    assert status("198.51.100.8") == 200
    assert status("203.0.113.9, 198.51.100.8") == 429


def test_forms_need_their_token() -> None:
    client = Client(enforce_csrf_checks=True)
    for path in (LOGIN, LOGOUT, "/accounts/signup/", "/accounts/password/reset/"):
        assert client.post(path).status_code == 403
    assert not get_user_model().objects.exists()


def test_every_field_has_its_label_and_no_script_is_needed(client: Client, user) -> None:
    for path in (LOGIN, "/accounts/signup/", "/accounts/password/reset/"):
        page = client.get(path)
        for field in page.context["form"].visible_fields():
            assert f'<label for="{field.id_for_label}"' in page.text
        assert "<script" not in page.text
        assert "style=" not in page.text
        assert "placeholder" not in page.text.partition("<main")[2]

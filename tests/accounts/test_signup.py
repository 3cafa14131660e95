from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client

from tests.accounts.mail import deliver_mail
from tests.factories import PASSWORD, UserFactory
from tests.locks import wait_until_someone_waits_for_a_lock

pytestmark = pytest.mark.django_db

SIGNUP = "/accounts/signup/"


def sign_up(client: Client, **fields: str):
    return client.post(
        SIGNUP, {"name": "Ada", "email": "ada@example.com", "password1": PASSWORD} | fields
    )


def sign_up_and_disconnect(client: Client):
    try:
        return sign_up(client)
    finally:
        connections.close_all()


def test_form_asks_for_name_address_and_one_password(client: Client) -> None:
    form = client.get(SIGNUP).context["form"]

    assert list(form.fields) == ["name", "email", "password1"]


def test_signing_up_makes_an_account_and_logs_in(client: Client) -> None:
    response = sign_up(client)

    user = get_user_model().objects.get()
    assert (user.email, user.name) == ("ada@example.com", "Ada")
    assert user.check_password(PASSWORD)
    assert not EmailAddress.objects.get(user=user).verified
    assert response.url == "/"
    assert client.get("/accounts/profile/").status_code == 200


def test_name_may_be_left_empty(client: Client) -> None:
    sign_up(client, name="")

    assert get_user_model().objects.get().name == ""


def test_signing_up_leads_on_to_where_one_came_from(client: Client) -> None:
    assert sign_up(client, next="/event/jazz/book/").url == "/event/jazz/book/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_signing_up_leads_nowhere_else(client: Client, target: str) -> None:
    assert sign_up(client, next=target).url == "/"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "ada"),
        ("email", "a@" + "b" * 250 + ".example"),
        ("password1", ""),
        ("password1", "short"),
        ("password1", "password"),
        ("password1", "12345678901"),
        ("name", "a" * 151),
    ],
)
def test_problem_stands_at_its_field_and_what_was_typed_is_kept(
    client: Client, field: str, value: str
) -> None:
    response = sign_up(client, **{field: value})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in response.text
    if field != "name":
        assert 'value="Ada"' in response.text
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.COM", " ada@example.com "])
def test_address_has_one_account_whatever_its_case(client: Client, email: str) -> None:
    UserFactory(email="Ada@Example.com")

    response = sign_up(client, email=email)

    assert list(response.context["form"].errors) == ["email"]
    assert get_user_model().objects.count() == 1


def test_address_is_kept_in_lower_case() -> None:
    assert UserFactory(email="Ada@Example.COM").email == "ada@example.com"


@pytest.mark.django_db(transaction=True)
def test_form_sent_twice_at_once_makes_one_account_and_no_error(client: Client) -> None:
    first = connections.create_connection("default")
    insert = """
        INSERT INTO accounts_user (email, name, password, timezone, language, date_joined,
                                   is_active, is_staff, is_superuser)
        VALUES ('ada@example.com', '', '', 'UTC', 'en', now(), true, false, false)
    """
    with ThreadPoolExecutor() as browser:
        with first.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(insert)
            second = browser.submit(sign_up_and_disconnect, client)
            wait_until_someone_waits_for_a_lock()
            cursor.execute("COMMIT")
        first.close()

    assert second.result().url == "/accounts/login/"
    assert get_user_model().objects.count() == 1
    assert EmailAddress.objects.count() == 0


def test_mail_welcomes_without_repeating_what_a_stranger_may_have_typed(client: Client) -> None:
    sign_up(client, name="Win at https://evil.example")

    (message,) = deliver_mail()
    assert message.to == ["ada@example.com"]
    assert message.subject == "Welcome to EventMate: confirm your e-mail address"
    assert "evil" not in message.body


def test_account_without_a_mail_server_is_made_all_the_same(client: Client, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "host.invalid"

    assert sign_up(client).status_code == 302
    assert get_user_model().objects.count() == 1

import pytest
from django.test import Client

from tests.accounts.mail import deliver_mail, link_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"
CHANGE = "/accounts/password/change/"
NEW = "a horse of another colour"


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com", name="Ada")


def ask_for_reset(client: Client, email: str = "ada@example.com") -> str:
    """Ask for a link and return its path."""
    client.post(RESET, {"email": email})
    (message,) = deliver_mail()
    assert message.to == [email.lower()]
    return link_in(message)


def choose(client: Client, link: str, first: str = NEW, second: str = NEW):
    form = client.get(link, follow=True)
    path = form.request["PATH_INFO"]
    return client.post(path, {"password1": first, "password2": second}, follow=True)


def test_link_lets_one_choose_a_new_password(client: Client, user) -> None:
    response = choose(client, ask_for_reset(client, "ADA@example.com"))

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "Your password is changed" in response.text
    (notice,) = deliver_mail()[1:]
    assert notice.to == ["ada@example.com"]
    assert "was changed" in notice.body


def test_link_works_once(client: Client, user) -> None:
    link = ask_for_reset(client)
    choose(client, link)

    assert "This link no longer works" in Client().get(link, follow=True).text


def test_tampered_link_is_refused(client: Client, user) -> None:
    link = ask_for_reset(client)

    for changed in (link[:-2] + "/", link.replace("key/", "key/zzzzzzzzzzzzzzzzzzz")):
        response = client.get(changed, follow=True)
        assert response.status_code < 500
        assert "This link no longer works" in response.text


def test_answer_does_not_tell_whether_there_is_an_account(client: Client, user) -> None:
    known = client.post(RESET, {"email": "ada@example.com"})
    unknown = client.post(RESET, {"email": "nobody@example.com"})

    assert known.status_code == unknown.status_code == 302
    assert known.url == unknown.url
    assert "ada" not in client.get(known.url).text
    to_known, to_unknown = deliver_mail()
    assert to_unknown.to == ["nobody@example.com"]
    assert to_known.subject != to_unknown.subject


@pytest.mark.parametrize(
    ("first", "second", "field"), [("short", "short", "password1"), (NEW, "other", "password2")]
)
def test_new_password_has_to_be_good_and_twice_the_same(client, user, first, second, field) -> None:
    response = choose(client, ask_for_reset(client), first, second)

    assert list(response.context["form"].errors) == [field]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_changing_the_password_needs_the_current_one(client: Client, user) -> None:
    client.force_login(user)
    fields = {"oldpassword": "not this", "password1": NEW, "password2": NEW}

    refused = client.post(CHANGE, fields)
    assert list(refused.context["form"].errors) == ["oldpassword"]

    client.post(CHANGE, fields | {"oldpassword": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert client.get(CHANGE).status_code == 200


def test_changing_the_password_ends_other_sessions(client: Client, user) -> None:
    elsewhere = Client()
    elsewhere.force_login(user)
    client.force_login(user)

    client.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert elsewhere.get("/accounts/profile/").status_code == 302


def test_account_without_a_password_sets_one(client: Client, user) -> None:
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    page = client.get(CHANGE, follow=True)
    assert "Set a password" in page.text
    client.post("/accounts/password/set/", {"password1": NEW, "password2": NEW})

    user.refresh_from_db()
    assert user.check_password(NEW)

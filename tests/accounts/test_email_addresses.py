import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.accounts.mail import deliver_mail, link_in
from tests.factories import BookingFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/accounts/email/"


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com")


@pytest.fixture
def client(client: Client, user) -> Client:
    client.force_login(user)
    return client


def act(client: Client, action: str, email: str):
    return client.post(PAGE, {"email": email, f"action_{action}": ""}, follow=True)


def confirm(client: Client) -> None:
    client.post(link_in(deliver_mail()[-1]))


def test_page_is_for_members(user) -> None:
    assert Client().get(PAGE).url.startswith("/accounts/login/")


def test_address_that_one_logs_in_with_is_listed(client: Client) -> None:
    page = client.get(PAGE)

    assert "ada@example.com" in page.text
    assert "You log in with it" in page.text
    assert "<script" not in page.text


def test_second_address_brings_the_guest_bookings_made_with_it(client: Client, user) -> None:
    booking = BookingFactory(email="countess@example.com")

    act(client, "add", "Countess@example.com")
    booking.refresh_from_db()
    assert booking.user is None

    confirm(client)
    booking.refresh_from_db()
    assert booking.user == user


def test_second_address_does_not_become_the_login_by_itself(client: Client, user) -> None:
    act(client, "add", "countess@example.com")
    confirm(client)

    user.refresh_from_db()
    assert user.email == "ada@example.com"

    act(client, "primary", "countess@example.com")
    user.refresh_from_db()
    assert user.email == "countess@example.com"


def test_address_of_another_account_does_not_become_the_login(client: Client, user) -> None:
    UserFactory(email="charles@example.com")
    act(client, "add", "charles@example.com")

    response = act(client, "primary", "charles@example.com")

    assert "Another account logs in with that address." in response.text
    user.refresh_from_db()
    assert user.email == "ada@example.com"
    assert EmailAddress.objects.get(user=user, primary=True).email == "ada@example.com"


def test_login_address_is_not_removed_and_others_are(client: Client, user) -> None:
    act(client, "add", "countess@example.com")

    act(client, "remove", "ada@example.com")
    act(client, "remove", "countess@example.com")

    assert [address.email for address in EmailAddress.objects.all()] == ["ada@example.com"]


def test_link_is_sent_again_on_request_and_not_at_every_click(client: Client) -> None:
    client.get(PAGE)

    first = act(client, "send", "ada@example.com")
    second = act(client, "send", "ada@example.com")

    assert "We sent a link to ada@example.com." in first.text
    assert "We sent you a link already." in second.text
    assert len(deliver_mail()) == 1


def test_address_of_someone_else_is_out_of_reach(client: Client) -> None:
    other = UserFactory(email="charles@example.com")
    EmailAddress.objects.create(user=other, email=other.email, primary=True)

    for action in ("send", "remove", "primary"):
        act(client, action, "charles@example.com")

    assert EmailAddress.objects.filter(user=other, email="charles@example.com").exists()
    assert deliver_mail() == []


@pytest.mark.parametrize("email", ["", "junk", "ADA@example.com"])
def test_useless_address_is_refused_at_its_field(client: Client, email: str) -> None:
    response = act(client, "add", email)

    assert list(response.context["form"].errors) == ["email"]
    assert deliver_mail() == []

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.accounts.mail import deliver_mail, link_in
from tests.factories import PASSWORD, BookingFactory, UserFactory

pytestmark = pytest.mark.django_db


def sign_up(client: Client, email: str = "ada@example.com") -> str:
    """Make an account and return the path of the link in the mail."""
    client.post("/accounts/signup/", {"name": "Ada", "email": email, "password1": PASSWORD})
    (message,) = deliver_mail()
    return link_in(message)


@pytest.mark.parametrize("email", ["ada@example.com", "Ada@Example.COM"])
def test_guest_bookings_become_the_account_s_once_the_address_is_confirmed(
    client: Client, email: str
) -> None:
    booking = BookingFactory(email=email)
    other = BookingFactory(email="charles@example.com")

    link = sign_up(client)
    booking.refresh_from_db()
    assert booking.user is None

    page = client.get(link)
    booking.refresh_from_db()
    assert page.status_code == 200
    assert "ada@example.com" in page.text
    assert booking.user is None

    client.post(link)
    booking.refresh_from_db()
    other.refresh_from_db()
    assert booking.user.email == "ada@example.com"
    assert other.user is None


def test_booking_of_another_account_stays_there(client: Client) -> None:
    owner = UserFactory()
    booking = BookingFactory(email="ada@example.com", user=owner)

    client.post(sign_up(client))

    booking.refresh_from_db()
    assert booking.user == owner


def test_link_works_in_a_browser_that_is_not_logged_in(client: Client) -> None:
    link = sign_up(client)

    assert Client().post(link).url == "/accounts/login/"

    assert EmailAddress.objects.get().verified


def test_link_works_once(client: Client) -> None:
    link = sign_up(client)
    client.post(link)

    again = client.get(link)

    assert again.status_code == 200
    assert "This link no longer works" in again.text
    assert client.post(link).status_code == 404


@pytest.mark.parametrize("change", [lambda link: link[:-2] + "/", lambda link: link[:-3] + "xx/"])
def test_tampered_link_confirms_nothing(client: Client, change) -> None:
    link = change(sign_up(client))

    assert "This link no longer works" in client.get(link).text
    assert client.post(link).status_code == 404
    assert not EmailAddress.objects.get().verified


def test_link_of_another_account_logs_out_and_confirms_its_own(client: Client) -> None:
    link = sign_up(client)
    visitor = Client()
    visitor.force_login(UserFactory())

    visitor.get(link)

    assert visitor.get("/accounts/profile/").status_code == 302


def test_address_confirmed_elsewhere_meanwhile_is_told(client: Client) -> None:
    link = sign_up(client)
    EmailAddress.objects.create(user=UserFactory(), email="ada@example.com", verified=True)

    assert "This address is taken" in client.get(link).text
    client.post(link)
    assert not EmailAddress.objects.get(user__email="ada@example.com").verified

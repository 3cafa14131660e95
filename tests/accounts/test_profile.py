import pytest
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PROFILE = "/accounts/profile/"


@pytest.fixture
def user():
    return UserFactory(name="Ada", timezone="Europe/Berlin")


@pytest.fixture
def client(client: Client, user) -> Client:
    client.force_login(user)
    return client


def test_profile_is_for_members() -> None:
    assert Client().get(PROFILE).url == f"/accounts/login/?next={PROFILE}"


def test_profile_shows_what_is_kept(client: Client, user) -> None:
    page = client.get(PROFILE).text

    assert 'value="Ada"' in page
    assert '<option value="Europe/Berlin" selected>' in page
    assert user.email in page


def test_profile_is_changed_by_form(client: Client, user) -> None:
    response = client.post(
        PROFILE, {"name": "Ada Lovelace", "timezone": "America/Argentina/Salta"}, follow=True
    )

    user.refresh_from_db()
    assert (user.name, user.timezone) == ("Ada Lovelace", "America/Argentina/Salta")
    assert "Your profile is saved." in response.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Europe/Atlantis"),
        ("timezone", ""),
        ("timezone", "../UTC"),
        ("name", "a" * 151),
    ],
)
def test_useless_value_is_refused_at_its_field(client, user, field: str, value: str) -> None:
    fields = {"name": "Ada Lovelace", "timezone": "Europe/Rome"} | {field: value}
    response = client.post(PROFILE, fields)

    assert list(response.context["form"].errors) == [field]
    user.refresh_from_db()
    assert (user.name, user.timezone) == ("Ada", "Europe/Berlin")


def test_zone_of_an_old_spelling_stays_until_another_is_chosen(client: Client, user) -> None:
    user.timezone = "US/Eastern"
    user.save()

    assert '<option value="US/Eastern" selected>' in client.get(PROFILE).text
    client.post(PROFILE, {"name": "Ada", "timezone": "US/Eastern"})

    user.refresh_from_db()
    assert user.timezone == "US/Eastern"


def test_nobody_makes_themselves_staff_or_takes_an_address(client: Client, user) -> None:
    more = {"is_staff": "on", "is_superuser": "on", "email": "root@example.com"}
    client.post(PROFILE, {"name": "Ada", "timezone": "UTC"} | more)

    before = user.email
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, user.email) == (False, False, before)


def test_language_is_asked_where_there_is_a_choice(client: Client, user, settings) -> None:
    assert "id_language" not in client.get(PROFILE).text

    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    client.post(PROFILE, {"name": "Ada", "timezone": "UTC", "language": "de"})

    user.refresh_from_db()
    assert user.language == "de"
    assert '<option value="de" selected>' in client.get(PROFILE).text

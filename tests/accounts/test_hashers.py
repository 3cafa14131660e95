"""Passwords are hashed as Django does, and beside the other requests of a gevent worker."""

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.test import Client

from eventmate.settings import base
from tests.factories import UserFactory
from tests.new_process import TICKING, output_of

# Says "tick" from another greenlet all the while that a password is hashed and verified.
HASH = (
    TICKING
    + """
from accounts.hashers import PBKDF2InThreadHasher
hasher = PBKDF2InThreadHasher()
for _ in range(2):
    events.append("begin")
    encoded = hasher.encode("pass word", "salt" * 6)
    events.append("encoded")
    assert hasher.verify("pass word", encoded)
    events.append("verified")
    assert not hasher.verify("another", encoded)
    events.append("refused")
print(encoded, *events)
"""
)


@pytest.fixture
def hashers(settings) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS


@pytest.mark.usefixtures("hashers")
def test_hashes_are_those_of_django() -> None:
    encoded = make_password("pass word", salt="salt" * 6)

    assert encoded == PBKDF2PasswordHasher().encode("pass word", "salt" * 6)
    assert check_password("pass word", encoded)
    assert not check_password("pass words", encoded)


@pytest.mark.django_db
@pytest.mark.usefixtures("hashers")
def test_password_stored_by_django_stays_valid(client: Client) -> None:
    stored = PBKDF2PasswordHasher().encode("pass word", "salt" * 6)
    user = UserFactory()
    type(user).objects.filter(pk=user.pk).update(password=stored)

    form = {"login": user.email, "password": "pass word"}
    assert client.post("/accounts/login/", form).status_code == 302
    user.refresh_from_db()
    assert user.password == stored


def test_other_greenlets_run_while_a_password_is_hashed() -> None:
    output = output_of(HASH)
    encoded, *events = output.split()
    assert encoded == PBKDF2PasswordHasher().encode("pass word", "salt" * 6)
    for end in ("encoded", "verified", "refused"):
        assert events[events.index(end) - 1] == "tick"

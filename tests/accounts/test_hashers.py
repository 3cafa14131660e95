"""Passwords are hashed beside the other requests of a gevent worker, and old ones stay valid."""

import pytest
from django.contrib.auth.hashers import (
    PBKDF2PasswordHasher,
    check_password,
    identify_hasher,
    make_password,
)
from django.test import Client

from accounts.models import User
from eventmate.settings import base
from tests.factories import UserFactory
from tests.new_process import TICKING, output_of

# Says "tick" from another greenlet all the while that a password is hashed and verified, and then
# what was the last before each end.
HASH = (
    TICKING
    + """
from accounts import hashers
hasher = hashers.{hasher}()
for _ in range(2):
    events.append("begin")
    encoded = hasher.encode("pass word", "salt" * 6)
    events.append("encoded")
    assert hasher.verify("pass word", encoded)
    events.append("verified")
    assert not hasher.verify("another", encoded)
    events.append("refused")
print(*(events[events.index(end) - 1] for end in ("encoded", "verified", "refused")))
"""
)


@pytest.fixture(autouse=True)
def hashers(settings) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS


def test_passwords_are_hashed_by_argon2() -> None:
    encoded = make_password("pass word")

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("pass word", encoded)
    assert not check_password("pass words", encoded)


@pytest.fixture
def user(db: None) -> User:
    """With a password that Django's own hasher has stored."""
    user = UserFactory()
    user.password = PBKDF2PasswordHasher().encode("pass word", "salt" * 6)
    user.save()
    return user


def test_password_stored_by_django_is_hashed_anew_when_it_is_used(
    client: Client, user: User
) -> None:
    form = {"login": user.email, "password": "pass word"}
    assert client.post("/accounts/login/", form).status_code == 302
    user.refresh_from_db()
    assert identify_hasher(user.password).algorithm == "argon2"
    assert client.get("/accounts/email/").status_code == 200
    assert check_password("pass word", user.password)


def test_wrong_password_changes_nothing(client: Client, user: User) -> None:
    stored = user.password

    form = {"login": user.email, "password": "pass words"}
    assert client.post("/accounts/login/", form).status_code == 200
    user.refresh_from_db()
    assert user.password == stored


@pytest.mark.parametrize("hasher", ["Argon2InThreadHasher", "PBKDF2InThreadHasher"])
def test_other_greenlets_run_while_a_password_is_hashed(hasher: str) -> None:
    assert output_of(HASH.format(hasher=hasher)).split() == ["tick", "tick", "tick"]

"""The two accounts of the demo that can log in, and the file that says how."""

import errno
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

if TYPE_CHECKING:
    from accounts.models import User

ADMIN_EMAIL = "admin@eventmate.example"
HOST_EMAIL = "host@eventmate.example"


@dataclass(frozen=True, slots=True)
class Login:
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Logins:
    admin: Login
    host: Login


def make_logins() -> Logins:
    """With passwords that nobody has had before."""
    return Logins(
        admin=Login(ADMIN_EMAIL, secrets.token_urlsafe(12)),
        host=Login(HOST_EMAIL, secrets.token_urlsafe(12)),
    )


def make_admin(login: Login) -> "User":
    return _account(login, "Alex Berger", is_staff=True, is_superuser=True)


def make_host(login: Login) -> "User":
    return _account(login, "Robin Hartwig", timezone="Europe/Berlin")


@contextmanager
def credentials_file(path: Path, logins: Logins) -> Iterator[None]:
    """Write the logins where only this user reads them. The file appears, or replaces an older one,
    once the block has ended well.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "This is a folder", str(path))
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(logins), file, indent=2)
            file.write("\n")
        yield
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _account(login: Login, name: str, **fields: object) -> "User":
    user: User = get_user_model()(email=login.email, name=name, **fields)
    user.set_password(login.password)
    return user

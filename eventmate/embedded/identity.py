"""The user that PostgreSQL runs as: whoever runs EventMate, or a stand-in for root."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from eventmate.embedded.errors import ServiceError

# PostgreSQL refuses to run as root; under root it runs as this user, which is made where missing.
ROOT_STAND_IN = "pgserver"


class PopenArguments(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Identity:
    user: int
    group: int

    def popen_arguments(self) -> PopenArguments:
        if self.user == os.geteuid():
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}


def own_identity() -> Identity:
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid())
    stand_in = _known(ROOT_STAND_IN) or _made(ROOT_STAND_IN)
    return Identity(stand_in.pw_uid, stand_in.pw_gid)


def owner_of(path: Path) -> Identity:
    found = path.stat()
    return Identity(found.st_uid, found.st_gid)


def let_in(owner: Identity, directory: Path, programs: Path) -> None:
    """Let `owner`, a stand-in for root, pass through to the directory and run the programs."""
    if owner.user == os.geteuid():
        return
    for folder in {*directory.parents, *programs.parents}:
        _allow(folder, stat.S_IXOTH)
    if not programs.stat().st_mode & stat.S_IXOTH:
        for path in (programs.parent, *programs.parent.rglob("*")):
            _allow(path, 0o005 if path.is_dir() or path.parent == programs else 0o004)


def _allow(path: Path, bits: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode | bits != mode:
        path.chmod(mode | bits)


def _known(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made(name: str) -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--user-group", name]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ServiceError(
            f"PostgreSQL does not run as root, and no user {name} could be made for it ({error}). "
            "Run EventMate as an ordinary user, or set DATABASE_URL."
        ) from error
    return pwd.getpwnam(name)

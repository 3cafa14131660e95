"""Where EventMate keeps its data on this machine."""

import hashlib
import os
import tempfile
from pathlib import Path

from eventmate.embedded.errors import ServiceError
from eventmate.embedded.identity import Identity

REPOSITORY = Path(__file__).resolve().parents[2]

# Of what Linux (107 bytes) and macOS (103) take for the path of a Unix socket, the smaller.
LONGEST_SOCKET_PATH = 103

LOG_SIZE_LIMIT = 10 * 1024 * 1024


def data_dir() -> Path:
    """Return the data directory, `.local` of this checkout unless EVENTMATE_DATA_DIR is set."""
    chosen = os.environ.get("EVENTMATE_DATA_DIR")
    return (Path(chosen).expanduser() if chosen else REPOSITORY / ".local").resolve()


def make_data_dir() -> Path:
    """Make the data directory where it is missing; raise ServiceError if it cannot be written."""
    directory = data_dir()
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
        (directory / "log").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise ServiceError(
            f"The data directory {directory} cannot be written ({reason}). "
            "EVENTMATE_DATA_DIR=/another/folder chooses another."
        ) from error
    return directory


def socket_dir(directory: Path, name: str) -> Path:
    """Return where the socket `name` of a service in `directory` goes.

    That is the directory itself, or a short folder in /tmp where the path would be too long for
    a socket. Every process must find the same one, so TMPDIR has no say.
    """
    if len(os.fsencode(directory / name)) <= LONGEST_SOCKET_PATH:
        return directory
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    return Path("/tmp") / f"eventmate-{digest}"  # noqa: S108 - owner and mode: make_socket_dir


def make_socket_dir(directory: Path, owner: Identity) -> None:
    """Make the folder of a socket, for `owner` alone; raise ServiceError if another has it."""
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        os.chown(directory, owner.user, owner.group)
    if directory.lstat().st_uid != owner.user or directory.is_symlink():
        raise ServiceError(f"{directory} belongs to another user of this machine.")


def open_log(path: Path) -> int:
    """Open a log file for appending and return its descriptor; a large one is put aside first."""
    if path.exists() and path.stat().st_size > LOG_SIZE_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def last_line(path: Path) -> str:
    """Return the last line of a log file that says something."""
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it wrote no log")

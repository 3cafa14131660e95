"""What the launcher says in the terminal."""

import contextlib
import json
import sys
from pathlib import Path
from typing import TextIO


def say(message: str, *, file: TextIO | None = None) -> None:
    # The terminal may be gone (SIGHUP); what is left to do must not fail for that.
    with contextlib.suppress(OSError):
        print(message, file=file or sys.stdout, flush=True)


def welcome(address: str, credentials: Path, logs: Path | None) -> None:
    lines = ["", f"EventMate is at {address}"]
    if credentials.exists():
        logins = json.loads(credentials.read_text())
        admin, host = logins["admin"], logins["host"]
        lines += [
            f"  admin  {address}admin/   {admin['email']}   {admin['password']}",
            f"  host   {address}accounts/login/   {host['email']}   {host['password']}",
        ]
    else:
        lines.append(f"  admin  {address}admin/")
    if logs:
        lines.append(f"  logs   {logs}")
    say("\n".join([*lines, "Ctrl-C stops it.", ""]))

import argparse
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from bookings.demo.builder import build_demo
from bookings.demo.logins import (
    ADMIN_EMAIL,
    HOST_EMAIL,
    Logins,
    credentials_file,
    make_admin,
    make_host,
    make_logins,
)
from bookings.demo.writing import count_rows, write_demo
from events.models import Event

DEFAULT_SEED = 1
DEFAULT_EVENTS = 300


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


class Command(BaseCommand):
    help = (
        "Fill the database with a demo: events to come and past ones in thirty cities, with hosts, "
        "tickets, bookings, reviews and favourites, and two accounts to log in with. All of it is "
        "written or nothing. Other events may be there already; a second demo is refused. The same "
        "seed on the same day (by UTC) gives the same demo, but for passwords and held places."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="default: %(default)s")
        parser.add_argument(
            "--events",
            type=positive,
            default=DEFAULT_EVENTS,
            help="how many upcoming events (default: %(default)s); past ones are added to them",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there are events already"
        )
        parser.add_argument(
            "--credentials-file",
            type=Path,
            metavar="PATH",
            help="write the logins here, for this user's eyes only, instead of printing them",
        )

    def handle(
        self,
        *,
        seed: int,
        events: int,
        if_empty: bool,
        credentials_file: Path | None,
        **options: Any,
    ) -> None:
        if if_empty and Event.objects.exists():
            self.stdout.write("There are events already: no demo was written.")
            return
        logins = make_logins()
        _seed(seed, events, logins, credentials_file)
        self.stdout.write(self.style.SUCCESS(f"The demo is in: {events} upcoming events."))
        self._tell(logins, credentials_file)

    def _tell(self, logins: Logins, path: Path | None) -> None:
        if path is not None:
            self.stdout.write(f"The logins are in {path}.")
            return
        for role, login in (("admin", logins.admin), ("host", logins.host)):
            self.stdout.write(f"{role}: {login.email} / {login.password}")


def _seed(seed: int, events: int, logins: Logins, path: Path | None) -> None:
    if get_user_model().objects.filter(email__in=[ADMIN_EMAIL, HOST_EMAIL]).exists():
        raise CommandError(f"The demo is in this database already: there is {ADMIN_EMAIL}.")
    admin, host = make_admin(logins.admin), make_host(logins.host)
    demo = build_demo(seed=seed, event_count=events, admin=admin, host=host)
    try:
        with (
            credentials_file(path, logins) if path else nullcontext(),
            transaction.atomic(),
            tqdm(total=count_rows(demo), unit=" rows", disable=None, leave=False) as bar,
        ):
            write_demo(demo, bar.update)
            EmailAddress.objects.bulk_create(
                EmailAddress(user=user, email=user.email, verified=True, primary=True)
                for user in (admin, host)
            )
    except OSError as error:
        raise CommandError(f"The logins cannot be written to {path}: {error.strerror}") from error

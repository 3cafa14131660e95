import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction
from tqdm import tqdm

from eventmate.timezones import time_zone_names
from events.importing.exceptions import RowRefused, UnreadableFile
from events.importing.mapping.text import HOST_LIMIT, clean_line
from events.importing.outcome import Outcome, Result, Tally
from events.importing.places.addresses import locate_address
from events.importing.places.locating import Place
from events.importing.readers.file import open_rows
from events.importing.readers.source import RowSource
from events.importing.session import ImportChoices, import_events
from events.services.listings import renew_search

IMPORT_ACCOUNT = "imports@eventmate.invalid"


class Command(BaseCommand):
    help = (
        "Takes events from an iCalendar, JSON or CSV file. Running it again with the same file "
        "changes nothing; a row that changed updates its event. See docs/importing.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="report what would happen, and write nothing"
        )
        parser.add_argument(
            "--as-upcoming",
            action="store_true",
            help="for demonstrations: move past events by whole years into the next twelve months",
        )
        parser.add_argument("--draft", action="store_true", help="new events are drafts")
        parser.add_argument(
            "--host", type=host_name, default="", help="publish all of them as this host"
        )
        parser.add_argument("--category", default="", help="the category of all of them")
        parser.add_argument(
            "--city",
            type=city,
            metavar="PLACE",
            help="where those are that name no place, such as “Berlin, Germany”",
        )
        parser.add_argument(
            "--timezone",
            type=time_zone,
            default="UTC",
            metavar="ZONE",
            help="of events that neither the file nor their city gives one (default: %(default)s)",
        )
        parser.add_argument(
            "--owner",
            metavar="EMAIL",
            help="the account that new hosts belong to (default: one that nobody can log in to)",
        )
        parser.add_argument(
            "--encoding",
            type=encoding,
            default="utf-8",
            help="of a file without a byte order mark (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with open_rows(options["file"], options["encoding"]) as source:
                self.take(source, options)
        except UnreadableFile as error:
            raise CommandError(str(error)) from None

    def take(self, source: RowSource, options: dict[str, Any]) -> None:
        try:
            with transaction_to_forget() if options["dry_run"] else contextlib.nullcontext():
                tally = self.run(source, choices_of(options), options["verbosity"])
            if not options["dry_run"]:
                renew_search()
        except DatabaseError as error:
            raise CommandError(
                f"The database stopped the import: {str(error).splitlines()[0]}. "
                "What was written stays; run the import again for the rest."
            ) from None
        self.summarise(tally, source, options)
        if tally.rows and not tally.taken:
            raise CommandError("Not one row could be taken.")

    def run(self, source: RowSource, choices: ImportChoices, verbosity: int) -> Tally:
        tally = Tally()
        with tqdm(total=source.line_count, unit=" lines", disable=None, leave=False) as bar:
            for outcome in import_events(source, choices):
                tally.add(outcome)
                bar.update(outcome.line - bar.n)
                for note in notes_on(outcome, with_remarks=verbosity > 1):
                    with bar.external_write_mode():
                        self.stdout.write(printable(note))
        return tally

    def summarise(self, tally: Tally, source: RowSource, options: dict[str, Any]) -> None:
        if tally.remarked and options["verbosity"] < 2:
            self.stdout.write(
                f"{tally.remarked} rows were taken with remarks; --verbosity 2 shows them."
            )
        self.stdout.write(f"{source.file_format.value}, {tally.rows} rows: {tally}.")
        if tally.taken and tally.counts[Result.UNCHANGED] == tally.taken:
            self.stdout.write("Nothing changed.")
        if options["dry_run"]:
            self.stdout.write("A dry run: nothing was written.")


def choices_of(options: dict[str, Any]) -> ImportChoices:
    return ImportChoices(
        owner=owner_of_hosts(options["owner"]),
        host=options["host"],
        category=options["category"],
        zone=options["timezone"],
        place=options["city"],
        is_draft=options["draft"],
        moves_to_upcoming=options["as_upcoming"],
    )


def owner_of_hosts(email: str | None) -> AbstractBaseUser:
    accounts = get_user_model().objects
    account = accounts.filter(email__iexact=email or IMPORT_ACCOUNT).first()
    if account is not None:
        return account
    if email:
        raise CommandError(f"There is no account with the e-mail address {email}.")
    return accounts.create_user(IMPORT_ACCOUNT, password=None, name="Imported events")


@contextlib.contextmanager
def transaction_to_forget() -> Iterator[None]:
    """So that a dry run meets all that the database would say, and leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def notes_on(outcome: Outcome, *, with_remarks: bool) -> Iterator[str]:
    where = f"line {outcome.line}: " + (f"“{outcome.title}”: " if outcome.title else "")
    if outcome.result is Result.REFUSED:
        yield f"{where}refused: {outcome.reason}"
    elif with_remarks:
        yield from (f"{where}{remark}" for remark in outcome.remarks)


def printable(text: str) -> str:
    """What the file holds may not steer the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def host_name(text: str) -> str:
    try:
        return clean_line(text, "host", HOST_LIMIT)
    except RowRefused as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None


def city(text: str) -> Place:
    try:
        place = locate_address(text, remarks=[]).place
    except RowRefused as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None
    if place is None:
        raise argparse.ArgumentTypeError(f"No city is known in “{text}”.")
    return place


def time_zone(name: str) -> str:
    if name not in time_zone_names():
        raise argparse.ArgumentTypeError(f"“{name}” is not a time zone such as Europe/Berlin.")
    return name


def encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise argparse.ArgumentTypeError(
            f"“{name}” is not an encoding that Python knows."
        ) from None
    return name

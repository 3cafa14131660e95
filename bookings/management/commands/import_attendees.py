from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from bookings.actors import SYSTEM
from bookings.exceptions import BookingError
from bookings.services.attendee_imports import ImportRefused, import_at_once, steps_of
from events.models import Event

PROBLEMS_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Books for everyone in a CSV file, whose first row names the columns name, email and ticket"
        " type. All of them or, with the reason at each line, none. Nobody is told by mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("event", help="the last part of the address of its page")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--free", action="store_true", help="free of charge; otherwise they pay at the door"
        )

    def handle(self, *, event: str, file: Path, free: bool, **options: Any) -> None:
        hosted = Event.objects.filter(slug=event).first()
        if hosted is None:
            raise CommandError(f"There is no event {event}.")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        try:
            with tqdm(total=steps_of(content), unit=" rows", disable=None, leave=False) as bar:
                count = import_at_once(
                    event=hosted,
                    file_name=file.name,
                    content=content,
                    is_free=free,
                    by=SYSTEM,
                    progress=bar.update,
                )
        except ImportRefused as refused:
            self._tell(refused)
            raise CommandError("Nobody was added.") from None
        except BookingError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(self.style.SUCCESS(f"{count} attendees were added."))

    def _tell(self, refused: ImportRefused) -> None:
        for problem in refused.problems[:PROBLEMS_SHOWN]:
            where = f"line {problem.line}: " if problem.line else ""
            self.stderr.write(printable(f"{where}{problem.message}"))
        if (more := len(refused.problems) - PROBLEMS_SHOWN) > 0:
            self.stderr.write(f"... and {more} lines more")


def printable(text: str) -> str:
    """What the file holds may not steer the terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)

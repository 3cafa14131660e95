import argparse
import datetime as dt
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from tqdm import tqdm

from events.generating.exceptions import AlreadyGenerating
from events.generating.processes import available_cores
from events.generating.session import generate_events

DEFAULT_UPCOMING = 0.2


class Command(BaseCommand):
    help = (
        "Add generated events, with ticket types, stocks and favourites, to try the site or "
        "measure it at scale. What is there already stays. The same seed and day give the same "
        "events in an empty database. No place is taken, since nobody booked: what is sold "
        "out has no places. See docs/scale.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=at_least_one, metavar="N", help="how many")
        parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
        parser.add_argument(
            "--upcoming",
            type=share,
            default=DEFAULT_UPCOMING,
            metavar="SHARE",
            help="of events that are to come from today on, from 0 to 1 (default: %(default)s)",
        )
        parser.add_argument(
            "--today",
            type=day,
            default=timezone.now().date(),
            metavar="YYYY-MM-DD",
            help="the day that is today for the events (default: %(default)s, in UTC)",
        )
        parser.add_argument(
            "--processes",
            type=at_least_one,
            default=available_cores() + 1,
            help="that write at once where events are added to others (default: one more than"
            " cores, here %(default)s)",
        )
        parser.add_argument(
            "--at-once",
            action="store_true",
            help="commit all events together, which is faster, also where there are some already:"
            " pages that show events are not answered until it is done",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = options["count"]
        with tqdm(total=count, unit=" events", disable=None, leave=False) as bar:
            try:
                self.generate(bar, options)
            except AlreadyGenerating:
                raise CommandError("Another process generates events in this database.") from None
            except (DatabaseError, psycopg.Error) as error:
                raise CommandError(self.stopped(bar.n, str(error).splitlines()[0])) from None
            except BrokenProcessPool:
                raise CommandError(self.stopped(bar.n, "one of the processes was killed")) from None
            except KeyboardInterrupt:
                raise CommandError(self.stopped(bar.n, "interrupted"), returncode=130) from None
        self.stdout.write(self.style.SUCCESS(f"{count} events were added."))

    def generate(self, bar: tqdm, options: dict[str, Any]) -> None:
        self.are_committed = True
        with closing(
            generate_events(
                options["count"],
                seed=options["seed"],
                upcoming_share=options["upcoming"],
                today=options["today"],
                processes=options["processes"],
                at_once=options["at_once"],
            )
        ) as steps:
            for written in steps:
                self.are_committed = written.are_committed
                bar.update(written.count)

    def stopped(self, written: int, reason: str) -> str:
        if not self.are_committed:
            return (
                f"Stopped: {reason}. No event was added, as all of them are committed together;"
                " run it again."
            )
        return (
            f"Stopped: {reason}. {written} events or some more were added, each with all that"
            " belongs to it and found in searches; run it again for the rest."
        )


def at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def day(text: str) -> dt.date:
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day as 2027-03-31") from None
    if not 2000 <= date.year < 3000:
        raise argparse.ArgumentTypeError("must be from 2000 to 2999")
    return date


def share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("must be from 0 to 1")
    return number

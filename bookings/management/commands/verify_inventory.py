from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookings.services.verification import verify_inventory


class Command(BaseCommand):
    help = (
        "Recompute how many places of each ticket type are taken, how many people wait for them,"
        " and how often each promo code was used. Ends with 1 where a counter is not what the rows"
        " say."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="set what differs right, and log it"
        )

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        differences = verify_inventory(repair=repair)
        for difference in differences:
            self.stderr.write(str(difference))
        if repair and all(difference.is_repairable for difference in differences):
            self.stdout.write(f"{len(differences)} repaired.")
        elif differences:
            raise CommandError(f"{len(differences)} counters are not what the rows say.")
        else:
            self.stdout.write("Every counter is what the rows say.")

"""`python -m loadtests.bench`: how fast pages, bookings and searches are on this machine: a table,
ratios first, and matrices of pages below it.
"""

import argparse
import importlib
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from loadtests.bench.figures import Figure, keep, kept, machine, table
from loadtests.bench.matrix import comparison, matrices
from loadtests.bench.plots import plotted
from loadtests.bench.run import PAGES, Run
from loadtests.services import start

PARTS = ("speed", "constancy", "neighbours", "over_http", "pages", "searches")
# Only when they are asked for.
LONG_PARTS = ("growth", "admin")


def main() -> None:
    arguments = _parser().parse_args()
    with ExitStack() as services:
        folder = Path(services.enter_context(TemporaryDirectory(prefix="eventmate-bench-")))
        database_url = start(services, folder)
        run = Run(
            database_url,
            folder,
            services,
            arguments.seconds,
            arguments.rounds,
            arguments.tickets,
            tuple(sorted(arguments.events)),
            arguments.catalogue,
            arguments.connections,
            tuple(sorted(arguments.users)),
            tuple(arguments.page or PAGES),
        )
        about = machine()
        figures: list[Figure] = []
        for name in arguments.only or PARTS:
            sys.stderr.write(f"{name} ...\n")
            # Only now, as it imports models.
            figures += importlib.import_module(f"loadtests.bench.{name}").measure(run)
    _tell(about, figures, arguments)


def _tell(about: dict[str, str], figures: list[Figure], arguments: argparse.Namespace) -> None:
    parts = [table(about, figures), matrices(figures)]
    if arguments.against:
        parts.append(comparison(figures, kept(arguments.against)))
    sys.stdout.write("\n\n".join(filter(None, parts)) + "\n")
    if arguments.json:
        keep(arguments.json, about, figures)
    if arguments.plot:
        arguments.plot.write_text(plotted(figures))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loadtests.bench", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="of one measurement; 2 without it"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="of each measurement; the median counts"
    )
    parser.add_argument(
        "--tickets", type=int, default=50_000, help="places of the event that is sold out"
    )
    parser.add_argument(
        "--events",
        type=int,
        nargs="+",
        default=[],
        metavar="N",
        help="sizes of the catalogue that is searched, or that grows; up to 1,000,000 without it",
    )
    parser.add_argument(
        "--catalogue",
        type=int,
        default=100_000,
        help="events of the site whose pages are asked for",
    )
    parser.add_argument(
        "--connections", type=int, default=32, help="on which they are; %(default)s without it"
    )
    parser.add_argument(
        "--page", choices=PAGES, action="append", help="one of them; can be repeated"
    )
    parser.add_argument(
        "--users",
        type=int,
        nargs="+",
        default=[1, 10, 100, 500],
        metavar="N",
        help="at once, with whom growth is measured; 1, 10, 100 and 500 without it",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures there")
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="compare with the figures kept there"
    )
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw pages and growth there, as SVG"
    )
    parser.add_argument(
        "--only", choices=PARTS + LONG_PARTS, action="append", help="a part; can be repeated"
    )
    return parser


if __name__ == "__main__":
    main()

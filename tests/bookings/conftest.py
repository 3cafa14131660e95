from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from loadtests.site import LiveSite, serving, with_session
from tests.databases import new_database
from tests.live import PATIENT_SESSION, PATIENT_SITE

GUARDS = {
    "events_ticketstock": "ticket_stock_never_oversold",
    "bookings_promocode": "promo_code_never_overused",
    "bookings_booking": "bookings_booking_idempotency_key_key",
}


@pytest.fixture(scope="session")
def unguarded_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site that shows what goes wrong without tests/unguarded.py's guards and constraints."""
    data = tmp_path_factory.mktemp("unguarded")
    application = "tests.unguarded"
    with (
        new_database() as url,
        serving(
            with_session(url, PATIENT_SESSION),
            data,
            application=application,
            workers=1,
            more=PATIENT_SITE,
        ) as site,
    ):
        with psycopg.connect(url) as connection:
            for table, name in GUARDS.items():
                drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
                connection.execute(drop.format(sql.Identifier(table), sql.Identifier(name)))
        yield site

"""The site of a scenario, with the parts that it breaks."""

import http.client
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from prometheus_client.parser import text_string_to_metric_families

from loadtests.chaos.load import Load, Visitors, visiting
from loadtests.chaos.scenario import Setting
from loadtests.chaos.servers import PostgresServer, RedisServer
from loadtests.client import Buyer
from loadtests.site import LiveSite, serving, with_session
from loadtests.stage import EventOnSale, Sale, put_on_sale

PLACES = 1_000_000
PASSWORD = "a-long-pass-phrase-of-chaos"  # noqa: S105 - of accounts that are gone with the scenario
ENVIRONMENT = {"TRUSTED_PROXIES": "127.0.0.1", "RATE_LIMIT_ENABLED": "0"}

MAKE_PERSON = """
from tests.factories import UserFactory
user = UserFactory(email={email!r})
user.set_password({password!r})
user.save()
"""


@dataclass(frozen=True)
class Reply:
    """An answer to a single request of the scenario itself."""

    status: int
    headers: Mapping[str, str]
    page: str


@dataclass
class Person:
    """Someone with an account, and a browser that may have been idle."""

    email: str
    buyer: Buyer

    def log_in(self) -> bool:
        self._reconnect()
        self.buyer.get("/accounts/login/")
        form = {"login": self.email, "password": PASSWORD}
        return self.buyer.post("/accounts/login/", form).status == http.client.FOUND

    def log_out(self) -> bool:
        self._reconnect()
        self.buyer.get("/accounts/logout/")
        return self.buyer.post("/accounts/logout/", {}).status == http.client.FOUND

    def is_logged_in(self) -> bool:
        self._reconnect()
        return self.buyer.get("/accounts/profile/").status == http.client.OK

    @property
    def cookies(self) -> str:
        """The Cookie header, for an Ask."""
        return self.buyer.cookies

    def _reconnect(self) -> None:
        # The site closes a kept connection after some seconds.
        self.buyer.close()


@dataclass
class Stage:
    setting: Setting
    site: LiveSite
    postgres: PostgresServer
    redis: RedisServer
    folder: Path
    _loads: Iterator[int] = field(default_factory=count)
    _people: list[Person] = field(default_factory=list)

    @cached_property
    def event(self) -> EventOnSale:
        """Free tickets for everyone; /event/<slug>/ shows the slug."""
        (event,) = put_on_sale(self.site, Sale([PLACES]))
        return event

    def mend(self) -> None:
        """Have all parts running, whatever was done to them."""
        self.postgres.mend()
        self.redis.mend()

    def load(self, *visitors: Visitors) -> AbstractContextManager[Load]:
        """The visitors come from here on, and are gone at the end of the block."""
        path = self.folder / f"load-{next(self._loads)}.jsonl"
        return visiting(self.site.url, visitors, path)

    def person(self) -> Person:
        """Someone new with an account, not logged in yet."""
        email = f"{uuid4().hex[:10]}@example.com"
        script = MAKE_PERSON.format(email=email, password=PASSWORD)
        self.site.manage("shell", "--no-imports", "-c", script)
        person = Person(email, Buyer(self.site.url))
        self._people.append(person)
        return person

    def close(self) -> None:
        for person in self._people:
            person.buyer.close()

    def get(self, path: str, *, patience: float = 30.0, **headers: str) -> Reply:
        """Ask for a page on a connection of its own."""
        address = urlsplit(self.site.url)
        connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=patience
        )
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers=sent)
            response = connection.getresponse()
            page = response.read().decode(errors="replace")
            return Reply(response.status, dict(response.headers), page)
        finally:
            connection.close()

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask PostgreSQL past the site."""
        with self.postgres.connect() as connection:
            return connection.execute(statement.encode(), parameters or None).fetchall()

    def connections(self) -> int:
        """How many the site's processes have open to PostgreSQL."""
        statement = """
            SELECT count(*) FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
        """
        return int(self.query(statement)[0][0])

    def figure(self, name: str, **labels: str) -> float:
        """The sum of a metric's samples at /metrics/ that have these labels; 0 where none has."""
        with urllib.request.urlopen(f"{self.site.url}/metrics/") as response:  # noqa: S310 - http
            text = response.read().decode()
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )


@contextmanager
def staged(setting: Setting) -> Iterator[Stage]:
    """Start PostgreSQL, Redis and the site, all gone afterwards."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="eventmate-chaos-")))
        postgres, redis = PostgresServer(folder / "services"), RedisServer(folder)
        (folder / "services").mkdir()
        running.callback(postgres.close)
        postgres.start()
        running.callback(redis.close)
        redis.start()
        data = folder / "site"
        data.mkdir()
        more = {**ENVIRONMENT, "REDIS_URL": redis.url, **setting.environment}
        site = running.enter_context(
            serving(
                with_session(postgres.url, setting.session),
                data,
                application=setting.application,
                workers=setting.workers,
                more=more,
            )
        )
        stage = Stage(setting, site, postgres, redis, folder)
        running.callback(stage.close)
        yield stage

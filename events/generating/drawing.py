"""Events by number, as lines for PostgreSQL's COPY."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from events.generating.offers import Offer, offers
from events.generating.plan import Batch, KnownCity, Plan
from events.generating.pools import SIZE, last_words, spread, subject_pools, venues
from events.generating.times import Calendar, shapes
from events.generating.vocabulary import QUALITIES, SUBJECTS
from events.generating.weights import CITY_WEIGHTS, HOST_WEIGHTS, SUBJECT_WEIGHTS, falling

UID = "generated-"
EVENT_COLUMNS = (
    *("id", "uid", "title", "slug", "summary", "description", "category_id", "host_id"),
    *("starts_at", "ends_at", "timezone", "is_all_day", "city_id"),
    *("venue", "address", "latitude", "longitude", "is_online", "language"),
    *("is_step_free", "has_hearing_loop", "has_sign_language", "has_companion_ticket"),
    *("status", "allows_pay_at_door", "cancellation_hours", "created_at", "updated_at"),
    *("website", "sequence"),
)
TITLES = (
    ("{name}", 20),
    ("{name} {city}", 25),
    ("{city} {name}", 15),
    ("{quality} {name}", 20),
    ("{quality} {name} in {city}", 10),
    ("{name} {year}", 5),
    ("{city} {name} {year}", 5),
)
STATUSES = (("published", 97), ("draft", 2), ("cancelled", 1))
IN_PERSON, HYBRID, ONLINE = range(3)
ATTENDANCE = ((IN_PERSON, 82), (HYBRID, 8), (ONLINE, 10))
NOWHERE = "\\N\t\t\t\\N\t\\N"
TWO_DIGITS = [f"{number:02d}" for number in range(60)]
CHANCES = 16
# Events that are drawn at once. Batches of any multiple of it have the same ones.
PIECE = 5000
OF_OWN_SUBJECT = round(0.7 * SIZE)
OF_OWN_CITY = round(0.6 * SIZE)


@dataclass(slots=True)
class DrawnEvent:
    """Without its key. ``cells`` are those of EVENT_COLUMNS after it; ``days`` is the number of
    days from today to its first.
    """

    cells: str
    days: int
    created_at: str
    offer: Offer
    fan_count: int
    first_fan: int


class Drawer:
    """The same plan and the same batch give the same events. Nothing is kept of them."""

    def __init__(self, plan: Plan) -> None:
        rng = random.Random(f"{plan.seed}:pools")  # noqa: S311  # the same each time
        self.plan = plan
        self.calendar = Calendar(plan.today)
        self._subjects = [subject_pools(subject, rng) for subject in SUBJECTS]
        self._last_words = last_words()
        self._offers = offers(rng)
        self._shapes = shapes(rng)
        self._titles = spread(TITLES, rng)
        self._statuses = spread(STATUSES, rng)
        self._access = [_access(rng) for _ in range(SIZE)]
        self._attendance = spread(ATTENDANCE, rng)
        self._languages = spread([(0, 25), (1, 35), (2, 30), (3, 10)], rng)
        self._venues = [venues(city, rank, rng) for rank, city in enumerate(plan.cities, 1)]
        self._language_names = [_language_names(city) for city in plan.cities]
        self._city_weights = falling(len(plan.cities), **CITY_WEIGHTS)
        self._subject_weights = falling(len(SUBJECTS), **SUBJECT_WEIGHTS)
        self._host_weights = falling(len(plan.hosts), **HOST_WEIGHTS)

    def draw(self, batch: Batch) -> Iterator[DrawnEvent]:
        end = batch.first + batch.count
        for first in range(batch.first, end, PIECE):
            yield from self._draw(first, min(PIECE, end - first))

    def _draw(self, first: int, count: int) -> Iterator[DrawnEvent]:
        plan = self.plan
        rng = random.Random(f"{plan.seed}:{first}")  # noqa: S311  # the same each time
        all_chances = rng.randbytes(CHANCES * count)
        hosts = rng.choices(plan.hosts, cum_weights=self._host_weights, k=count)
        cities = rng.choices(range(len(plan.cities)), cum_weights=self._city_weights, k=count)
        subjects = rng.choices(range(len(SUBJECTS)), cum_weights=self._subject_weights, k=count)
        past = self.calendar.past(count, rng)
        upcoming = self.calendar.upcoming(count, rng)
        for index, host in enumerate(hosts):
            chances = all_chances[CHANCES * index : CHANCES * (index + 1)]
            is_upcoming = rng.random() < plan.upcoming_share
            fan_count = _fan_count(rng.random(), len(plan.fans)) if is_upcoming else 0
            yield self._event(
                number=first + index,
                host=host.pk,
                subject=host.subject if chances[0] < OF_OWN_SUBJECT else subjects[index],
                city=host.city if chances[1] < OF_OWN_CITY else cities[index],
                days=upcoming[index] if is_upcoming else past[index],
                is_upcoming=is_upcoming,
                fan_count=fan_count,
                chances=chances,
            )

    def _event(
        self,
        *,
        number: int,
        host: int,
        subject: int,
        city: int,
        days: int,
        is_upcoming: bool,
        fan_count: int,
        chances: bytes,
    ) -> DrawnEvent:
        day = self.calendar.text
        place = self.plan.cities[city]
        shape = self._shapes[chances[2]]
        if shape.is_long and is_upcoming:
            days -= shape.days // 2
        created_at = (
            f"{day(min(days - 5, -1) - chances[3] // 2)}"
            f" {TWO_DIGITS[chances[4] % 24]}:{TWO_DIGITS[chances[5] % 60]}"
            f":{TWO_DIGITS[chances[6] % 60]}+00"
        )
        name, name_slug = self._subjects[subject].names[chances[7]]
        title = self._titles[chances[8]].format(
            name=name, city=place.name, quality=QUALITIES[chances[9] % 16], year=day(days)[:4]
        )
        texts = self._subjects[subject].texts
        offer = self._offers[chances[10]]
        attendance = self._attendance[chances[11]]
        pool = self._venues[city]
        # Some venues have more events than others.
        venue = pool[(chances[12] ** 2 * len(pool)) >> 16]
        where = NOWHERE if attendance == ONLINE else f"{place.pk}\t{venue}"
        cells = (
            f"{UID}{number:012d}\t{title}\t{name_slug}-{place.slug}-{number:07d}\t"
            f"{texts[chances[5]]}\t"
            f"{texts[chances[6]]} {texts[chances[12]]}\\n\\n{texts[chances[13]]} "
            f"{self._last_words[chances[3]]}\t"
            f"{self.plan.categories[subject]}\t{host}\t"
            f"{day(days)} {shape.start} {place.timezone}\t"
            f"{day(days + shape.days)} {shape.end} {place.timezone}\t"
            f"{place.timezone}\t{'t' if shape.is_all_day else 'f'}\t"
            f"{where}\t"
            f"{'f' if attendance == IN_PERSON else 't'}\t"
            f"{self._language_names[city][self._languages[chances[13]]]}\t"
            f"{self._access[chances[14]]}\t{self._statuses[chances[15]]}\t"
            f"{'t' if offer.is_paid_at_door else 'f'}\t24\t{created_at}\t{created_at}\t\t0"
        )
        return DrawnEvent(cells, days, created_at, offer, fan_count, first_fan=number)


def _access(rng: random.Random) -> str:
    """Step-free, hearing loop, sign language, ticket for a companion."""
    return "\t".join("t" if rng.random() < share else "f" for share in (0.55, 0.15, 0.06, 0.25))


def _fan_count(chance: float, most: int) -> int:
    """None for most events, and many for a few."""
    return min(most, int(0.15 / (chance + 0.0007)))


def _language_names(city: KnownCity) -> tuple[str, str, str, str]:
    both = "English" if city.language == "English" else f"{city.language}, English"
    return "", "English", city.language, both

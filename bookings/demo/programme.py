"""Which concept takes place in which city, and the events that come of it."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from bookings.demo.catalogue import Catalogue, choose_publisher
from bookings.demo.corpus import Concept, Corpus, Place, Publisher, Take, Venue
from bookings.demo.dates import Time, choose_past, choose_upcoming
from bookings.demo.people import Population
from bookings.demo.wording import fill
from events.models import Event, EventStatus

SPEAKERS = 4
TITLE_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Production:
    """An event, and what its tickets and visitors depend on."""

    event: Event
    concept: Concept
    place: Place
    publisher: Publisher
    time: Time


class Programme:
    def __init__(
        self, corpus: Corpus, catalogue: Catalogue, population: Population, rng: random.Random
    ) -> None:
        self._corpus = corpus
        self._catalogue = catalogue
        self._population = population
        self._rng = rng
        self._practical_texts = {
            kind: self._deal(texts) for kind, texts in corpus.practical.items()
        }
        self._access: dict[str, str] = {}
        self._titles: set[str] = set()
        self._seen: set[tuple[str, int]] = set()
        self._places = self._deal_places()
        self._waiting: list[Place] = []
        self._categories = self._deal_categories()
        self._takes = {subject.slug: self._deal_takes(subject.slug) for subject in corpus.subjects}

    def produce(self, today: dt.date, *, past: bool = False) -> Production:
        concept, take = next(self._takes[next(self._categories)])
        place = self._place_for(concept)
        choose = choose_past if past else choose_upcoming
        time = choose(self._rng, concept.plan, place, today)
        publisher = choose_publisher(
            self._corpus, self._rng, place, concept.category, is_online=concept.plan.is_online
        )
        event = self._event(concept, take, place, publisher, time, today)
        return Production(event, concept, place, publisher, time)

    def _deal_categories(self) -> Iterator[str]:
        """Each one once, then by weight."""
        subjects = self._corpus.subjects
        once = [subject.slug for subject in subjects]
        by_weight = [subject.slug for subject in subjects for _ in range(subject.weight)]
        yield from self._rng.sample(once, len(once))
        while True:
            yield from self._rng.sample(by_weight, len(by_weight))

    def _deal_places(self) -> Iterator[Place]:
        """Each one once, then by weight."""
        places = self._corpus.places
        by_weight = [place for place in places for _ in range(place.weight)]
        yield from self._rng.sample(places, len(places))
        while True:
            yield from self._rng.sample(by_weight, len(by_weight))

    def _deal_takes(self, category: str) -> Iterator[tuple[Concept, Take]]:
        """All takes of a category before any comes again."""
        takes = [
            (concept, take)
            for concept in self._corpus.concepts
            if concept.category == category
            for take in concept.takes
        ]
        while True:
            yield from self._rng.sample(takes, len(takes))

    def _place_for(self, concept: Concept) -> Place:
        """The next city that suits the concept and has not had it. The others wait their turn."""
        for number, place in enumerate(self._waiting):
            if self._suits(concept, place):
                return self._settle(concept, self._waiting.pop(number))
        for _ in range(len(self._corpus.places) * 8):
            place = next(self._places)
            if self._suits(concept, place):
                return self._settle(concept, place)
            self._waiting.append(place)
        return next(place for place in self._corpus.places if self._may_have(concept, place))

    def _settle(self, concept: Concept, place: Place) -> Place:
        self._seen.add((place.name, id(concept)))
        return place

    def _suits(self, concept: Concept, place: Place) -> bool:
        return self._may_have(concept, place) and (place.name, id(concept)) not in self._seen

    def _may_have(self, concept: Concept, place: Place) -> bool:
        return not concept.plan.cities or place.name in concept.plan.cities

    def _event(
        self,
        concept: Concept,
        take: Take,
        place: Place,
        publisher: Publisher,
        time: Time,
        today: dt.date,
    ) -> Event:
        plan, rng = concept.plan, self._rng
        venue = None if plan.is_online else self._venue(concept, place)
        slots = self._slots(take, place, venue, publisher, time)
        title = self._title(take, slots, place)
        lead = fill(take.lead, rng=rng, slots=slots, start=time.start)
        body = fill(concept.body, rng=rng, slots=slots, start=time.start)
        parts = [lead, body, self._practical(venue, slots)]
        announced = time.starts_at - dt.timedelta(
            days=rng.randint(25, 110), minutes=rng.randint(1, 900)
        )
        latest = dt.datetime.combine(today, dt.time.min, dt.UTC) - dt.timedelta(
            hours=rng.randint(2, 400)
        )
        language = take.slots.get("language") or plan.language or self._language(place, venue)
        return Event(
            uid=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            title=title,
            slug=self._catalogue.event_slugs.make(title),
            summary=fill(take.summary, rng=rng, slots=slots, start=time.start),
            description="\n\n".join(filter(None, parts)),
            category=self._catalogue.categories[concept.category],
            city=self._catalogue.cities[place.name] if venue else None,
            host=self._catalogue.hosts[publisher.name],
            venue=venue.name if venue else "",
            address=venue.address if venue else "",
            latitude=venue.latitude if venue else None,
            longitude=venue.longitude if venue else None,
            is_online=venue is None or (plan.hybrid and rng.random() < 0.6),
            language="" if language == "none" else language,
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            is_all_day=plan.all_day,
            timezone=place.timezone,
            status=EventStatus.PUBLISHED,
            created_at=min(announced, latest),
        )

    def _language(self, place: Place, venue: Venue | None) -> str:
        return self._rng.choice(place.languages) if venue else "English"

    def _venue(self, concept: Concept, place: Place) -> Venue:
        return self._rng.choice(
            [venue for venue in place.venues if venue.kinds & concept.plan.venues]
        )

    def _slots(
        self, take: Take, place: Place, venue: Venue | None, publisher: Publisher, time: Time
    ) -> dict[str, str]:
        speakers = self._population.group(place.code, SPEAKERS)
        slots = place.words | take.slots
        for number, speaker in enumerate(speakers, start=1):
            slots[f"p{number}"], slots[f"g{number}"] = speaker.name, speaker.first
        if venue is not None:
            slots |= {"venue": venue.name, "district": venue.district, "near": venue.near}
        return slots | {
            "city": place.name,
            "host": publisher.name,
            "year": str(time.start.year),
            "start": f"{time.start:%H:%M}",
            "end": f"{time.end:%H:%M}",
            "doors": f"{time.start - dt.timedelta(minutes=30):%H:%M}",
        }

    def _title(self, take: Take, slots: dict[str, str], place: Place) -> str:
        """One that is new if the pattern has one, and with the city otherwise."""
        for _ in range(TITLE_ATTEMPTS):
            title = fill(take.title, rng=self._rng, slots=slots)
            if title not in self._titles:
                break
        else:
            title = f"{title}, {place.name}"
        self._titles.add(title)
        return title

    def _practical(self, venue: Venue | None, slots: dict[str, str]) -> str:
        """How to get there, and mostly how to get in, which stays the same for a venue."""
        rng = self._rng
        if venue is None or rng.random() < 0.1:
            return ""
        arrival, access = (
            ("outdoors", "outdoor_access") if venue.is_outdoors else ("arrival", "access")
        )
        if venue.name not in self._access:
            self._access[venue.name] = next(self._practical_texts[access])
        sentences = [fill(next(self._practical_texts[arrival]), rng=rng, slots=slots)]
        if rng.random() < 0.7:
            sentences.append(self._access[venue.name])
        text = " ".join(sentences)
        if rng.random() < 0.4:
            return text
        return f"# {next(self._practical_texts['headings'])}\n\n{text}"

    def _deal(self, texts: list[str]) -> Iterator[str]:
        """All of them before any comes again."""
        while True:
            yield from self._rng.sample(texts, len(texts))

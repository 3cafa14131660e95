"""Events to search among. Runs beside the live site, in `manage.py shell`."""

from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    HostFactory,
    TicketTypeFactory,
    days_from_now,
)

CONCERTS, TALKS = 28, 2


def stage_city(slug: str, latitude: float, longitude: float) -> None:
    """28 concerts for 20 euros and two free talks in a city of its own, the talks in a month."""
    name = slug.title()
    city = CityFactory(slug=slug, name=name, latitude=latitude, longitude=longitude)
    host = HostFactory(slug=f"{slug}-hall", name=f"{name} Hall")
    for kind, count, price in (("concerts", CONCERTS, 20), ("talks", TALKS, 0)):
        category = CategoryFactory(slug=f"{slug}-{kind}", name=f"{name} {kind}")
        for number in range(count):
            event = EventFactory(
                title=f"{name} {kind[:-1]} {number}",
                slug=f"{slug}-{kind}-{number}",
                category=category,
                city=city,
                host=host,
                starts_at=days_from_now(3 if kind == "concerts" else 30),
                latitude=latitude + 0.01,
                longitude=longitude,
            )
            TicketTypeFactory(event=event, price=price)

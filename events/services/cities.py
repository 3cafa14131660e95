"""Cities that hosts bring, beside those of imports (events/importing/writing/catalogue.py)."""

from django.db import IntegrityError, transaction

from events.importing.places.lookup import FoundPlace
from events.importing.places.names import fold_place
from events.importing.writing.catalogue import is_city_of
from events.importing.writing.slugs import city_slugs
from events.models import City


def store_city(*, found: FoundPlace) -> City:
    """The city of that place, under whatever name it is kept; a new one if there is none."""
    place = found.place
    latitude, longitude = place.position or (None, None)
    for slug in city_slugs(place.name, place.region, place.country):
        for city in City.objects.filter(country_code=place.country_code):
            if fold_place(city.name) in place.keys and is_city_of(city, place):
                return city
        try:
            with transaction.atomic():
                return City.objects.create(
                    name=place.name,
                    slug=slug,
                    region=place.region,
                    country=place.country,
                    country_code=place.country_code,
                    timezone=place.timezone,
                    latitude=latitude,
                    longitude=longitude,
                    aliases=found.aliases,
                )
        except IntegrityError as error:
            taken = error
    raise taken

"""Names as a site has them, without a database."""

import time

from events.search.name_rows import NameRows
from events.search.names import Names

GERMANY, FRANCE, AMERICA = ("Germany", "DE"), ("France", "FR"), ("United States", "US")


def city(pk, slug, name, upcoming, country, region="", aliases=""):
    return (pk, slug, name, upcoming, region, *country, 52.5, 13.4, aliases)


KNOWN = Names(
    NameRows(
        made_at=time.time(),
        cities=[
            city(7, "paris", "Paris", 99, FRANCE),
            city(3, "new-york", "New York", 90, AMERICA, aliases="New York City, NYC"),
            city(1, "berlin", "Berlin", 50, GERMANY),
            city(2, "munich", "Munich", 40, GERMANY, aliases="München, Monaco di Baviera"),
            city(16, "sao-paulo", "São Paulo", 30, ("Brazil", "BR")),
            city(15, "amsterdam", "Amsterdam", 25, ("Netherlands", "NL")),
            city(4, "nice", "Nice", 9, FRANCE, aliases="Nizza"),
            city(5, "springfield", "Springfield", 3, AMERICA, region="Illinois"),
            city(6, "springfield-2", "Springfield", 2, AMERICA, region="Massachusetts"),
            city(8, "reading", "Reading", 2, ("United Kingdom", "GB")),
            city(9, "hamburg", "Hamburg", 2, GERMANY),
            city(10, "luxembourg", "Luxembourg", 2, ("Luxembourg", "LU")),
            city(11, "tbilisi", "Tbilisi", 2, ("Georgia", "GE")),
            city(12, "atlanta", "Atlanta", 2, AMERICA, region="Georgia"),
            city(13, "paris-2", "Paris", 1, AMERICA, region="Texas"),
            city(14, "austin", "Austin", 1, AMERICA),
            city(17, "st-louis", "St. Louis", 1, AMERICA),
        ],
        categories=[(1, "music", "Music", 80), (2, "food-drink", "Food & Drink", 0)],
        hosts=[(1, "blue-room", "Blue Room", 3)],
        languages=[("english", 9), ("german", 5), ("español", 1)],
    )
)

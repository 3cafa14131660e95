import pytest

from events.models import City
from tests.events.importing.conftest import calendar, conference


@pytest.mark.parametrize(
    ("city", "country", "expected"),
    [
        ("Kiew", "Ukraine", ("Kyiv", "UA", "Europe/Kyiv")),
        ("Bruxelles", "Belgium", ("Brussels", "BE", "Europe/Brussels")),
        ("Dallas, TX", "U.S.A.", ("Dallas", "US", "America/Chicago")),
        ("London", "U.K.", ("London", "GB", "Europe/London")),
        ("Edinburgh", "Scotland", ("Edinburgh", "GB", "Europe/London")),
        ("Seoul", "Korea", ("Seoul", "KR", "Asia/Seoul")),
        ("Prague", "Czech Republic", ("Prague", "CZ", "Europe/Prague")),
        ("Wroclaw", "PL", ("Wrocław", "PL", "Europe/Warsaw")),
        ("Москва", "Russia", ("Moscow", "RU", "Europe/Moscow")),
        ("Newcastle", "U.K.", ("Newcastle upon Tyne", "GB", "Europe/London")),
        ("St. John’s", "Canada", ("St. John's", "CA", "America/St_Johns")),
        ("Perth", "Australia", ("Perth", "AU", "Australia/Perth")),
        ("Kansas City, MO", "USA", ("Kansas City", "US", "America/Chicago")),
        ("Waterloo, ON", "U.S.A.", ("Waterloo", "CA", "America/Toronto")),
        ("Den Haag", "The Netherlands", ("The Hague", "NL", "Europe/Amsterdam")),
        ("Dublin", None, ("Dublin", "IE", "Europe/Dublin")),
        ("Boulder, CO", None, ("Boulder", "US", "America/Denver")),
    ],
)
def test_city_is_found_by_its_names(imported, city, country, expected):
    found = imported([conference(city=city, country=country)]).city

    assert (found.name, found.country_code, found.timezone) == expected


@pytest.mark.parametrize(
    ("location", "city", "venue"),
    [
        ("Microsoft NERD, Cambridge, MA, USA", "Cambridge", "Microsoft NERD"),
        ("Columbus, OH USA", "Columbus", ""),
        ("Nashville, TN, United States", "Nashville", ""),
        ("Conway, Arkansas", "Conway", ""),
        ("Tbilisi, Georgia", "Tbilisi", ""),
        ("Atlanta, Georgia", "Atlanta", ""),
        ("Los Angeles, CA", "Los Angeles", ""),
        ("8th Floor, 1601 Broadway, NY, NY, 10036, USA", "New York", "8th Floor"),
        ("Cardiff University, Cardiff, Wales, UK", "Cardiff", "Cardiff University"),
        ("Am Grauen Stein 27, 51105 Cologne", "Cologne", "Am Grauen Stein 27"),
        ("Singapore", "Singapore", ""),
        ("Quilmes, Buenos Aires, Argentina", "Quilmes", ""),
        ("Shanghai, Zhuhai and Hangzhou, China", "Shanghai", ""),
    ],
)
def test_city_is_found_in_a_line_of_text(imported, location, city, venue):
    escaped = location.replace(",", "\\,")
    event = imported(calendar(f"LOCATION:{escaped}"))

    assert (event.city.name, event.venue) == (city, venue)


def test_place_that_the_gazetteer_does_not_know_is_taken_with_a_remark(import_file):
    output = import_file([conference(city="Bodensee", country="Germany")], "--verbosity", "2")

    assert "The city “Bodensee” is not in the gazetteer; its time zone" in output
    city = City.objects.get()
    assert (city.name, city.timezone, city.latitude) == ("Bodensee", "Europe/Berlin", None)


def test_name_with_a_namesake_in_the_country_has_its_state(imported):
    city = imported([conference(city="Portland, OR", country="U.S.A.")]).city

    assert (city.region, city.country) == ("Oregon", "United States")

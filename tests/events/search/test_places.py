import pytest

from events.search.places import tags_of_place
from tests.events.search.known_names import KNOWN

SPRINGFIELDS = {("city", "5"), ("city", "6")}


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Berlin", {("city", "1")}),
        ("  berlin ", {("city", "1")}),
        ("berlin, germany", {("city", "1")}),
        ("Berlin (DE)", {("city", "1")}),
        ("berlin germany", {("city", "1")}),
        ("Berlin, Deutschland", {("city", "1")}),
        ("München", {("city", "2")}),
        ("munchen", {("city", "2")}),
        ("Muenchen", {("city", "2")}),
        ("sao paulo", {("city", "16")}),
        ("new york", {("city", "3")}),
        ("New York City, USA", {("city", "3")}),
        ("st louis", {("city", "17")}),
        ("Springfield", SPRINGFIELDS),
        ("Springfield, USA", SPRINGFIELDS),
        ("Springfield, Illinois", {("city", "5")}),
        ("springfield, IL", {("city", "5")}),
        ("Austin, TX", {("city", "14")}),
        ("Illinois", {("city", "5")}),
        ("Paris, Texas", {("city", "13")}),
        ("Paris, France", {("city", "7")}),
        ("Germany", {("country", "DE")}),
        ("Allemagne", {("country", "DE")}),
        ("the Netherlands", {("country", "NL")}),
        ("Österreich", None),
        ("Luxembourg", {("country", "LU")}),
        ("Georgia", {("city", "11"), ("city", "12")}),
        ("online", {("attend", "online")}),
        ("Berlin, France", None),
        ("Munich, Texas", None),
        ("Torstraße 1, Berlin", None),
        ("Blue Room", None),
        ("no", None),
        (",", None),
        ("", None),
    ],
)
def test_place_is_found_by_the_names_that_people_use(text, tags):
    assert tags_of_place(text, KNOWN) == tags

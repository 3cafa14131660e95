import re
from xml.etree import ElementTree

import pytest

from events.covers import COMPOSITIONS, PALETTES, draw_cover


def test_same_slugs_give_the_same_cover_and_others_another(client):
    paths = ["/covers/jazz/one.svg", "/covers/jazz/two.svg", "/covers/film/one.svg"]

    drawn = [client.get(path).content for path in paths]

    assert drawn == [client.get(path).content for path in paths]
    assert len(set(drawn)) == 3


def test_category_decides_the_colours():
    def colours(svg):
        return set(re.findall("#[0-9a-f]{6}", svg))

    palettes = {ground: set(others) | {ground} for ground, *others in PALETTES}
    jazz = [colours(draw_cover("jazz", f"event-{number}")) for number in range(30)]

    assert [used for used in palettes.values() if all(one <= used for one in jazz)]


def test_every_composition_comes_up_and_is_well_formed():
    drawn = [draw_cover("jazz", f"event-{number}") for number in range(20 * len(COMPOSITIONS))]

    for svg in drawn:
        root = ElementTree.fromstring(svg)  # noqa: S314  # we drew it
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert len(root) > 1
    assert len(set(drawn)) == len(drawn)


def test_cover_is_kept_by_browsers_and_touches_no_database(client):
    response = client.get("/covers/jazz/late-night.svg")  # no django_db mark: a query would fail

    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "public" in response.headers["Cache-Control"]
    assert "max-age=2592000" in response.headers["Cache-Control"]
    assert "Vary" not in response.headers


@pytest.mark.parametrize("path", ["/covers/jazz/a%20b.svg", "/covers/jazz/.svg", "/covers/a/b.png"])
def test_address_that_is_no_cover_s_is_a_404(client, path):
    assert client.get("/covers/jazz/a-b.svg").status_code == 200
    assert client.get(path).status_code == 404

"""Links to bookings that somebody has changed."""

import pytest

from tests.eventmate.site import Site, build_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return build_site()


@pytest.mark.parametrize("page", ["", "confirm/", "cancel/"])
@pytest.mark.parametrize(
    "tamper",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token[::-1],
        lambda token: token.swapcase(),
        lambda token: "\u00e9" * 43,
    ],
)
def test_tampered_link_to_a_booking_is_a_404(site: Site, page: str, tamper) -> None:
    path = f"/bookings/HELD2222/{page}"
    token = site.holder["HELD2222"]
    assert site.anonymous.get(path, {"access": token}).status_code in (200, 302)

    for client in site.clients():
        assert client.get(path, {"access": tamper(token)}).status_code == 404


def test_link_to_one_booking_does_not_open_another(site: Site) -> None:
    access = {"access": site.holder["DONE2222"]}

    assert site.anonymous.get("/bookings/DONE2222/", access).status_code == 200
    assert site.anonymous.get("/bookings/HELD2222/", access).status_code == 404

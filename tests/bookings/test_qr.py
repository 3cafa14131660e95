"""QR codes are small, stand on white, and need no style that the policy would refuse."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.codes import ALPHABET
from bookings.qr import QUIET_ZONE, QrCode, qr_svg
from bookings.ticket_codes import sign_ticket_code

CODE = "7ZK4M2Q9XW0TBN1H"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def picture() -> ElementTree.Element:
    return ElementTree.fromstring(qr_svg(sign_ticket_code(CODE), title="QR code of a ticket"))  # noqa: S314  # ours


@given(code=st.text(ALPHABET, min_size=16, max_size=16))
def test_code_of_every_ticket_is_a_small_qr_code(code: str) -> None:
    qr = QrCode(sign_ticket_code(code))

    assert (qr.version, qr.mode) == (2, "alphanumeric")
    assert qr.size == 25 + 2 * QUIET_ZONE


def test_finder_patterns_stand_inside_the_quiet_zone() -> None:
    qr = QrCode(sign_ticket_code(CODE))
    first, *_, last = qr.runs()

    assert first == (QUIET_ZONE, QUIET_ZONE, 7)
    assert (last.left >= QUIET_ZONE, last.top) == (True, qr.size - QUIET_ZONE - 1)
    assert all(run.left + run.length <= qr.size - QUIET_ZONE for run in qr.runs())


def test_other_codes_give_other_pictures() -> None:
    assert qr_svg(sign_ticket_code(CODE)) == qr_svg(sign_ticket_code(CODE))
    assert qr_svg(sign_ticket_code(CODE)) != qr_svg(sign_ticket_code(CODE[::-1]))


def test_picture_takes_its_size_from_the_page(picture: ElementTree.Element) -> None:
    assert picture.get("viewBox") == "0 0 33 33"
    assert picture.get("width") is None
    assert picture.get("height") is None


def test_picture_has_a_name_for_screen_readers(picture: ElementTree.Element) -> None:
    assert picture.get("role") == "img"
    assert picture[0].tag == f"{SVG}title"
    assert picture[0].text == "QR code of a ticket"


def test_picture_is_dark_on_white_by_attributes_of_its_own(picture: ElementTree.Element) -> None:
    ground, modules = picture[1:]

    assert (ground.get("fill"), ground.get("width"), ground.get("height")) == ("#fff", "33", "33")
    assert modules.get("fill") == "#000"
    assert all(element.get("style") is None for element in picture.iter())


def test_markup_in_the_title_is_escaped() -> None:
    assert "<title>&lt;script&gt;</title>" in qr_svg(CODE, title="<script>")

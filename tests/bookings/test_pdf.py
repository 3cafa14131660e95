"""The PDF of tickets: complete, for names of any script and length, and always the same."""

import re
import unicodedata
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from bookings.models import Booking, PaymentMethod, Ticket
from bookings.pdf import tickets_pdf
from events.models import City, Event, Host, TicketType
from tests.factories import (
    BookingFactory,
    CityFactory,
    EventFactory,
    HostFactory,
    TicketTypeFactory,
)
from tests.new_process import TICKING, output_of

pytestmark = pytest.mark.django_db

# Says "tick" from another greenlet all the while that tickets are drawn.
DRAW = (
    TICKING
    + """
from bookings.pdf.content import TicketPage
from bookings.pdf.layout import draw_tickets
from eventmate.threads import run_in_thread
page = TicketPage(
    title="Jazz", when="today", place="Blue Room", address="", attendee="Ada", ticket_type="Front",
    price="Free", reference="ABCD1234", code="0000 0000", signed_code="0" * 26, host="Blue",
)
drawings = [gevent.spawn(run_in_thread, draw_tickets, [page] * 10) for _ in range(3)]
gevent.joinall(drawings, raise_error=True)
assert len({drawing.value for drawing in drawings}) == 1
print(len(events))
"""
)


@pytest.fixture
def booking() -> Booking:
    """Two tickets, to be paid at the door."""
    event = EventFactory(
        title="Late Night Jazz",
        venue="Blue Room",
        address="Torstraße 1, 10119 Berlin",
        city=CityFactory(name="Berlin", country="Germany"),
        host=HostFactory(name="Blue Room Nights"),
    )
    ticket_type = TicketTypeFactory(event=event, name="Front row", price=Decimal(1250))
    return BookingFactory(
        event=event,
        tickets=[ticket_type, ticket_type],
        total=Decimal(2500),
        payment_method=PaymentMethod.AT_DOOR,
    )


def tickets_of(booking: Booking) -> list[Ticket]:
    return list(
        Ticket.objects.filter(booking=booking).select_related(
            "ticket_type", "booking__event__city", "booking__event__host"
        )
    )


def pages_of(booking: Booking) -> list[PageObject]:
    return list(PdfReader(BytesIO(tickets_pdf(tickets_of(booking)))).pages)


def text_of(page: PageObject) -> str:
    """In one line."""
    return " ".join(page.extract_text().split())


def lowest_text(page: PageObject) -> float:
    """The baseline that is nearest to the foot of the page, in points."""
    baselines: list[float] = []

    def visit(text: str, _cm: object, matrix: list[float], *_: object) -> None:
        if text.strip():
            baselines.append(matrix[5])

    page.extract_text(visitor_text=visit)
    return min(baselines)


def test_each_ticket_has_a_page_with_all_that_it_says(booking: Booking) -> None:
    first, second = tickets_of(booking)
    Ticket.objects.filter(pk=second.pk).update(attendee_name="Charles Babbage")

    pages = pages_of(booking)

    assert len(pages) == 2
    assert "Charles Babbage" not in text_of(pages[0])
    for page, ticket, name in zip(
        pages, (first, second), ("Ada Lovelace", "Charles Babbage"), strict=True
    ):
        text = text_of(page)
        for fact in (
            "Late Night Jazz",
            str(booking.event.schedule),
            "Blue Room",
            "Torstraße 1, 10119 Berlin, Berlin, Germany",
            name,
            "Front row",
            "€1,250.00, to be paid at the door",
            booking.reference,
            ticket.code_in_groups,
            "Hosted by Blue Room Nights",
        ):
            assert fact in text


def test_page_is_a4_and_the_document_says_what_it_is(booking: Booking) -> None:
    reader = PdfReader(BytesIO(tickets_pdf(tickets_of(booking))))

    assert [round(length) for length in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.metadata.title == "Tickets for Late Night Jazz"
    assert reader.metadata.author == "EventMate"
    assert reader.metadata.subject == f"Booking {booking.reference}"
    assert reader.root_object["/Lang"] == "en"


def test_same_tickets_give_the_same_bytes(booking: Booking) -> None:
    pdf = tickets_pdf(tickets_of(booking))

    assert tickets_pdf(tickets_of(booking)) == pdf
    Ticket.objects.filter(booking=booking).update(attendee_name="Someone else")
    assert tickets_pdf(tickets_of(booking)) != pdf


def test_document_without_tickets_is_refused() -> None:
    with pytest.raises(ValueError, match="no tickets"):
        tickets_pdf([])


@pytest.mark.parametrize("copies", [1, 9])
def test_loaded_tickets_need_no_further_query(
    booking: Booking, copies: int, django_assert_num_queries
) -> None:
    tickets = tickets_of(booking) * copies

    with django_assert_num_queries(0):
        tickets_pdf(tickets)


@pytest.mark.parametrize(
    "name",
    [
        "Wisława Szymborska-Żółć",
        "Ελένη Παπαδοπούλου",
        "Юлия Чайковская",
        "Nguyễn Thị Ánh",
        "Սիրանույշ",
        "გიორგი",
        "山田 太郎",
        "やまだ たろう",
        "김민준",
        "王小明",
    ],
)
def test_name_is_printed_in_its_own_script(booking: Booking, name: str) -> None:
    Ticket.objects.filter(booking=booking).update(attendee_name=name)

    assert name in text_of(pages_of(booking)[0])


@pytest.mark.parametrize("name", ["محمد بن علي", "שרה לוי"])
def test_name_from_right_to_left_is_joined_and_put_in_order(booking: Booking, name: str) -> None:
    Ticket.objects.filter(booking=booking).update(attendee_name=name)

    text = text_of(pages_of(booking)[0])
    # pypdf reads glyphs from right to left where they are Hebrew or Arabic; NFKC takes the joined
    # forms of letters back to the letters.
    assert name in unicodedata.normalize("NFKC", text)
    assert (name in text) == (name == "שרה לוי")


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Ada 🎷 Lovelace", "Ada □ Lovelace"),
        ("Ada 👩🏽‍🚀 😀", "Ada □"),
        ("आदा", "□"),
        ("Ada\u202e \u200bLovelace\x07", "Ada Lovelace"),
        ("Zoë Zoe\u0308", "Zoë Zoë"),
    ],
    ids=["emoji", "joined emoji", "no font", "controls", "decomposed"],
)
def test_what_no_font_has_becomes_a_square(booking: Booking, name: str, printed: str) -> None:
    Ticket.objects.filter(booking=booking).update(attendee_name=name)

    assert f"Name {printed}" in text_of(pages_of(booking)[0])


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=150)
)
def test_any_name_can_be_printed(booking: Booking, name: str) -> None:
    Ticket.objects.filter(booking=booking).update(attendee_name=name)

    assert tickets_pdf(tickets_of(booking))


def test_markup_is_printed_as_it_was_typed(booking: Booking) -> None:
    title = "<b>Jazz</b> & <font color=red>blues</font> &amp;"
    Event.objects.update(title=title)
    Ticket.objects.filter(booking=booking).update(attendee_name="<para>Ada</i>")

    text = text_of(pages_of(booking)[0])
    assert title in text
    assert "<para>Ada</i>" in text


@pytest.mark.parametrize("letter", ["W", "字", "long words ", "ш-"])
def test_texts_of_the_greatest_length_stay_on_the_page(booking: Booking, letter: str) -> None:
    def filled(length: int) -> str:
        return (letter * length)[:length].strip()

    Event.objects.update(title=filled(200), venue=filled(200), address=filled(300))
    City.objects.update(name=filled(100), country=filled(60))
    Host.objects.update(name=filled(120))
    Ticket.objects.filter(booking=booking).update(attendee_name=filled(150))
    TicketType.objects.update(name=filled(80))

    page = pages_of(booking)[0]

    assert lowest_text(page) >= 24
    printed = re.sub(r"\s", "", text_of(page))
    for length in (200, 300, 150, 80, 120):
        assert filled(length).replace(" ", "") in printed


@pytest.mark.parametrize(
    ("known", "printed"),
    [
        ({"is_online": True, "venue": "", "address": "", "city": None}, "Online"),
        ({"venue": "", "address": "", "city": None}, "Place to be announced"),
        ({"venue": "", "address": "", "is_online": True}, "Berlin, Germany and online"),
        ({"city": None}, "Blue Room Torstraße 1, 10119 Berlin Name"),
        ({"city": None, "venue": ""}, "Torstraße 1, 10119 Berlin Name"),
    ],
    ids=["online", "unknown", "hybrid", "no city", "address only"],
)
def test_place_says_what_is_known(booking: Booking, known: dict, printed: str) -> None:
    Event.objects.update(**known)

    text = text_of(pages_of(booking)[0])
    assert printed in text
    assert text.count("Torstraße") == (known.get("address") != "")


def test_time_is_on_the_clock_of_the_place(booking: Booking) -> None:
    Event.objects.update(timezone="Asia/Tokyo")
    booking.event.refresh_from_db()

    assert " JST" in str(booking.event.schedule)
    assert str(booking.event.schedule) in text_of(pages_of(booking)[0])


def test_free_ticket_says_so(booking: Booking) -> None:
    Ticket.objects.filter(booking=booking).update(price=0)

    assert "Price Free Booking" in text_of(pages_of(booking)[0])


def test_other_greenlets_run_while_tickets_are_drawn() -> None:
    output = output_of(DRAW)
    assert int(output) > 10

"""Pictures that go with links: what is in them, and how long others may keep them."""

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test.utils import override_settings
from PIL import Image, ImageChops

from events.covers import PALETTES
from events.models import Event, EventStatus, TicketType
from events.sharing.lettering import fit_lines, is_readable
from events.sharing.picture import PictureFacts, contrast, draw_picture, ink_on
from tests.factories import EventFactory, TicketTypeFactory
from tests.new_process import TICKING, output_of

LONG = "An evening with a title that somebody typed who had time and no editor at hand " * 3
FACTS = PictureFacts(
    category_slug="music",
    slug="jazz",
    title="Late Night Jazz",
    category="Music",
    dates="Fri 4 Dec 2026",
    hours="19:00 CET",
    place="Blue Room, Berlin",
    price="From €12.00",
)
MONTH = 30 * 24 * 60 * 60
# Says "tick" from another greenlet all the while that pictures are drawn.
DRAW = (
    TICKING
    + """
from tests.events.sharing.test_picture import FACTS
from events.sharing.picture import draw_picture
from eventmate.threads import run_in_thread
drawings = [gevent.spawn(run_in_thread, draw_picture, FACTS) for _ in range(5)]
gevent.joinall(drawings, raise_error=True)
assert len({drawing.value for drawing in drawings}) == 1
print(len(events))
"""
)


def picture_link(client, event: Event) -> str:
    """From the head of the event's page, on this site."""
    html = client.get(event.get_absolute_url()).content.decode()
    (address,) = re.findall(r'property="og:image" content="https?://[^/]+(/[^"]+)"', html)
    return address


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    return picture.convert("RGB")


@pytest.mark.django_db
def test_page_names_a_picture_of_its_own_that_can_be_kept(client):
    row = TicketTypeFactory(event__title="Late Night Jazz")

    response = client.get(picture_link(client, row.event))

    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == f"public, max-age={MONTH}"
    assert "Vary" not in response.headers
    assert not response.cookies
    opened(response.content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda event: Event.objects.filter(pk=event.pk).update(title="Early Morning Jazz"),
        lambda event: Event.objects.filter(pk=event.pk).update(status=EventStatus.CANCELLED),
        lambda event: TicketType.objects.filter(event=event).update(price=Decimal(99)),
    ],
    ids=["title", "cancelled", "price"],
)
def test_changed_event_has_another_picture_at_another_address(client, change):
    event = TicketTypeFactory().event
    before = picture_link(client, event)
    old = client.get(before)
    assert client.get(before, headers={"If-None-Match": old["ETag"]}).status_code == 304

    change(event)

    assert picture_link(client, event) != before
    new = client.get(before, headers={"If-None-Match": old["ETag"]})
    assert new.status_code == 200
    assert new.content != old.content
    assert new.headers["Cache-Control"] == "public, max-age=300", "not what the address names"


@pytest.mark.django_db
def test_picture_that_is_known_is_not_sent_again(client):
    path = f"{EventFactory().get_absolute_url()}picture.png"
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anonymous", "owner"])
def test_draft_and_unknown_event_have_no_picture(client, who, django_assert_num_queries):
    draft = EventFactory(status=EventStatus.DRAFT)
    if who == "owner":
        client.force_login(draft.host.owner)

    for slug in (draft.slug, "never-was"):
        with django_assert_num_queries(1):
            assert client.get(f"/event/{slug}/picture.png").status_code == 404


@pytest.mark.django_db
def test_picture_takes_as_many_queries_for_much_as_for_little(client, queries_of):
    event = TicketTypeFactory().event
    path = f"{event.get_absolute_url()}picture.png"
    for_little = queries_of(path)
    TicketTypeFactory.create_batch(5, event=event)

    assert queries_of(path) == for_little <= 3


@pytest.mark.django_db
def test_picture_is_drawn_once_where_there_is_a_redis(client, redis_url):
    path = f"{EventFactory().get_absolute_url()}picture.png"
    with override_settings(REDIS_URL=redis_url):
        first = client.get(path)
        key = "picture:" + first.headers["ETag"].strip('"')
        assert cache.get(key) == first.content
        cache.set(key, b"kept")

        assert client.get(path).content == b"kept"


def test_site_has_a_picture_without_asking_the_database(client):
    response = client.get("/picture.png")  # no django_db mark: a query would fail

    opened(response.content)


def test_same_facts_give_the_same_picture_and_each_other_one_another():
    others = {
        "title": "Early Morning Jazz",
        "category": "Film",
        "dates": "Sat 5 Dec 2026",
        "hours": "",
        "place": "Online",
        "price": "",
        "slug": "jazz-2",
        "category_slug": "film",
    }
    drawn = {draw_picture(FACTS), draw_picture(FACTS)}
    assert len(drawn) == 1

    drawn |= {draw_picture(replace(FACTS, **{name: value})) for name, value in others.items()}

    assert len(drawn) == 1 + len(others)


@pytest.mark.parametrize(
    "title",
    [
        "J",
        LONG,
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        "مهرجان الموسيقى العربية (2026) في القاهرة",
        "Ночь джаза: Чайковский и друзья",
        "🎷 Jazz & 🍷 Wine",
        "東京 Python 勉強会",
        "คืนดนตรีแจ๊ส",
        "🎉🎉🎉",
        "\u202e\u200b \x1f",
        "",
    ],
)
def test_any_title_stays_off_the_art_and_the_edges(title):
    picture = opened(draw_picture(replace(FACTS, title=title)))
    plain = opened(draw_picture(replace(FACTS, title="I")))

    # Each file has its own 64 colours: those between two that meet may differ a little.
    difference = ImageChops.difference(picture, plain).point(lambda value: 255 * (value > 60))
    # What another title changes is in the column of the text, below the brand.
    left, top, right, bottom = difference.getbbox()
    assert (left >= 60, top >= 90, right <= 1200 - 420, bottom <= 600) == (True,) * 4


def test_title_that_no_font_has_leaves_its_place_to_the_date():
    chinese, thai = (
        draw_picture(replace(FACTS, title=title)) for title in ("中文电影之夜", "คืนดนตรีแจ๊ส")
    )

    assert chinese == thai == draw_picture(replace(FACTS, title="🎉"))
    assert chinese != draw_picture(FACTS)


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("Łódź, Győr, Ñuñoa", True),
        ("Ночь джаза", True),
        ("مهرجان", True),
        ("🎷 Jazz", True),
        ("Python and Django for everybody 入門", True),
        ("中文", False),
        ("東京 Tokyo", True),
        ("दिल्ली", False),
        ("🎉", False),
        ("1984", True),
        ("2027/2028 音楽祭", False),
        ("", False),
    ],
)
def test_text_is_readable_with_nearly_all_of_its_letters(text, readable):
    assert is_readable(text) is readable


def test_text_is_set_as_large_as_fits_with_no_word_cut():
    small = fit_lines("One", width=600, sizes=(100, 50, 20))
    cut = fit_lines("Interdisciplinary", width=600, sizes=(100, 50, 20))
    longest = fit_lines(LONG, width=600, sizes=(100, 50), height=120)

    assert (small.size, cut.size) == (100, 50)
    assert longest.size == 50
    assert len(longest.lines) == 2
    assert longest.lines[-1].endswith("…")
    assert longest.width <= 600


def test_text_can_be_read_on_every_ground():
    assert min(contrast(ink_on(ground), ground) for ground, *_ in PALETTES) >= 4.5


def test_drawing_lets_other_requests_go_on():
    assert int(output_of(DRAW)) > 3

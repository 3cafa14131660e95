import datetime as dt
import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from events.models import EventImage, EventStatus, HostMember, HostRole
from tests.factories import (
    EventFactory,
    HostFactory,
    ReviewFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8
DOT = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


def page_of(client, event):
    response = client.get(event.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def booking_link(event):
    return f'href="/event/{event.slug}/book/"'


def add_image(event, number=0):
    picture = ContentFile(DOT, "dot.gif")
    return EventImage.objects.create(
        event=event, image=picture, alt_text=f"The stage, {number}", position=number
    )


@pytest.mark.parametrize("logged_in", [False, True])
def test_detail_takes_as_many_queries_for_much_as_for_little(request, queries_of, logged_in):
    if logged_in:
        request.getfixturevalue("visitor")
    event = TicketTypeFactory(event__starts_at=days_from_now(-3)).event
    similar = EventFactory(category=event.category)
    TicketTypeFactory(event=similar)
    ReviewFactory(event=event)
    add_image(event)
    for_little = queries_of(event.get_absolute_url())
    TicketTypeFactory.create_batch(5, event=event)
    ReviewFactory.create_batch(12, event=event)
    for number in range(5):
        add_image(event, number)
        TicketTypeFactory.create_batch(2, event=EventFactory(category=event.category))

    assert queries_of(event.get_absolute_url()) == for_little <= MOST_QUERIES


def test_visitors_are_shown_the_same_of_an_event_as_members(client):
    review = ReviewFactory(event__starts_at=days_from_now(-3), rating=4)
    event = review.event
    ReviewFactory(event=event, rating=1)
    first, second = TicketTypeFactory.create_batch(2, event=event)
    TicketTypeFactory(event=event, is_hidden=True)
    pictures = [add_image(event, number) for number in (2, 1)]

    for_visitor = client.get(event.get_absolute_url()).context
    client.force_login(UserFactory())
    for_member = client.get(event.get_absolute_url()).context

    for context in (for_visitor, for_member):
        shown = context["event"]
        assert (shown.review_count, shown.average_rating) == (2, 2.5)
        assert list(shown.offered) == [first, second]
        assert shown.pictures == pictures[::-1]
        assert context["reviews"][-1] == review
    assert for_visitor["reviews"] == for_member["reviews"]


def test_detail_shows_what_when_where_who_and_how_much(client):
    event = EventFactory(
        title="Organ by Candlelight",
        starts_at=dt.datetime(2101, 12, 5, 1, 0, tzinfo=dt.UTC),
        timezone="America/New_York",
        city__name="New York",
        city__country="United States",
        latitude=40.7,
        longitude=-74.0,
        description="# Programme\n\nBach, **mostly**.<script>alert(1)</script>",
    )
    TicketTypeFactory(event=event, name="Balcony", price=Decimal("12.5"), currency="USD")
    TicketTypeFactory(event=event, name="Standing", capacity=5)

    html = page_of(client, event)

    assert "<h1>Organ by Candlelight</h1>" in html
    assert "Sun 4 Dec 2101, 20:00 – 23:00 EST" in html
    assert 'datetime="2101-12-04T20:00:00-05:00"' in html
    assert "America/New_York" in html
    assert "https://www.openstreetmap.org/?mlat=40.7&amp;mlon=-74.0" in html
    assert "New York, United States" in html
    assert "<h3>Programme</h3>" in html
    assert "<strong>mostly</strong>" in html
    assert "<script>alert" not in html
    assert "$12.50" in html
    assert "5 left" in html
    assert event.host.get_absolute_url() in html
    assert booking_link(event) in html


def test_place_without_a_position_is_searched_for_on_the_map(client):
    event = EventFactory(address="Torstraße 1", city__name="Berlin", city__country="Germany")

    html = page_of(client, event)

    assert "openstreetmap.org/search?query=Torstra%C3%9Fe+1%2C+Berlin%2C+Germany" in html


def test_online_event_has_no_map(client):
    html = page_of(client, EventFactory(city=None, is_online=True, venue="", address=""))

    assert "Join from anywhere" in html
    assert "openstreetmap" not in html


@pytest.mark.parametrize(
    ("event", "ticket_type", "said"),
    [
        ({"status": EventStatus.CANCELLED}, {}, "This event was cancelled"),
        ({"starts_at": days_from_now(-3)}, {}, "This event is over"),
        ({}, {"taken": 10}, "Every place is taken"),
        ({}, {"sales_end": days_from_now(-1)}, "Ticket sales have ended"),
        ({}, {"sales_start": days_from_now(1)}, "Tickets are not on sale yet"),
        ({"allows_pay_at_door": False}, {"price": 5}, "cannot be paid for here"),
        ({}, {"is_hidden": True}, "There are no tickets for this event here"),
    ],
)
def test_what_cannot_be_booked_has_no_book_button_and_says_why(client, event, ticket_type, said):
    bookable = TicketTypeFactory().event
    blocked = TicketTypeFactory(event=EventFactory(**event), **ticket_type).event

    assert booking_link(bookable) in page_of(client, bookable)
    assert said not in page_of(client, bookable)
    assert f'class="button book" href="{booking_link(blocked)}' not in page_of(client, blocked)
    assert said in page_of(client, blocked)


def test_free_tickets_can_be_booked_where_paid_ones_cannot(client):
    event = EventFactory(allows_pay_at_door=False)
    TicketTypeFactory(event=event, price=5, capacity=20)
    TicketTypeFactory(event=event, price=0, capacity=4)

    html = page_of(client, event)

    assert booking_link(event) in html
    assert "pay at the door" not in html
    badges = re.findall(r'<span class="badge[^>]*>([^<]*)', html)
    assert badges == ["Not sold here", "4 left"]


def test_start_of_sales_is_said_on_the_clock_of_the_place(client):
    starts = dt.datetime(2101, 6, 1, 8, 0, tzinfo=dt.UTC)
    event = EventFactory(starts_at=starts + dt.timedelta(days=9))
    TicketTypeFactory(event=event, sales_start=starts)

    assert "On sale from Wed 1 Jun 2101, 10:00 CEST" in page_of(client, event)


@pytest.mark.parametrize("who", ["anonymous", "stranger", "owner", "door staff", "staff"])
def test_draft_is_for_the_team_and_staff(client, who):
    host = HostFactory()
    draft = EventFactory(host=host, status=EventStatus.DRAFT)
    users = {
        "stranger": UserFactory(),
        "owner": host.owner,
        "door staff": HostMember.objects.create(
            host=host, user=UserFactory(), role=HostRole.DOOR
        ).user,
        "staff": UserFactory(is_staff=True),
    }
    if who in users:
        client.force_login(users[who])

    response = client.get(draft.get_absolute_url())

    if who in ("anonymous", "stranger"):
        assert response.status_code == 404
    else:
        assert "<strong>Draft.</strong>" in response.content.decode()


def test_unknown_event_is_a_404(client):
    assert client.get("/event/never-was/").status_code == 404


def test_reviews_are_shown_with_their_average_and_ten_at_most(client):
    event = EventFactory(starts_at=days_from_now(-3))
    ReviewFactory(event=event, rating=5, text="Wonderful <b>evening</b>", user__name="Ada Byron")
    ReviewFactory.create_batch(11, event=event, rating=2)
    EventImage.objects.create(event=event, image=ContentFile(DOT, "dot.gif"), alt_text="Stage")

    html = page_of(client, event)

    assert "12 reviews" in html
    assert "2.3" in html  # (5 + 11 × 2) / 12
    assert html.count('<article class="review">') == 10
    assert f'href="/event/{event.slug}/review/"' in html


def test_review_is_shown_as_text_with_the_first_name_only(client):
    review = ReviewFactory(
        event__starts_at=days_from_now(-3), text="Nice <b>one</b>", user__name="Ada Byron"
    )

    html = page_of(client, review.event)

    assert "Nice &lt;b&gt;one&lt;/b&gt;" in html
    assert "<strong>Ada</strong>" in html
    assert "Byron" not in html


def test_event_to_come_asks_for_no_review(client):
    assert "/review/" not in page_of(client, EventFactory())


def test_uploaded_images_take_the_place_of_the_drawn_cover(client):
    event = EventFactory()
    drawn = f"/covers/{event.category.slug}/{event.slug}.svg"
    assert drawn in page_of(client, event)
    image = add_image(event)

    html = page_of(client, event)

    assert drawn not in html
    assert f'src="{image.image.url}" alt="The stage, 0"' in html
    assert f'<meta property="og:image" content="{settings.PUBLIC_URL}{image.image.url}">' in html


def test_page_can_be_shared(client):
    event = EventFactory(title="Fish & Chips", summary="Salt, vinegar.")

    html = page_of(client, event)

    assert f'<link rel="canonical" href="{settings.PUBLIC_URL}/event/{event.slug}/">' in html
    assert '<meta property="og:title" content="Fish &amp; Chips">' in html
    assert '<meta name="description" content="Salt, vinegar.">' in html


def test_event_of_several_days_shows_both_ends(client):
    start = timezone.now().replace(hour=10, minute=0) + dt.timedelta(days=200)
    event = EventFactory(timezone="UTC", starts_at=start, ends_at=start + dt.timedelta(days=2))

    html = page_of(client, event)

    assert f"{start:%H:%M} UTC</time> to <time" in html

"""What triggers note of changes to that which pages show, and how long it is kept."""

import datetime as dt
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from accounts.models import User
from eventmate.pages.members import session_tag
from events.models import (
    Category,
    City,
    Event,
    EventImage,
    Favorite,
    Host,
    HostFollower,
    Listing,
    PageChange,
    Review,
    ReviewReply,
    SharedCapacity,
    TicketStock,
    TicketType,
)
from events.models.triggers import FEW, MOST_TAGS
from events.page_changes import KEPT, changes_since, forget_old_changes
from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    EventImageFactory,
    FavoriteFactory,
    HostFactory,
    HostFollowerFactory,
    ReviewFactory,
    SharedCapacityFactory,
    TicketTypeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MANY = 100
Change = Callable[[Event], object]


@pytest.fixture
def event() -> Event:
    """With one of everything: a stock of MANY places, a picture, and a review with its reply."""
    event = EventFactory()
    hall = SharedCapacityFactory(event=event, capacity=MANY)
    TicketTypeFactory(event=event, capacity=MANY, shared_capacity=hall)
    EventImageFactory(event=event)
    ReviewReply.objects.create(review=ReviewFactory(event=event), text="Thanks.")
    FavoriteFactory(event=event)
    HostFollowerFactory(host=event.host)
    write_down_at_once()
    PageChange.objects.all().delete()
    return event


def write_down_at_once() -> None:
    """Run the triggers that wait for the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def noted_by(change: Callable[[], object]) -> set[str]:
    PageChange.objects.all().delete()
    change()
    write_down_at_once()
    return set(PageChange.objects.values_list("tag", flat=True))


def stock_of(event: Event) -> Any:
    return TicketStock.objects.filter(ticket_type__event=event)


EVENT, HOST, KEEPER = "event:{event.pk}", "host:{event.host_id}", "user:{keeper}"
LISTS = {
    "list",
    "in-city:{event.city_id}",
    "in-category:{event.category_id}",
    "in-host:{event.host_id}",
}

# What somebody does, and what pages show otherwise from then on.
CHANGES: dict[str, tuple[Change, set[str]]] = {
    "title": (lambda event: Event.objects.update(title="Swing"), {EVENT, *LISTS}),
    "cancelled": (lambda event: Event.objects.update(status="cancelled"), {EVENT, *LISTS}),
    "withdrawn": (lambda event: Event.objects.update(status="draft"), {EVENT, *LISTS}),
    "deleted": (lambda event: Event.objects.all().delete(), {EVENT, HOST, *LISTS, KEEPER}),
    "moved": (
        lambda event: Event.objects.update(city=CityFactory(pk=1_000_001)),
        {EVENT, *LISTS, "in-city:1000001", "names"},
    ),
    "ticket type added": (lambda event: TicketTypeFactory(event=event), {EVENT, *LISTS}),
    "price": (lambda event: TicketType.objects.update(price=12), {EVENT, *LISTS}),
    "ticket type hidden": (
        lambda event: TicketType.objects.update(is_hidden=True),
        {EVENT, *LISTS},
    ),
    "ticket type removed": (lambda event: TicketType.objects.all().delete(), {EVENT, *LISTS}),
    "stock removed": (lambda event: stock_of(event).delete(), {EVENT, *LISTS}),
    "capacity": (lambda event: stock_of(event).update(capacity=MANY - 1), {EVENT}),
    "someone waits": (lambda event: stock_of(event).update(waiting=1), {EVENT, *LISTS}),
    "shares nothing": (lambda event: stock_of(event).update(shared_capacity=None), {EVENT, *LISTS}),
    "one of many sold": (lambda event: stock_of(event).update(taken=1), set()),
    "few are left": (lambda event: stock_of(event).update(taken=MANY - FEW), {EVENT}),
    "sold out": (lambda event: stock_of(event).update(taken=MANY), {EVENT, *LISTS}),
    "hall larger": (lambda event: SharedCapacity.objects.update(capacity=MANY + 1), {EVENT}),
    "one of a hall sold": (lambda event: SharedCapacity.objects.update(taken=1), set()),
    "hall nearly full": (lambda event: SharedCapacity.objects.update(taken=MANY - 1), {EVENT}),
    "hall full": (lambda event: SharedCapacity.objects.update(taken=MANY), {EVENT, *LISTS}),
    "picture added": (lambda event: EventImageFactory(event=event), {EVENT}),
    "picture described": (lambda event: EventImage.objects.update(alt_text="A cat"), {EVENT}),
    "picture removed": (lambda event: EventImage.objects.all().delete(), {EVENT}),
    "review added": (lambda event: ReviewFactory(event=event), {EVENT, HOST}),
    "review changed": (lambda event: Review.objects.update(rating=1), {EVENT, HOST}),
    "review removed": (lambda event: Review.objects.all().delete(), {EVENT, HOST}),
    "reply changed": (lambda event: ReviewReply.objects.update(text="Sorry."), {EVENT}),
    "reply removed": (lambda event: ReviewReply.objects.all().delete(), {EVENT}),
    "host renamed": (lambda event: Host.objects.update(name="Blue"), {HOST, "names", *LISTS}),
    "city renamed": (
        lambda event: City.objects.update(name="Köln"),
        {"city:{event.city_id}", "names", *LISTS},
    ),
    "category renamed": (
        lambda event: Category.objects.update(name="Noise"),
        {"category:{event.category_id}", "names", *LISTS},
    ),
    "listed again": (lambda event: Listing.objects.all().delete(), LISTS),
    "more popular": (lambda event: Listing.objects.update(popularity=9), set()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_change_is_noted_for_what_shows_it(event: Event, name: str) -> None:
    change, tags = CHANGES[name]
    keeper = Favorite.objects.get().user_id
    expected = {tag.format(event=event, keeper=keeper) for tag in tags}

    assert noted_by(lambda: change(event)) == expected


def test_publishing_is_noted_for_the_lists(event: Event) -> None:
    other = EventFactory(status="draft", city=event.city, host=event.host)
    lists = {tag.format(event=other) for tag in LISTS}

    published = noted_by(lambda: Event.objects.filter(pk=other.pk).update(status="published"))

    assert published == {f"event:{other.pk}"} | lists


def test_first_events_of_cities_and_hosts_are_noted_for_the_names(event: Event) -> None:
    known = {"category": event.category, "host": event.host, "city": event.city}
    city, host = CityFactory(), HostFactory()

    def names_are_noted(*, count: int = 1, **others: object) -> bool:
        drafts = EventFactory.create_batch(count, status="draft", **known | others)
        ids = [draft.pk for draft in drafts]
        at_once = Event.objects.filter(pk__in=ids)
        return "names" in noted_by(lambda: at_once.update(status="published"))

    assert not names_are_noted()
    assert names_are_noted(city=city)
    assert not names_are_noted(city=city)
    assert names_are_noted(host=host)
    assert names_are_noted(city=CityFactory(), count=2)
    assert not names_are_noted(city=None, is_online=True)
    assert names_are_noted(city=None, is_online=True, host=HostFactory())


def test_new_category_is_noted_for_the_names() -> None:
    assert "names" in noted_by(CategoryFactory)


def test_event_that_moves_to_another_list_is_noted_for_both(event: Event) -> None:
    before, other = event.category_id, CategoryFactory()

    noted = noted_by(lambda: Event.objects.update(category=other))

    assert {f"in-category:{before}", f"in-category:{other.pk}"} <= noted


def test_few_places_left_are_noted_one_by_one(event: Event) -> None:
    stock_of(event).update(taken=MANY - FEW)

    for taken in (MANY - FEW + 1, MANY - FEW, MANY - FEW - 1):
        assert f"event:{event.pk}" in noted_by(
            lambda taken=taken: stock_of(event).update(taken=taken)
        )
    assert noted_by(lambda: stock_of(event).update(taken=MANY - FEW - 2)) == set()


def test_favourite_is_noted_for_who_keeps_it(event: Event) -> None:
    user = UserFactory()
    expected = {f"user:{user.pk}"}

    assert noted_by(lambda: FavoriteFactory(event=event, user=user)) == expected
    assert noted_by(lambda: Favorite.objects.filter(user=user).delete()) == expected


def test_follower_is_noted_for_the_host_and_for_themselves() -> None:
    host, user = HostFactory(), UserFactory()
    expected = {f"user:{user.pk}", f"host:{host.pk}"}

    assert noted_by(lambda: HostFollowerFactory(host=host, user=user)) == expected
    assert noted_by(lambda: HostFollower.objects.update(is_mailed=False)) == set()
    assert noted_by(HostFollower.objects.all().delete) == expected


@pytest.mark.parametrize(
    ("column", "value", "is_noted"),
    [
        ("name", "Grace", True),
        ("email", "grace@example.com", True),
        ("password", "!", True),
        ("is_active", False, True),
        ("last_login", timezone.now(), False),
        ("language", "de", False),
    ],
)
def test_member_is_noted_where_pages_know_of_the_change(
    column: str, value: object, is_noted: bool
) -> None:
    user = UserFactory()
    users = User.objects.filter(pk=user.pk)

    noted = noted_by(lambda: users.update(**{column: value}))

    assert noted == ({f"user:{user.pk}"} if is_noted else set())
    assert noted_by(users.delete) == {f"user:{user.pk}"}


def test_session_that_ends_is_noted_without_its_key() -> None:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    assert noted_by(session.create) == set()
    key = session.session_key

    noted = noted_by(Session.objects.all().delete)

    assert noted == {session_tag(key)}
    assert key not in str(noted)


@pytest.mark.parametrize(("rows", "is_everything"), [(MOST_TAGS - 1, False), (MOST_TAGS, True)])
def test_very_many_rows_in_one_statement_are_noted_as_everything(
    rows: int, is_everything: bool
) -> None:
    """Cities have a tag each, and one for all names."""
    City.objects.bulk_create(CityFactory.build_batch(rows))

    noted = noted_by(lambda: City.objects.update(latitude=1))

    assert (noted == {"everything"}) == is_everything
    assert len(noted) == (1 if is_everything else rows + 1)


def test_nothing_is_noted_of_a_statement_without_rows() -> None:
    assert noted_by(Event.objects.filter(pk=-1).delete) == set()
    assert noted_by(lambda: Event.objects.update(title="Swing")) == set()


def test_old_notes_are_forgotten_and_no_others() -> None:
    now = timezone.now()
    for tag, age in [("old", KEPT + dt.timedelta(minutes=1)), ("recent", KEPT / 2)]:
        PageChange.objects.create(transaction_id=1, tag=tag, noted_at=now - age)

    forget_old_changes()

    assert list(PageChange.objects.values_list("tag", flat=True)) == ["recent"]


def test_who_asks_for_the_first_time_is_told_no_changes() -> None:
    EventFactory()
    with connection.cursor() as cursor:
        snapshot, changes = changes_since(cursor.cursor, None)

    assert changes == []
    assert snapshot.count(":") == 2

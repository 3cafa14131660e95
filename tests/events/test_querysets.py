"""What the pages do not show of the querysets' rules, and what other apps rely on."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.http import Http404

from events.availability import offer_of
from events.cards import load_cards
from events.detail import event_to_show_or_404
from events.models import (
    Event,
    EventImage,
    Host,
    HostMember,
    HostRole,
    TicketType,
)
from events.templatetags.cards import card
from tests.factories import (
    EventFactory,
    FavoriteFactory,
    HostFactory,
    ReviewFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", [AnonymousUser, UserFactory])
def test_cards_need_two_queries(django_assert_num_queries, who):
    user = who()
    TicketTypeFactory.create_batch(3)

    with django_assert_num_queries(2):
        shown = [
            (event.city.name, event.category.name, offer_of(event).left)
            for event in Event.objects.for_listing(user)
        ]

    assert len(shown) == 3


@pytest.mark.parametrize("who", [AnonymousUser, UserFactory])
def test_loaded_cards_need_two_queries_and_are_in_the_order_asked_for(
    django_assert_num_queries, who
):
    user = who()
    first, second, draft = EventFactory.create_batch(3)
    TicketTypeFactory(event=first, price=3)
    TicketTypeFactory(event=first, price=2, position=1)
    TicketTypeFactory(event=first, is_hidden=True)
    Event.objects.filter(pk=draft.pk).update(status="draft")
    FavoriteFactory(event=second)
    if user.is_authenticated:
        FavoriteFactory(event=first, user=user)
    load_cards([first.pk], user)

    with django_assert_num_queries(2):
        events = load_cards([second.pk, draft.pk, first.pk, 0], user)
        for event in events:
            assert card(event)

    assert events == [second, first]
    assert [[row.price for row in event.offered] for event in events] == [[], [3, 2]]
    assert [event.is_favorite for event in events] == [False, user.is_authenticated]
    assert load_cards([], user) == []


@pytest.mark.parametrize("who", [AnonymousUser, UserFactory])
def test_event_to_show_is_loaded_in_three_queries_for_whoever_sees_it(
    django_assert_num_queries, who
):
    user = who()
    event = TicketTypeFactory().event
    FavoriteFactory.create_batch(2, event=event)
    if user.is_authenticated:
        FavoriteFactory(event=event, user=user)
    event_to_show_or_404(slug=event.slug, user=user)

    with django_assert_num_queries(3):
        shown = event_to_show_or_404(slug=event.slug, user=user)
        assert (shown.host.name, shown.pictures) == (event.host.name, [])

    assert len(shown.offered) == 1
    assert shown.is_favorite is user.is_authenticated
    with pytest.raises(Http404):
        event_to_show_or_404(slug=EventFactory(status="draft").slug, user=user)


def test_draft_is_shown_to_the_team_of_its_host():
    draft = EventFactory(status="draft")
    member = UserFactory()
    HostMember.objects.create(host=draft.host, user=member, role=HostRole.MANAGER)

    assert event_to_show_or_404(slug=draft.slug, user=member) == draft


def test_running_event_is_upcoming_and_not_past():
    running = EventFactory(starts_at=days_from_now(-1), ends_at=days_from_now(1))
    over = EventFactory(starts_at=days_from_now(-3))

    assert list(Event.objects.upcoming()) == [running]
    assert list(Event.objects.past()) == [over]


def test_annotations_do_not_multiply_each_other():
    event = EventFactory()
    TicketTypeFactory(event=event, price=20, capacity=50, taken=5)
    TicketTypeFactory(event=event, price=10, capacity=30, taken=7)
    TicketTypeFactory(event=event, price=1, is_hidden=True, capacity=1, taken=1)
    FavoriteFactory.create_batch(3, event=event)
    ReviewFactory(event=event, rating=5)
    ReviewFactory(event=event, rating=2)
    user = FavoriteFactory(event=event).user

    rated = Event.objects.for_detail(user).get()
    counted = Event.objects.for_listing(user).with_capacity().get()

    assert (rated.review_count, rated.average_rating, rated.is_favorite) == (2, 3.5, True)
    assert (counted.places_taken, counted.capacity) == (13, 81)


def test_ticket_type_whose_stock_is_missing_is_not_offered():
    complete = TicketTypeFactory()
    TicketType.objects.create(event=complete.event, name="Without stock")

    [event] = Event.objects.for_listing(AnonymousUser())

    assert event.offered == [complete]


def test_cover_is_the_first_image_by_position():
    event = EventFactory()
    pixel = bytes.fromhex(
        "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
    )
    for position in (2, 1):
        EventImage.objects.create(
            event=event, image=ContentFile(pixel, "a.gif"), alt_text="", position=position
        )

    [listed] = Event.objects.for_listing(AnonymousUser())

    assert listed.cover_image == EventImage.objects.get(position=1).image.name


def test_owner_who_is_on_the_team_too_has_the_host_once():
    host = HostFactory()
    HostMember.objects.create(host=host, user=host.owner, role=HostRole.MANAGER)
    HostFactory()

    assert list(Host.objects.of_user(host.owner)) == [host]

import threading

import pytest
from django.db import connection, transaction
from django.db.models import BooleanField, F, Func
from django.test.utils import CaptureQueriesContext

from eventmate.kept_queries import Fragment, IsOneOf, KeptQuery, Parameter, Piece, attach
from events.models import Event, TicketType
from tests.factories import EventFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


class IsTrue(Func):
    template = "(%(expressions)s)"
    output_field = BooleanField()


BY_SLUG = KeptQuery(
    lambda: Event.objects.filter(slug=Parameter("slug"), title__gt="").select_related("city")
)
BY_ID = KeptQuery(
    lambda: Event.objects.filter(IsOneOf(F("pk"), Parameter("ids"))).prefetch_related(
        "ticket_types"
    )
)
BY_CONDITION = KeptQuery(
    lambda: Event.objects.filter(IsTrue(Fragment("condition")), slug=Parameter("slug"))
)


def test_each_call_gets_what_it_asks_for():
    one, other = EventFactory.create_batch(2)

    assert BY_SLUG.rows(slug=one.slug) == [one]
    assert BY_SLUG.rows(slug=other.slug) == [other]
    assert BY_SLUG.rows(slug="' OR '' = '") == []
    assert BY_SLUG.rows(slug=one.slug) == [one]


def test_each_call_gives_the_sql_of_a_fragment():
    jazz, rock = EventFactory(title="Jazz"), EventFactory(title="Rock")

    def titled(sql, *texts):
        return BY_CONDITION.rows(condition=Piece(sql, texts), slug=jazz.slug)

    assert titled("title = %s", "Jazz") == [jazz]
    assert titled("title = %s OR title = %s", "Rock", "100%") == []
    assert titled("title LIKE %s AND %s = 'jazz'", "J%", "jazz") == [jazz]
    assert titled("NOT (title = %s)", rock.title) == [jazz]


def test_rows_are_those_of_now_and_of_nobody_else():
    event = EventFactory(title="Before")
    (first,) = BY_SLUG.rows(slug=event.slug)
    Event.objects.update(title="After")

    (second,) = BY_SLUG.rows(slug=event.slug)

    assert (first.title, second.title) == ("Before", "After")
    assert second is not first


def test_what_is_loaded_with_the_rows_needs_no_more_queries():
    event = TicketTypeFactory().event
    BY_SLUG.rows(slug=""), BY_ID.rows(ids=[])

    with CaptureQueriesContext(connection) as captured:
        (named,) = BY_SLUG.rows(slug=event.slug)
        (numbered,) = BY_ID.rows(ids=[event.pk, 0])
        assert named.city == event.city
        assert list(numbered.ticket_types.all()) == list(TicketType.objects.all())

    assert len(captured) == 4


def test_rows_stand_for_what_is_related_as_if_they_had_been_prefetched():
    own, other = TicketTypeFactory(), TicketTypeFactory()
    event = own.event
    attach(event, "ticket_types", [own])

    with CaptureQueriesContext(connection) as captured:
        assert list(event.ticket_types.all()) == [own]
        assert event.ticket_types.all()[0] is own
    assert not captured

    assert list(event.ticket_types.exclude(pk=0)) == [own]
    assert not event.ticket_types.filter(pk=other.pk)


@pytest.mark.parametrize("ids", [[], [0], [2**62]])
def test_list_can_name_nothing(ids):
    EventFactory()

    assert BY_ID.rows(ids=ids) == []


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_by_its_own_connection():
    event = EventFactory(title="Before")
    BY_SLUG.rows(slug=event.slug)
    seen: list[str] = []

    def look():
        try:
            seen.extend(row.title for row in BY_SLUG.rows(slug=event.slug))
        finally:
            connection.close()

    with transaction.atomic():
        Event.objects.update(title="After")
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        seen.extend(row.title for row in BY_SLUG.rows(slug=event.slug))

    assert seen == ["Before", "After"]

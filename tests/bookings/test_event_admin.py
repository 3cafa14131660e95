from collections.abc import Iterable
from typing import Any

import pytest

from bookings.models import (
    Booking,
    BookingStatus,
    Message,
    MessageKind,
    Notice,
    NoticeKind,
    WaitlistEntry,
    WaitlistStatus,
)
from bookings.services.notices import carry_out
from bookings.services.waitlist import join_waitlist
from events.models import Event, EventStatus, TicketStock, TicketType
from tests.admin_pages import listed, run_action, text
from tests.factories import BookingFactory, CityFactory, HoldFactory, TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db

BOOKINGS = "/admin/bookings/booking/"
EVENTS = "/admin/events/event/"


def booked_event(title: str = "Jazz", status: str = BookingStatus.CONFIRMED) -> Event:
    ticket_type = TicketTypeFactory(event__title=title)
    BookingFactory(event=ticket_type.event, tickets=[ticket_type], status=status)
    return ticket_type.event


def change_page(event: Event) -> str:
    return f"{EVENTS}{event.pk}/change/"


def saved(client: Any, event: Event, without: Iterable[str] = (), **changes: str) -> str:
    """Change fields of an event on its page, and return the page that answers."""
    fields = submission(text(client.get(change_page(event)))) | changes
    for name in without:
        del fields[name]
    response = client.post(change_page(event), fields, follow=True)
    assert response.redirect_chain, response.context["errors"]
    return text(response)


def place(event: Event) -> str:
    return f"{event.venue}, {event.address}, {event.city}"


class TestEventsWithBookings:
    def test_list_how_many_hold_places(self, admin_client: Any) -> None:
        ticket_type = TicketTypeFactory()
        event = ticket_type.event
        BookingFactory(event=event, tickets=[ticket_type])
        HoldFactory(event=event, tickets=[ticket_type])
        BookingFactory(event=event, status=BookingStatus.CANCELLED)

        page = text(admin_client.get(EVENTS))

        assert f'<a href="{BOOKINGS}?event={event.pk}">2</a>' in page
        assert listed(admin_client.get(f"{BOOKINGS}?event={event.pk}")) == {
            booking.reference for booking in Booking.objects.all()
        }

    def test_cannot_be_deleted_and_say_why(self, admin_client: Any) -> None:
        event = booked_event(title="Late Jazz")
        reason = "“Late Jazz” has 1 booking, old ones included."
        page = f"{EVENTS}{event.pk}/delete/"

        assert reason in text(admin_client.get(page))
        assert reason in text(admin_client.post(page, {"post": "yes"}))
        assert reason in text(
            run_action(admin_client, EVENTS, "delete_selected", event, post="yes")
        )
        assert Event.objects.filter(pk=event.pk).exists()

    @pytest.mark.parametrize("status", [BookingStatus.CONFIRMED, BookingStatus.CANCELLED])
    def test_keep_ticket_types_that_have_tickets(self, admin_client: Any, status: str) -> None:
        event = booked_event(status=status)
        page = f"{EVENTS}{event.pk}/change/"
        fields = submission(text(admin_client.get(page))) | {"ticket_types-0-DELETE": "on"}

        response = admin_client.post(page, fields)

        assert response.status_code == 200
        assert "“Standard” has 1 ticket, old ones included, and cannot be deleted." in text(
            response
        )
        assert TicketType.objects.exists()

    def test_lead_to_what_was_sold_and_to_what_sells(self, admin_client: Any) -> None:
        event = booked_event()
        page = text(admin_client.get(change_page(event)))

        assert f'<a href="{BOOKINGS}?event={event.pk}">1 booking</a>' in page
        assert f'"/admin/bookings/promocode/?event={event.pk}">0 promo codes</a>' in page
        assert f'"/admin/bookings/promocode/add/?event={event.pk}">add a promo code</a>' in page
        assert f'"/admin/bookings/waitlistentry/?event={event.pk}">0 waitlist entries</a>' in page

    def test_have_rules_for_booking(self, admin_client: Any) -> None:
        event = booked_event()
        saved(admin_client, event, max_tickets_per_booking="4", cancellation_hours="")

        event.refresh_from_db()
        assert (event.max_tickets_per_booking, event.cancellation_hours) == (4, None)

    def test_show_how_many_wait(self, admin_client: Any) -> None:
        event = booked_event()
        TicketStock.objects.update(waiting=7)

        page = text(admin_client.get(change_page(event)))

        assert '<div class="readonly">7</div>' in page


class TestCancelling:
    def test_says_how_many_it_is_about(self, admin_client: Any) -> None:
        event, _ = booked_event(), booked_event()
        HoldFactory(event=event, tickets=[event.ticket_types.get()])

        page = text(run_action(admin_client, EVENTS, "cancel_selected", event))

        assert "2 bookings with 2 tickets will be cancelled for good" in page
        assert "1 buyer will be told by mail" in page

    def test_cancels_the_bookings_and_tells_the_buyers(self, admin_client: Any) -> None:
        event, other = booked_event(), booked_event()
        question = run_action(admin_client, EVENTS, "cancel_selected", event)

        answer = admin_client.post(EVENTS, submission(text(question)), follow=True)

        assert "1 event cancelled." in text(answer)
        notice = Notice.objects.get()
        assert (notice.event, notice.kind) == (event, NoticeKind.CANCELLED)
        carry_out(notice)
        assert event.bookings.get().status == BookingStatus.CANCELLED
        assert other.bookings.get().is_confirmed
        assert Message.objects.get().kind == MessageKind.CANCELLATION

    def test_of_a_draft_is_refused(self, admin_client: Any) -> None:
        event = booked_event()
        Event.objects.update(status=EventStatus.DRAFT)

        page = text(run_action(admin_client, EVENTS, "cancel_selected", event, confirmed="yes"))

        assert "Nobody has seen this draft" in page
        assert event.bookings.get().is_confirmed


class TestTelling:
    @pytest.mark.parametrize(
        ("field", "value", "old"),
        [
            ("starts_time", "18:45", "old_time"),
            ("is_all_day", "on", "old_time"),
            ("timezone", "America/New_York", "old_time"),
            ("venue", "The Yard", "old_place"),
            ("address", "Elsewhere 1", "old_place"),
            ("is_online", "on", "old_place"),
        ],
    )
    def test_buyers_of_a_new_time_or_place_with_the_old_one(
        self, admin_client: Any, field: str, value: str, old: str
    ) -> None:
        event = booked_event()
        before = {"old_time": str(event.schedule), "old_place": place(event)}

        page = saved(admin_client, event, **{field: value}, words_to_buyers="So sorry.")

        notice = Notice.objects.get()
        kept = {"old_time": notice.old_time, "old_place": notice.old_place}
        assert kept == {"old_time": "", "old_place": ""} | {old: before[old]}
        assert (notice.kind, notice.text) == (NoticeKind.CHANGED, "So sorry.")
        assert "1 buyer is being told." in page

    def test_buyers_of_another_city(self, admin_client: Any) -> None:
        event = booked_event()
        before = place(event)

        saved(admin_client, event, city=str(CityFactory(name="Oslo").pk))

        assert Notice.objects.get().old_place == before

    def test_nobody_where_that_is_not_wanted(self, admin_client: Any) -> None:
        event = booked_event()

        saved(admin_client, event, without=["tell_buyers"], venue="The Yard")

        event.refresh_from_db()
        assert event.venue == "The Yard"
        assert not Notice.objects.exists()

    @pytest.mark.parametrize(
        ("venue", "without", "said"),
        [
            ("Blue Room", [], "neither is new"),
            ("The Yard", ["tell_buyers"], "Tick the box above"),
        ],
    )
    def test_words_that_nobody_would_be_sent_are_not_dropped(
        self, admin_client: Any, venue: str, without: list[str], said: str
    ) -> None:
        event = booked_event()

        fields = submission(text(admin_client.get(change_page(event))))
        fields |= {"venue": venue, "words_to_buyers": "So sorry."}
        sent = {name: value for name, value in fields.items() if name not in without}
        page = text(admin_client.post(change_page(event), sent))

        assert said in page
        assert "So sorry." in page
        assert not Notice.objects.exists()

    @pytest.mark.parametrize(
        "changes", [{}, {"title": "Later Jazz"}, {"max_tickets_per_booking": "3"}]
    )
    def test_nobody_where_neither_changed(self, admin_client: Any, changes: dict[str, str]) -> None:
        saved(admin_client, booked_event(), **changes)

        assert not Notice.objects.exists()

    @pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.EXPIRED])
    def test_nobody_where_nobody_comes(self, admin_client: Any, status: str) -> None:
        page = saved(admin_client, booked_event(status=status), venue="The Yard")

        assert not Notice.objects.exists()
        assert "being told" not in page

    def test_is_for_published_events(self, admin_client: Any) -> None:
        event = booked_event()
        Event.objects.update(status=EventStatus.DRAFT)

        assert 'name="tell_buyers"' not in text(admin_client.get(change_page(event)))
        saved(admin_client, event, venue="The Yard", tell_buyers="on")
        assert not Notice.objects.exists()
        assert 'name="tell_buyers"' not in text(admin_client.get(f"{EVENTS}add/"))


class TestWaiting:
    @pytest.fixture
    def entry(self) -> WaitlistEntry:
        ticket_type = TicketTypeFactory(capacity=1)
        BookingFactory(event=ticket_type.event, tickets=[ticket_type])
        return join_waitlist(
            ticket_type=TicketType.objects.get(), quantity=1, name="Ada", email="a@example.com"
        )

    def test_people_are_offered_places_that_are_added(
        self, admin_client: Any, entry: WaitlistEntry, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            saved(admin_client, entry.ticket_type.event, **{"ticket_types-0-capacity": "2"})

        entry.refresh_from_db()
        assert entry.status == WaitlistStatus.OFFERED

    @pytest.mark.parametrize("way", ["action", "button"])
    def test_people_are_offered_places_once_the_event_is_published(
        self,
        admin_client: Any,
        entry: WaitlistEntry,
        django_capture_on_commit_callbacks: Any,
        way: str,
    ) -> None:
        event = entry.ticket_type.event
        Event.objects.update(status=EventStatus.DRAFT)
        TicketStock.objects.update(capacity=2)

        with django_capture_on_commit_callbacks(execute=True):
            if way == "action":
                run_action(admin_client, EVENTS, "publish_selected", event)
            else:
                saved(admin_client, event, _publish="1")

        entry.refresh_from_db()
        assert entry.status == WaitlistStatus.OFFERED

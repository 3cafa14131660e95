"""A host cancels a whole event and watches how everyone is told."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from bookings.models import BookingStatus, Message, MessageKind, MessageState, Notice
from bookings.services.notices import carry_out
from events.models import Event, EventStatus
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.factories import HoldFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    event = hosted_event(client)
    booked(event, 2)
    booked(event, 1)
    return event


def cancelled(client: Client, event: Event, text: str = "") -> Notice:
    response = client.post(page_of(event, "hosted_cancel_event"), {"text": text})
    notice = Notice.objects.latest("pk")
    assert response.headers["Location"] == page_of(event, "hosted_notice", notice.pk)
    return notice


class TestCancellingAnEvent:
    def test_says_how_many_it_is_about_and_changes_nothing_yet(
        self, client: Client, event: Event
    ) -> None:
        HoldFactory(event=event, tickets=[event.ticket_types.get()])

        page = client.get(page_of(event, "hosted_cancel_event")).content.decode()

        assert "<strong>3 bookings</strong> with <strong>4 tickets</strong>" in page
        assert "2 buyers will be told" in page
        event.refresh_from_db()
        assert event.is_published

    def test_cancels_it_with_all_bookings_and_tells_everyone(
        self, client: Client, event: Event
    ) -> None:
        notice = cancelled(client, event, "The roof leaks.")
        event.refresh_from_db()
        assert event.is_cancelled
        assert (notice.text, notice.by) == ("The roof leaks.", event.host.owner)

        carry_out(notice)

        assert {booking.status for booking in event.bookings.all()} == {BookingStatus.CANCELLED}
        messages = Message.objects.filter(notice=notice, kind=MessageKind.CANCELLATION)
        assert messages.count() == 2

    def test_twice_leads_to_the_same_notice(self, client: Client, event: Event) -> None:
        notice = cancelled(client, event)

        again = client.get(page_of(event, "hosted_cancel_event"))

        assert again.headers["Location"] == page_of(event, "hosted_notice", notice.pk)
        assert cancelled(client, event) == notice
        assert Notice.objects.count() == 1

    @pytest.mark.parametrize("why", ["draft", "over", "cancelled"])
    def test_is_not_offered_where_it_makes_no_sense(
        self, client: Client, event: Event, why: str
    ) -> None:
        if why == "over":
            past = timezone.now() - dt.timedelta(days=1)
            Event.objects.update(starts_at=past - dt.timedelta(hours=3), ends_at=past)
        else:
            Event.objects.update(status=why)
            event.bookings.update(status=BookingStatus.CANCELLED)
        status_before = Event.objects.get().status
        page = page_of(event, "hosted_cancel_event")

        assert 'class="danger"' not in client.get(page).content.decode()
        assert client.post(page, {"text": ""}).status_code == 409
        assert page not in client.get(page_of(event, "hosted_bookings")).content.decode() or (
            why == "cancelled"
        )
        assert not Notice.objects.exists()
        assert Event.objects.get().status == status_before

    def test_of_one_that_an_import_cancelled_ends_its_bookings(
        self, client: Client, event: Event
    ) -> None:
        Event.objects.update(status=EventStatus.CANCELLED)

        carry_out(cancelled(client, event))

        assert {booking.status for booking in event.bookings.all()} == {BookingStatus.CANCELLED}

    def test_refuses_more_words_than_a_mail_has_room_for(
        self, client: Client, event: Event
    ) -> None:
        answer = client.post(page_of(event, "hosted_cancel_event"), {"text": "x" * 2001})

        assert answer.status_code == 400
        event.refresh_from_db()
        assert event.is_published


class TestWatching:
    def test_shows_progress_and_reloads_until_everyone_was_told(
        self, client: Client, event: Event
    ) -> None:
        notice = cancelled(client, event, "The <b>roof</b> leaks.")
        address = page_of(event, "hosted_notice", notice.pk)

        page = client.get(address).content.decode()
        assert "0 of 2" in page
        assert "We are at it." in page
        assert 'http-equiv="refresh"' in page
        assert "The &lt;b&gt;roof&lt;/b&gt; leaks." in page

        carry_out(notice)
        page = client.get(address).content.decode()
        assert "2 of 2" in page
        assert "The mails are on their way." in page
        assert 'http-equiv="refresh"' in page

        Message.objects.update(state=MessageState.SENT)
        page = client.get(address).content.decode()
        assert "Everyone was told." in page
        assert 'http-equiv="refresh"' not in page
        assert "hx-trigger" not in page

    def test_leads_to_mails_that_failed(self, client: Client, event: Event) -> None:
        notice = cancelled(client, event)
        carry_out(notice)
        Message.objects.update(state=MessageState.FAILED)

        page = client.get(page_of(event, "hosted_notice", notice.pk)).content.decode()

        assert "2 mails failed" in page
        assert f"{page_of(event, 'hosted_bookings')}?show=mail_failed" in page

    def test_of_an_event_that_nobody_booked_is_done(self, client: Client) -> None:
        event = hosted_event(client)
        notice = cancelled(client, event)
        carry_out(notice)

        page = client.get(page_of(event, "hosted_notice", notice.pk)).content.decode()

        assert "There was nobody to tell." in page

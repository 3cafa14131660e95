"""Mails, notices, waiting lists and checks of the inventory, which admins look at."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.actors import SYSTEM
from bookings.models import (
    InventoryCheck,
    Message,
    MessageKind,
    MessageState,
    WaitlistEntry,
    WaitlistStatus,
)
from bookings.services.notices import carry_out, tell_of_change
from bookings.services.waitlist import join_waitlist
from events.models import TicketStock
from tests.admin_pages import listed, run_action, text
from tests.bookings.hosted import mail
from tests.factories import BookingFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db

MESSAGES = "/admin/bookings/message/"
NOTICES = "/admin/bookings/notice/"
WAITLIST = "/admin/bookings/waitlistentry/"
CHECKS = "/admin/bookings/inventorycheck/"


def waiting(**fields: Any) -> WaitlistEntry:
    ticket_type = TicketTypeFactory(capacity=1, taken=1)
    return join_waitlist(
        ticket_type=ticket_type,
        **{"quantity": 1, "name": "Ada", "email": f"{uuid.uuid4().hex}@example.com"} | fields,
    )


class TestMessages:
    def test_are_filtered_by_state_kind_and_event(self, admin_client: Any) -> None:
        failed = mail(BookingFactory(), MessageState.FAILED)
        sent = mail(BookingFactory(), MessageState.SENT, MessageKind.REMINDER_DAY)

        for query, found in [
            ("state__exact=failed", failed),
            ("kind__exact=reminder_day", sent),
            (f"event={failed.booking.event_id}", failed),
            (f"q={sent.booking.reference}", sent),
        ]:
            response = admin_client.get(f"{MESSAGES}?{query}")
            assert [row.pk for row in response.context["cl"].result_list] == [found.pk]

    def test_say_what_they_are_about_and_why_they_failed(self, admin_client: Any) -> None:
        entry = waiting()
        message = mail(BookingFactory(), MessageState.FAILED, error="550 No such mailbox")

        page = text(admin_client.get(MESSAGES))

        assert "550 No such mailbox" in page
        assert f"/admin/bookings/booking/{message.booking_id}/change/" in page
        assert f"{WAITLIST}{entry.pk}/change/" in page
        assert "550 No such mailbox" in text(admin_client.get(f"{MESSAGES}{message.pk}/change/"))

    def test_can_be_sent_again_where_that_is_of_use(self, admin_client: Any) -> None:
        failed = mail(BookingFactory(), MessageState.FAILED)
        reminder = mail(BookingFactory(), MessageState.FAILED, MessageKind.REMINDER_DAY)
        entry = waiting()
        Message.objects.filter(waitlist_entry=entry).update(state=MessageState.FAILED)
        told = entry.messages.get()

        page = text(run_action(admin_client, MESSAGES, "send_again", failed, reminder, told))

        again = Message.objects.filter(state=MessageState.QUEUED)
        assert {(row.booking, row.waitlist_entry) for row in again} == {
            (failed.booking, None),
            (None, entry),
        }
        assert "2 messages sent again." in page
        assert "This mail is no longer of use to anyone." in page

    def test_can_be_sent_again_only_by_those_who_may_change_them(self, client: Client) -> None:
        staff = UserFactory(is_staff=True)
        staff.user_permissions.add(Permission.objects.get(codename="view_message"))
        client.force_login(staff)
        failed = mail(BookingFactory(), MessageState.FAILED)

        run_action(client, MESSAGES, "send_again", failed)

        assert Message.objects.count() == 1


class TestWaitingLists:
    def test_are_filtered_by_event_and_status(self, admin_client: Any) -> None:
        entry, left = waiting(), waiting()
        WaitlistEntry.objects.filter(pk=left.pk).update(status=WaitlistStatus.LEFT)

        for query, found in [
            ("status__exact=left", left),
            (f"event={entry.ticket_type.event_id}", entry),
            (f"q={entry.email}", entry),
        ]:
            assert listed(admin_client.get(f"{WAITLIST}?{query}")) == {str(found)}

    def test_let_someone_go_and_count_them_no_more(self, admin_client: Any) -> None:
        entry = waiting()
        assert TicketStock.objects.get().waiting == 1

        page = text(run_action(admin_client, WAITLIST, "remove_selected", entry))

        entry.refresh_from_db()
        assert entry.status == WaitlistStatus.LEFT
        assert TicketStock.objects.get().waiting == 0
        assert "1 waitlist entry removed." in page


class TestNotices:
    def test_show_their_progress(self, admin_client: Any) -> None:
        event = BookingFactory().event
        BookingFactory(event=event)
        notice = tell_of_change(event=event, by=SYSTEM, old_place="Elsewhere")
        carry_out(notice)
        Message.objects.filter(pk=Message.objects.first().pk).update(state=MessageState.FAILED)

        page = text(admin_client.get(f"{NOTICES}{notice.pk}/change/"))

        assert "2 of 2 bookings; mails: 0 sent, 1 on their way, 1 failed" in page
        assert str(event) in text(admin_client.get(f"{NOTICES}?event={event.pk}"))


@pytest.mark.parametrize("page", [MESSAGES, NOTICES, WAITLIST, CHECKS])
def test_are_written_by_the_site_alone(admin_client: Any, page: str) -> None:
    rows = {
        MESSAGES: lambda: mail(BookingFactory()),
        NOTICES: lambda: tell_of_change(event=BookingFactory().event, by=SYSTEM),
        WAITLIST: waiting,
        CHECKS: lambda: InventoryCheck.objects.create(counters=1, differences=0),
    }
    row = rows[page]()

    assert admin_client.get(f"{page}{row.pk}/change/").status_code == 200
    assert admin_client.get(f"{page}add/").status_code == 403
    assert admin_client.post(f"{page}{row.pk}/change/", {"state": "sent"}).status_code == 403
    assert admin_client.post(f"{page}{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("page", [MESSAGES, NOTICES, WAITLIST, CHECKS])
def test_lists_take_as_many_queries_for_ten_rows_as_for_one(admin_client: Any, page: str) -> None:
    counts = []
    for more in (1, 9):
        for _ in range(more):
            waiting()
            booking = BookingFactory()
            mail(booking, MessageState.FAILED)
            tell_of_change(event=booking.event, by=SYSTEM, old_place="Elsewhere")
            InventoryCheck.objects.create(counters=1, differences=0)
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(page).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 10

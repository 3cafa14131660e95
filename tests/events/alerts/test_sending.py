"""The mail itself, on its way through a real mail server."""

import email.policy
import smtplib

import pytest
from django.conf import settings
from django.test import Client

from events.alerts.queueing import queue_instant_alerts
from events.models import Alert, MailFrequency, SavedSearch
from tests.bookings.mail.server import Fault
from tests.events.alerts.mailbox import instant_mail, instant_search, person, send_queued
from tests.factories import EventFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


def test_mail_says_what_when_where_and_for_how_much_in_both_versions():
    search = instant_search("max_price=20", name="Cheap <nights>", user=person(name="Ada"))
    event = TicketTypeFactory(event__title="Tea & Jazz", price=12).event

    (mail,) = instant_mail()

    assert mail.to == [search.user.email]
    assert mail.subject == "Tea & Jazz · Cheap <nights>"
    html = mail.alternatives[0].content
    for text in (mail.body, html):
        assert "Hello Ada" in text
        assert str(event.schedule) in text
        assert "Blue Room" in text
        assert "12" in text
        assert f"{settings.PUBLIC_URL}/event/{event.slug}/" in text
        assert f"{settings.PUBLIC_URL}/events/?max_price=20" in text
        assert "because you saved this search" in text
        assert f"{settings.PUBLIC_URL}/searches/unsubscribe/" in text
    assert "Tea & Jazz" in mail.body
    assert "Tea &amp; Jazz" in html
    assert "<nights>" not in html


def test_mail_can_be_ended_by_one_click_of_a_mail_program_without_a_login(mail_server):
    search = instant_search()
    EventFactory()
    queue_instant_alerts()
    send_queued()
    (mail,) = mail_server.taken
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip(" <>")
    assert link.startswith(f"{settings.PUBLIC_URL}/searches/unsubscribe/")

    reader = Client(enforce_csrf_checks=True)
    response = reader.post(
        link.removeprefix(settings.PUBLIC_URL), {"List-Unsubscribe": "One-Click"}
    )

    assert response.status_code == 200
    search.refresh_from_db()
    assert search.frequency == MailFrequency.NEVER


def test_alert_that_two_jobs_send_is_sent_once(mail_server):
    instant_search()
    EventFactory()
    queue_instant_alerts()

    send_queued()
    send_queued()

    assert len(mail_server.taken) == 1
    assert not Alert.objects.exists()


@pytest.mark.parametrize("fault", [Fault.DROPS_IN_DATA, "451 Try again later"])
def test_mail_that_the_server_does_not_take_is_there_for_the_next_try(mail_server, fault):
    instant_search()
    EventFactory()
    queue_instant_alerts()
    message_id = Alert.objects.get().message_id
    mail_server.data_answers.append(fault)

    with pytest.raises((smtplib.SMTPException, OSError)):
        send_queued()
    assert Alert.objects.get().error
    send_queued()

    assert [mail["Message-ID"] for mail in mail_server.taken] == [message_id]


def test_search_that_was_ended_while_its_mail_waited_gets_none():
    search = instant_search()
    EventFactory()
    queue_instant_alerts()
    SavedSearch.objects.filter(pk=search.pk).update(frequency=MailFrequency.NEVER)

    assert send_queued() == []
    assert not Alert.objects.exists()


def test_subject_stays_on_one_line_whatever_a_title_holds():
    instant_search(name="Two\nlines")
    EventFactory(title="A title\r\nBcc: everyone@example.com")

    (mail,) = instant_mail()

    parsed = email.message_from_bytes(mail.message().as_bytes(), policy=email.policy.default)
    assert parsed["Subject"] == "A title Bcc: everyone@example.com · Two lines"
    assert parsed["Bcc"] is None

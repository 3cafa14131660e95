"""The pages on which a host writes to attendees, looks at it, tries it, and sends it."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from bookings.models import Message, MessageKind, MessageState, Notice
from bookings.services.notices import carry_out
from events.models import Event
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.bookings.letters import TEXT, draft, mails_went_out, sent, verify
from tests.factories import TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    event = hosted_event(client, title="Late Night Jazz", host__email="host@example.org")
    booked(event, name="Ada <i>Lovelace</i>", email="ada@example.com")
    booked(event, name="Grace Hopper", email="grace@example.com")
    return event


def write(client: Client, event: Event, **fields: Any) -> Any:
    words = {"subject": "Doors", "text": "Hello {name}", "key": str(uuid.uuid4())}
    return client.post(page_of(event, "hosted_new_message"), words | fields)


def text_of(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


class TestWriting:
    def test_leads_to_the_preview_and_sends_nothing(self, client: Client, event: Event) -> None:
        answer = write(client, event, text="Hello {name},\r\n\r\nmind the gap.")

        letter = Notice.objects.get()
        assert answer.headers["Location"] == page_of(event, "hosted_message", letter.key)
        assert letter.text == "Hello {name},\n\nmind the gap."
        assert (letter.is_draft, letter.by) == (True, event.host.owner)
        assert not Message.objects.exists()

    def test_twice_makes_one_draft(self, client: Client, event: Event) -> None:
        key = str(uuid.uuid4())

        for _ in range(2):
            assert write(client, event, key=key).status_code == 302

        assert Notice.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"text": "Hi {nmae} {ticket}"}, "Nothing is known of {nmae} and {ticket}"),
            ({"subject": "For {first name}"}, "Nothing is known of {first name}"),
            ({"subject": "{ticket_link}"}, "{ticket_link} is for the message"),
            ({"text": " "}, "This field is required"),
            ({"subject": ""}, "This field is required"),
            ({"subject": "x" * 151}, "at most 150 characters"),
            ({"text": "x" * 5001}, "at most 5000 characters"),
            ({"key": "x"}, "Something needs another look"),
        ],
    )
    def test_refuses_what_cannot_be_sent_and_loses_nothing(
        self, client: Client, event: Event, fields: dict[str, str], message: str
    ) -> None:
        answer = write(client, event, **{"text": "My long words", "subject": "Kept"} | fields)

        assert answer.status_code == 400
        assert message in text_of(answer)
        page = answer.content.decode()
        assert "My long words" in page or 'value="Kept"' in page
        assert not Notice.objects.exists()

    def test_offers_a_choice_of_ticket_types_where_there_is_one(
        self, client: Client, event: Event
    ) -> None:
        page = page_of(event, "hosted_new_message")
        assert "Only to those with" not in text_of(client.get(page))
        vip = TicketTypeFactory(event=event, name="VIP")

        assert "Only to those with" in text_of(client.get(page))
        write(client, event, ticket_types=[vip.pk])

        assert list(Notice.objects.get().ticket_types.all()) == [vip]

    def test_refuses_ticket_types_of_other_events(self, client: Client, event: Event) -> None:
        TicketTypeFactory(event=event)

        answer = write(client, event, ticket_types=[TicketTypeFactory().pk])

        assert answer.status_code == 400
        assert not Notice.objects.exists()

    def test_changes_a_draft(self, client: Client, event: Event) -> None:
        letter = draft(event)
        page = page_of(event, "hosted_edit_message", letter.key)
        assert TEXT.partition("\n")[0] in client.get(page).content.decode()

        client.post(page, {"key": str(letter.key), "subject": "New", "text": "Newer"})

        letter.refresh_from_db()
        assert (letter.subject, letter.text) == ("New", "Newer")

    def test_over_one_that_was_sent_meanwhile_is_kept_as_a_new_one(
        self, client: Client, event: Event
    ) -> None:
        letter = sent(event)
        page = page_of(event, "hosted_edit_message", letter.key)
        assert client.get(page).status_code == 302

        answer = client.post(page, {"key": str(letter.key), "subject": "New", "text": "Newer"})

        assert answer.status_code == 409
        assert "was sent already" in text_of(answer)
        [key] = re.findall(r'name="key" value="([^"]+)"', answer.content.decode())
        assert key != str(letter.key)
        client.post(page, {"key": key, "subject": "New", "text": "Newer"})
        assert Notice.objects.drafts().get().subject == "New"


class TestPreview:
    def test_shows_it_as_a_recipient_will_read_it(self, client: Client, event: Event) -> None:
        letter = draft(
            event, subject="{event}: doors", text="Hello {NAME},\n\n<b>see</b> { event }."
        )

        page = client.get(page_of(event, "hosted_message", letter.key)).content.decode()

        assert "<h2>Late Night Jazz: doors</h2>" in page
        assert "Hello Ada &lt;i&gt;Lovelace&lt;/i&gt;," in page
        assert "&lt;b&gt;see&lt;/b&gt; Late Night Jazz." in page
        assert "host@example.org" in page
        assert "Send to 2 people" in page

    def test_does_not_show_the_link_to_someones_tickets(self, client: Client, event: Event) -> None:
        page = client.get(page_of(event, "hosted_message", draft(event).key)).content.decode()

        assert "?access=" not in page
        assert f'href="http://127.0.0.1:8000{event.get_absolute_url()}"' in page

    def test_says_where_nobody_can_answer(self, client: Client, event: Event) -> None:
        page = page_of(event, "hosted_message", draft(event).key)
        assert "nobody can answer" not in text_of(client.get(page))
        event.host.email = ""
        event.host.save()

        assert "nobody can answer" in text_of(client.get(page))

    def test_says_where_there_is_nobody_to_send_it_to(self, client: Client) -> None:
        event = hosted_event(client)
        page = page_of(event, "hosted_message", draft(event).key)

        assert "nobody to send it to yet" in text_of(client.get(page))
        answer = client.post(page)
        assert answer.status_code == 409
        assert "There is nobody to send it to." in text_of(answer)


class TestSending:
    def test_leads_to_its_progress_and_twice_sends_once(self, client: Client, event: Event) -> None:
        letter = draft(event)
        progress = page_of(event, "hosted_notice", letter.pk)

        for _ in range(2):
            answer = client.post(page_of(event, "hosted_message", letter.key))
            assert answer.headers["Location"] == progress

        page = client.get(progress).content.decode()
        assert "People written to: 0 of 2" in page
        assert 'http-equiv="refresh"' in page
        carry_out(Notice.objects.get())
        mails_went_out(letter)
        page = client.get(progress).content.decode()
        assert "People written to: 2 of 2" in page
        assert "Everyone was told." in page
        assert 'http-equiv="refresh"' not in page
        assert Message.objects.count() == 2

    def test_says_from_when_on_more_can_be_sent(
        self, client: Client, event: Event, settings: Any
    ) -> None:
        settings.HOST_MESSAGES_A_DAY = 1
        letter = draft(event)
        sent(event)
        page = page_of(event, "hosted_message", letter.key)

        assert "can send 1 message a day, and has" in text_of(client.get(page))
        answer = client.post(page)

        assert answer.status_code == 409
        assert "This one is kept as a draft." in text_of(answer)
        letter.refresh_from_db()
        assert letter.is_draft

    def test_draft_has_no_progress(self, client: Client, event: Event) -> None:
        letter = draft(event)

        assert client.get(page_of(event, "hosted_notice", letter.pk)).status_code == 404

    def test_test_goes_to_oneself(self, client: Client, event: Event) -> None:
        letter, owner = draft(event), event.host.owner
        verify(owner)

        answer = client.post(page_of(event, "hosted_test_message", letter.key), follow=True)

        assert f"A test is on its way to {owner.email}." in text_of(answer)
        assert f"Test to {owner.email}: on its way" in text_of(answer)
        assert Message.objects.get().kind == MessageKind.TEST

    def test_test_to_an_address_that_may_be_somebody_elses_is_refused(
        self, client: Client, event: Event
    ) -> None:
        letter = draft(event)

        answer = client.post(page_of(event, "hosted_test_message", letter.key), follow=True)

        assert "Confirm your e-mail address first." in text_of(answer)

    def test_discarding_ends_a_draft_and_nothing_else(self, client: Client, event: Event) -> None:
        gone, told = draft(event), sent(event)

        answer = client.post(page_of(event, "hosted_discard_message", gone.key))
        assert answer.headers["Location"] == page_of(event, "hosted_messages")
        assert client.post(page_of(event, "hosted_discard_message", told.key)).status_code == 404

        assert Notice.objects.get() == told


class TestList:
    def test_says_who_sent_what_to_whom_and_what_became_of_it(
        self, client: Client, event: Event
    ) -> None:
        vip = TicketTypeFactory(event=event, name="VIP")
        booked_vip = event.bookings.get(email="ada@example.com")
        booked_vip.tickets.update(ticket_type=vip)
        letter = sent(event, subject="Only for you", ticket_types=[vip])
        carry_out(letter)
        mails_went_out(letter, MessageState.FAILED)
        to_all = sent(event, subject="For everyone")
        carry_out(to_all)
        Message.objects.filter(notice=to_all, recipient="ada@example.com").update(
            state=MessageState.SENT
        )
        draft(event, subject="Not yet")

        page = text_of(client.get(page_of(event, "hosted_messages")))

        owner = event.host.owner.name
        assert re.search(rf"For everyone Everyone with a ticket {owner} \S.* 1 1 0 Only", page)
        assert re.search(rf"Only for you VIP {owner} \S.* 0 0 1", page)
        assert "Drafts Not yet To: Everyone with a ticket" in page

    def test_asks_the_database_as_much_for_one_as_for_many(
        self, client: Client, event: Event, django_assert_max_num_queries: Any, settings: Any
    ) -> None:
        settings.HOST_MESSAGES_A_DAY = 100
        for count in (1, 9):
            for _ in range(count):
                draft(event)
                carry_out(sent(event))
            # Session, user, event with its host, drafts and their ticket types, how many were sent,
            # those on the page and their ticket types, their mails.
            with django_assert_max_num_queries(10):
                assert client.get(page_of(event, "hosted_messages")).status_code == 200

    def test_of_other_events_is_not_shown(self, client: Client, event: Event) -> None:
        other = TicketTypeFactory().event
        foreign = draft(other, subject="Secret")

        assert "Secret" not in text_of(client.get(page_of(event, "hosted_messages")))
        for name in ("hosted_message", "hosted_edit_message"):
            assert client.get(page_of(event, name, foreign.key)).status_code == 404
        for name in ("hosted_message", "hosted_test_message", "hosted_discard_message"):
            assert client.post(page_of(event, name, foreign.key)).status_code == 404
        assert Notice.objects.get() == foreign

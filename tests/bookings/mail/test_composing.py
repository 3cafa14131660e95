"""What mail says, as its reader's program parses it."""

import email
import email.policy
import io
import re
from email.message import EmailMessage

import pytest
from pypdf import PdfReader

from bookings.access import access_token, ticket_link, waitlist_link
from bookings.actors import Actor
from bookings.mail.composing import compose
from bookings.models import Booking, Message, Ticket
from bookings.services.booking import cancel_booking
from events.models import Event
from tests.bookings.mail import occasions
from tests.bookings.mail.occasions import EVERY, HOLDERS, OLD_PLACE, OLD_TIME, WORDS

pytestmark = pytest.mark.django_db

HOSTILE = "Jazz\r\nBcc: all@example.com <script>alert('x')</script> & 🎷"
ON_ONE_LINE = "Jazz Bcc: all@example.com <script>alert('x')</script> & 🎷"
LEFT_OVER = ["{{", "{%", "None", "&amp;", "&lt;", "&#x27;", "&quot;"]


def parsed(message: Message) -> EmailMessage:
    mail = compose(message)
    assert mail is not None
    return email.message_from_bytes(mail.message().as_bytes(), policy=email.policy.default)


def text(mail: EmailMessage) -> str:
    return mail.get_body(["plain"]).get_content()


def html(mail: EmailMessage) -> str:
    return mail.get_body(["html"]).get_content()


def attached(mail: EmailMessage) -> dict[str, bytes]:
    return {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}


@pytest.mark.parametrize("kind", EVERY)
def test_every_mail_is_complete_in_both_versions(kind, settings):
    settings.PUBLIC_URL = "https://events.example.org"
    message = EVERY[kind](host__email="host@example.org", host__name="Blue Room")

    mail = parsed(message)

    event = Event.objects.get()
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "host@example.org"
    assert mail["To"] == message.recipient
    assert event.title in mail["Subject"]
    for version in (text(mail), html(mail)):
        assert event.title in version
        assert str(event.schedule) in version
        assert event.address in version
        assert f"https://events.example.org{event.get_absolute_url()}" in version
        assert "Blue Room reads it" in version
        assert "?access=" in version or "cancel" in kind
    assert not [mark for mark in LEFT_OVER if mark in text(mail)]
    assert "\n\n\n" not in text(mail)


@pytest.mark.parametrize("kind", EVERY)
def test_title_of_any_kind_is_safe_everywhere(kind):
    mail = parsed(EVERY[kind](title=HOSTILE))

    assert ON_ONE_LINE in mail["Subject"]
    assert "Bcc" not in mail
    assert "<script" not in html(mail)
    assert "&lt;script&gt;" in html(mail)
    assert ON_ONE_LINE in text(mail)


@pytest.mark.parametrize("kind", EVERY)
def test_mail_without_a_contact_of_the_host_promises_no_answer(kind):
    mail = parsed(EVERY[kind]())

    assert mail["Reply-To"] is None
    assert "Answer this mail" not in text(mail) + html(mail)


@pytest.mark.parametrize("kind", HOLDERS)
def test_mail_to_a_holder_has_nothing_of_the_buyer(kind):
    mail = parsed(HOLDERS[kind]())

    booking = Booking.objects.get()
    buyers, holders = booking.tickets.order_by("holder_email")
    everything = text(mail) + html(mail) + "".join(map(str, attached(mail).values()))
    assert access_token(booking) not in everything
    assert "/bookings/" not in everything
    assert buyers.code not in everything
    assert buyers.code_in_groups not in everything
    assert booking.email not in everything
    if "cancellation" not in kind:
        assert ticket_link(holders) in text(mail)


@pytest.mark.parametrize("kind", ["confirmation", "reminder, a day", "change"])
def test_buyer_sees_no_code_of_a_ticket_that_was_sent_on(kind):
    mail = parsed(EVERY[kind]())

    own, others = Ticket.objects.order_by("holder_email")
    for version in (text(mail), html(mail)):
        assert others.code_in_groups not in version
        assert others.code not in version
        assert (own.code_in_groups in version) == (kind != "change")
    if kind == "confirmation":
        (page,) = PdfReader(io.BytesIO(attached(mail)["ticket.pdf"])).pages
        assert own.code_in_groups in page.extract_text()


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("confirmation", {"ticket.pdf", "event.ics"}),
        ("ticket", {"ticket.pdf", "event.ics"}),
        ("change", {"event.ics"}),
        ("holder's change", {"event.ics"}),
        ("offer", set()),
    ],
)
def test_files_come_along(kind, names):
    mail = parsed(EVERY[kind]())

    files = attached(mail)
    assert set(files) == names
    if "event.ics" in files:
        assert Event.objects.get().uid.encode() in files["event.ics"]


def test_buyer_who_sent_all_tickets_on_gets_no_pdf():
    message = occasions.confirmation()
    Ticket.objects.update(holder_email="grace@example.com")

    assert set(attached(parsed(message))) == {"event.ics"}


def test_link_in_the_text_opens_the_booking(client, settings):
    mail = parsed(occasions.confirmation())

    link = re.search(rf"{settings.PUBLIC_URL}(/bookings/\S+)", text(mail)).group(1)
    assert client.get(link).status_code == 200


def test_cancellation_by_the_host_says_so_and_keeps_the_note_in_the_history():
    by_host = parsed(EVERY["cancellation by the host"](host__name="Blue Room"))

    for version in (text(by_host), html(by_host)):
        assert "Blue Room has cancelled your booking" in version
        assert "Too many of you." not in version


def test_buyer_who_cancelled_is_told_so():
    assert "You have cancelled" in text(parsed(EVERY["cancellation by the buyer"]()))


@pytest.mark.parametrize("kind", ["cancellation of the event", "change", "holder's change"])
def test_words_of_the_host_are_quoted(kind):
    mail = parsed(EVERY[kind]())

    assert WORDS in text(mail)
    assert "&lt;leaks&gt; &amp; drips" in html(mail)


def test_change_says_what_was_and_what_is():
    mail = parsed(EVERY["change"]())

    event = Event.objects.get()
    assert mail["Subject"].startswith("New time and place")
    for version in (text(mail), html(mail)):
        assert OLD_TIME in version
        assert OLD_PLACE in version
        assert str(event.schedule) in version


def test_waiting_says_what_for_and_where_in_line():
    message = occasions.waiting()

    mail = text(parsed(message))

    assert "3 × Standard, as number 2 in line" in mail
    assert waitlist_link(message.waitlist_entry) in mail


def test_offer_says_how_many_until_when_and_that_the_rest_is_waited_for():
    message = occasions.offer(timezone="Asia/Tokyo")

    mail = text(parsed(message))

    assert "2 places have come free" in mail
    assert re.search(r"kept for you until .* JST", mail)
    assert "You wait for 1 more" in mail
    assert f"/bookings/{message.booking.reference}/confirm/?access=" in mail


@pytest.mark.parametrize(
    "kind", [kind for kind in EVERY if "cancellation" not in kind and "waiting" not in kind]
)
def test_mail_on_a_booking_that_was_cancelled_meanwhile_is_not_needed(kind):
    message = EVERY[kind]()
    assert compose(message) is not None

    cancel_booking(booking=message.booking, by=Actor.admin(None))

    message.booking.refresh_from_db()
    assert compose(message) is None


@pytest.mark.parametrize("kind", HOLDERS)
def test_mail_to_someone_who_is_no_longer_the_holder_is_not_sent(kind):
    message = HOLDERS[kind]()
    assert compose(message) is not None

    message.ticket.holder_email = "somebody.else@example.com"

    assert compose(message) is None

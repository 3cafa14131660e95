"""A letter as each of its readers gets it."""

import email
import email.policy
from email.message import EmailMessage

import pytest

from bookings.access import booking_link, ticket_link
from bookings.mail.composing import compose
from bookings.models import Booking, Message, MessageKind
from bookings.services.notices import carry_out
from events.models import Event
from tests.bookings.letters import sent
from tests.bookings.mail import occasions
from tests.bookings.mail.rows import HOLDER

pytestmark = pytest.mark.django_db

SITE = "https://events.example.org"


@pytest.fixture(autouse=True)
def site(settings):
    settings.PUBLIC_URL = SITE


def parsed(message: Message) -> EmailMessage:
    return email.message_from_bytes(
        compose(message).message().as_bytes(), policy=email.policy.default
    )


def versions(mail: EmailMessage) -> tuple[str, str]:
    return tuple(mail.get_body([kind]).get_content() for kind in ("plain", "html"))


def written(**words: str) -> Booking:
    """A letter to the buyer and to a holder."""
    booking = occasions.shared_booking(host__email="host@example.org")
    carry_out(sent(booking.event, **words))
    return booking


def to(recipient: str) -> Message:
    return Message.objects.get(kind=MessageKind.LETTER, recipient=recipient)


def test_is_to_each_reader_by_name_with_the_link_to_their_own_tickets():
    booking = written(subject="{name}, doors!", text="Dear {name}:\n\n{ticket_link}\n\nSee you!")
    sent_on = booking.tickets.get(holder_email=HOLDER)

    for recipient, name, link in (
        (booking.email, "Ada Lovelace", booking_link(booking)),
        (HOLDER, "Grace Hopper", ticket_link(sent_on)),
    ):
        mail = parsed(to(recipient))
        text, html = versions(mail)
        assert mail["Subject"] == f"{name}, doors!"
        assert mail["Reply-To"] == "host@example.org"
        assert text.startswith(f"Dear {name}:\n\n{SITE}{link}\n\nSee you!")
        assert f"<p>Dear {name}:</p>" in html
        assert f'href="{SITE}{link}"' in html
        assert "Hello" not in text + html


def test_nameless_reader_is_not_greeted_by_nothing():
    booking = written(text="Dear {name}!")
    Booking.objects.filter(pk=booking.pk).update(name="")

    assert versions(parsed(to(booking.email)))[0].startswith("Dear guest!")


def test_name_cannot_bring_in_another_variable_or_a_header():
    booking = written(subject="For {name}", text="Dear {name}!")
    Booking.objects.filter(pk=booking.pk).update(name="{ticket_link}\r\nBcc: all@example.com")

    mail = parsed(to(booking.email))

    assert mail["Subject"] == "For {ticket_link} Bcc: all@example.com"
    assert "Bcc" not in mail
    assert "?access=" not in versions(mail)[0]


def test_test_reads_as_a_letter_and_says_that_it_is_none():
    mail = parsed(occasions.tried_letter(host__email="host@example.org"))

    event = Event.objects.get()
    assert mail["Subject"] == f"Test: Doors for {event.title}"
    assert mail["Reply-To"] == "host@example.org"
    for version in versions(mail):
        assert "This is a test" in version
        assert f"{SITE}{event.get_absolute_url()}" in version
        assert "?access=" not in version
        assert "you asked for a test" in version

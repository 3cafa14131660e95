"""Other names on tickets, and tickets that are sent on to someone else."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from bookings.access import access_token, booking_link, ticket_link
from bookings.actors import Actor, ActorRole
from bookings.mail.composing import compose
from bookings.models import Message, MessageKind, Ticket
from bookings.services.booking import cancel_booking
from bookings.services.tickets import send_on_ticket
from tests.factories import BookingFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db

NAMES = ["Łukasz Żółć", "王小明", "محمد علي", "Zoë O’Brien", "ณัฐพล ใจดี", "李" * 150]
GRACE = {"name": "Grace Hopper", "email": "grace@example.com"}
SURE = GRACE | {"confirmed": "yes"}


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(capacity=100)


@pytest.fixture
def booking(ticket_type):
    return BookingFactory(event=ticket_type.event, tickets=[ticket_type, ticket_type])


@pytest.fixture
def ticket(booking):
    return booking.tickets.first()


def start_event(booking):
    booking.event.starts_at = timezone.now() - dt.timedelta(minutes=1)
    booking.event.ends_at = timezone.now() + dt.timedelta(hours=2)
    booking.event.save()


def names_on(booking):
    return [ticket.attendee_name for ticket in booking.tickets.all()]


def names_form(booking, *names):
    pairs = zip(booking.tickets.all(), names, strict=True)
    return {f"attendee_{ticket.pk}": name for ticket, name in pairs}


def current(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def last_change(booking):
    return booking.changes.order_by("pk").last()


@pytest.mark.parametrize("name", NAMES)
def test_buyer_changes_all_names_at_once_in_any_script(client, booking, name):
    codes = [ticket.code for ticket in booking.tickets.all()]
    link = booking_link(booking, "bookings:rename")

    response = client.post(link, names_form(booking, name, "  Charles "), follow=True)

    assert response.redirect_chain == [(booking_link(booking), 302)]
    assert name in response.content.decode()
    assert names_on(booking) == [name, "Charles"]
    assert [ticket.code for ticket in booking.tickets.all()] == codes


@pytest.mark.parametrize("bad", ["", "   ", "x" * 151])
def test_bad_name_is_said_and_what_was_typed_is_kept(client, booking, bad):
    link = booking_link(booking, "bookings:rename")

    response = client.post(link, names_form(booking, "Charles", bad))

    form = response.context["form"]
    first, second = names_form(booking, "Charles", bad)
    assert response.status_code == 400
    assert list(form.errors) == [second]
    assert (form[first].value(), form[second].value()) == ("Charles", bad)
    assert names_on(booking) == ["Ada Lovelace", "Ada Lovelace"]


def test_buyer_cannot_rename_a_ticket_that_was_sent_on(client, booking, ticket):
    link = booking_link(booking, "bookings:rename")
    form = names_form(booking, "Mallory", "Charles")
    send_on_ticket(ticket=ticket, by=Actor.buyer(), **GRACE)

    client.post(link, form)

    assert names_on(booking) == ["Grace Hopper", "Charles"]
    assert form.keys() - client.get(link).context["form"].fields.keys() == {f"attendee_{ticket.pk}"}


def test_holder_changes_the_name_on_their_ticket_only(client, booking, ticket):
    new = send_on_ticket(ticket=ticket, by=Actor.buyer(), **GRACE)
    form = names_form(booking, "Amazing Grace", "Mallory")

    response = client.post(ticket_link(new, "bookings:rename_ticket"), form, follow=True)

    assert response.redirect_chain == [(ticket_link(new), 302)]
    assert "Amazing Grace" in response.content.decode()
    assert names_on(booking) == ["Amazing Grace", "Ada Lovelace"]
    assert last_change(booking).role == ActorRole.HOLDER


def test_name_changed_by_the_buyer_is_recorded_as_theirs(client, booking, ticket):
    user = UserFactory()
    booking.user = user
    booking.save()
    client.force_login(user)

    client.post(ticket_link(ticket, "bookings:rename_ticket"), {f"attendee_{ticket.pk}": "Charles"})

    change = last_change(booking)
    assert (change.role, change.actor) == (ActorRole.BUYER, user)


def test_ticket_type_name_cannot_smuggle_html_into_the_form(client, booking, ticket_type):
    ticket_type.name = "<b>Stalls</b>"
    ticket_type.save()

    html = client.get(booking_link(booking, "bookings:rename")).content.decode()

    assert "&lt;b&gt;Stalls&lt;/b&gt;" in html
    assert "<b>Stalls" not in html


def test_sending_on_asks_first_and_nothing_has_happened_yet(client, booking, ticket):
    link = ticket_link(ticket, "bookings:send_on")

    assert client.get(link).status_code == 200
    response = client.post(link, GRACE)

    html = response.content.decode()
    assert response.status_code == 200
    for text in ("Grace Hopper", "grace@example.com", ticket.code_in_groups, "You cannot take"):
        assert text in html
    assert current(ticket).code == ticket.code
    assert not Message.objects.exists()


def test_what_was_typed_can_be_changed_before_it_is_sent(client, ticket):
    link = ticket_link(ticket, "bookings:send_on")
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page(client, link)))

    response = client.post(link, hidden | {"change": "yes"})

    form = response.context["form"]
    assert (form["name"].value(), form["email"].value()) == tuple(GRACE.values())
    assert "Go on" in response.content.decode()
    assert current(ticket).code == ticket.code


def page(client, link):
    return client.post(link, GRACE).content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_ticket_sent_on_has_a_new_code_and_goes_to_the_new_holder(client, booking, ticket, name):
    link = f"{ticket_link(ticket, 'bookings:send_on')}&booking={access_token(booking)}"

    response = client.post(link, SURE | {"name": name}, follow=True)

    new = current(ticket)
    html = response.content.decode()
    assert response.redirect_chain == [(booking_link(booking), 302)]
    assert f"Sent on to {name}" in html
    assert new.code != ticket.code
    assert new.code_in_groups not in html
    assert (new.attendee_name, new.holder_email) == (name, "grace@example.com")
    message = Message.objects.get()
    assert (message.kind, message.recipient) == (MessageKind.TICKET, "grace@example.com")
    assert name in client.get(ticket_link(new)).content.decode()


def test_holder_sends_the_ticket_on_again_and_learns_nothing_of_the_booking(
    client, booking, ticket
):
    second = send_on_ticket(ticket=ticket, by=Actor.buyer(), **GRACE)
    alan = {"name": "Alan Turing", "email": "alan@example.com", "confirmed": "yes"}

    response = client.post(ticket_link(second, "bookings:send_on"), alan)

    third = current(ticket)
    html = response.content.decode()
    assert response.status_code == 200
    assert "The ticket is Alan Turing’s now" in html
    assert booking.reference not in html
    assert third.code_in_groups not in html
    assert len({ticket.code, second.code, third.code}) == 3
    assert last_change(booking).role == ActorRole.HOLDER
    mail = compose(Message.objects.get(recipient="alan@example.com"))
    assert "Grace Hopper has sent a ticket" in mail.body
    assert "Sent on to Alan Turing" in client.get(booking_link(booking)).content.decode()


def test_same_form_sent_twice_sends_the_ticket_on_once(client, ticket):
    link = ticket_link(ticket, "bookings:send_on")

    first = client.post(link, SURE)
    code = current(ticket).code
    second = client.post(link, SURE | {"email": "other@example.com"})

    assert (first.status_code, second.status_code) == (200, 410)
    assert current(ticket).code == code
    assert [message.recipient for message in Message.objects.all()] == ["grace@example.com"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 151), ("email", ""), ("email", "grace@"), ("email", "a b@c.d")],
)
def test_bad_detail_of_the_new_holder_is_said_and_what_was_typed_is_kept(
    client, ticket, field, value
):
    response = client.post(ticket_link(ticket, "bookings:send_on"), SURE | {field: value})

    form = response.context["form"]
    assert response.status_code == 400
    assert list(form.errors) == [field]
    assert form[field].value() == value
    assert form["name" if field == "email" else "email"].value()
    assert current(ticket).code == ticket.code


def test_nothing_changes_any_more_once_the_event_has_started(client, booking, ticket):
    rename, send_on = (
        ticket_link(ticket, f"bookings:{name}") for name in ("rename_ticket", "send_on")
    )
    form = names_form(booking, "Charles", "Charles")
    assert client.post(rename, form).status_code == 302
    start_event(booking)

    for link, data in (
        (rename, names_form(booking, "Late", "Late")),
        (booking_link(booking, "bookings:rename"), names_form(booking, "Late", "Late")),
        (send_on, SURE),
    ):
        assert "can no longer be changed" in client.get(link).content.decode()
        response = client.post(link, data)
        assert response.status_code == 409
        assert "can no longer be changed" in response.content.decode()
    assert names_on(booking) == ["Charles", "Ada Lovelace"]
    assert current(ticket).code == ticket.code


def test_tickets_of_a_cancelled_booking_cannot_be_changed(client, booking, ticket):
    cancel_booking(booking=booking, by=Actor.buyer())

    for link, data in (
        (booking_link(booking, "bookings:rename"), names_form(booking, "Late", "Late")),
        (ticket_link(ticket, "bookings:send_on"), SURE),
    ):
        assert client.post(link, data).status_code == 409
    assert current(ticket).code == ticket.code
    assert names_on(booking) == ["Ada Lovelace", "Ada Lovelace"]

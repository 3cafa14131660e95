"""Every page of a ticket's life at once, for the tests that look at pages only.

Runs beside the live site, in `manage.py shell`.
"""

import json
import uuid

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from bookings.access import booking_link, ticket_link, waitlist_link
from bookings.actors import Actor
from bookings.models import Answer, Booking, MessageState, WaitlistEntry
from bookings.services.booking import cancel_booking
from bookings.services.holding import hold_places
from bookings.services.letters import save_draft, send_letter
from bookings.services.notices import cancel_event_and_bookings, carry_out
from bookings.services.tickets import send_on_ticket
from bookings.services.waitlist import join_waitlist, offer_places
from events.host_news.links import Subscription, unsubscribe_path
from events.models import Event, Host, HostMember, HostRole, TicketStock, TicketType
from events.services.images import add_image
from events.services.reviews import hide_review, reply_to_review
from events.services.shared_capacities import share_places
from events.services.teams import invite
from tests.e2e.attendee_pages import attendee_pages
from tests.e2e.stage import with_buyers, with_dates, with_one_seat, with_promo_code
from tests.events.images.pictures import picture, upload
from tests.factories import (
    BookingFactory,
    HostFollowerFactory,
    QuestionFactory,
    ReviewFactory,
    SharedCapacityFactory,
    TicketTypeFactory,
    UserFactory,
)

LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff Maximiliana"


def stage() -> str:
    """JSON: the paths by what they show, and the address of the host's owner."""
    standing = with_promo_code("grand-rehearsal", max_tickets_per_booking=8)
    event = standing.event
    booking = BookingFactory(event=event, tickets=[standing] * 2, name=LONG_NAME)
    hosted = [event.slug]
    paths = {
        "login": reverse("account_login"),
        "owner": event.host.owner.email,
        "choose": reverse("bookings:create", args=hosted) + "?code=FRIENDS",
        "choose, unknown code": reverse("bookings:create", args=hosted) + "?code=NONSENSE",
        "confirm": booking_link(_hold(standing), "bookings:confirm"),
        "booking": booking_link(booking),
        "cancel": booking_link(booking, "bookings:cancel"),
        "booking, cancelled": booking_link(_cancelled(standing)),
        "rename": booking_link(booking, "bookings:rename"),
        "hosted bookings": reverse("bookings:hosted_bookings", args=hosted),
        "hosted cancel event": reverse("bookings:hosted_cancel_event", args=hosted),
        "hosted booking": reverse("bookings:hosted_booking", args=[event.slug, booking]),
        "hosted cancel booking": reverse(
            "bookings:hosted_cancel_booking", args=[event.slug, booking]
        ),
    }
    paths |= _letters(event) | attendee_pages(booking) | _editing(event)
    paths |= _pictures(event) | _asking(booking)
    paths["hosted door"] = reverse("bookings:hosted_door", args=hosted)
    paths |= _team(event.host) | _opinions(event) | _series(event.host)
    return json.dumps(paths | _ticket(booking) | _line() | _notices(event.host))


def _hold(ticket_type: TicketType) -> Booking:
    return hold_places(
        event=ticket_type.event,
        quantities={ticket_type.pk: 2},
        idempotency_key=uuid.uuid4(),
        promo_code="FRIENDS",
    )


def _cancelled(ticket_type: TicketType) -> Booking:
    booking = BookingFactory(event=ticket_type.event, tickets=[ticket_type])
    return cancel_booking(booking=booking, by=Actor.host(ticket_type.event.host.owner))


def _ticket(booking: Booking) -> dict[str, str]:
    kept, passed_on = booking.tickets.all()
    old_link = ticket_link(passed_on)
    buyer = Actor.host(booking.event.host.owner)
    send_on_ticket(ticket=passed_on, name="Bo", email="bo@grand.example.com", by=buyer)
    return {
        "ticket": ticket_link(kept),
        "ticket, sent on": old_link,
        "send on": ticket_link(kept, "bookings:send_on"),
    }


def _line() -> dict[str, str]:
    seat = with_one_seat("small-rehearsal")
    TicketStock.objects.filter(pk=seat.pk).update(taken=F("capacity"))
    first, second = (_waits(seat, name) for name in ("Ada", "Bo"))
    TicketStock.objects.filter(pk=seat.pk).update(taken=0)
    offer_places()
    first.refresh_from_db()
    assert first.offer is not None
    return {
        "choose, sold out": reverse("bookings:create", args=[seat.event.slug]),
        "join": reverse("bookings:join_waitlist", args=[seat.event.slug, seat.pk]),
        "waiting, offered": waitlist_link(first),
        "waiting": waitlist_link(second),
        "offer": booking_link(first.offer, "bookings:confirm"),
    }


def _waits(seat: TicketType, name: str) -> WaitlistEntry:
    seat = TicketType.objects.select_related("event", "stock").get(pk=seat.pk)
    email = f"{name.lower()}@small-rehearsal.example.com"
    return join_waitlist(ticket_type=seat, quantity=1, name=name, email=email)


def _letters(event: Event) -> dict[str, str]:
    """Of one that was sent, and one that is to be."""
    by = Actor.host(event.host.owner)
    words = {"subject": "Doors for {event}", "text": "Hello {name},\n\nlook: {ticket_link}"}
    sent, draft = (save_draft(event=event, key=uuid.uuid4(), by=by, **words) for _ in range(2))
    carry_out(send_letter(letter=sent, by=by))
    return {
        "hosted messages": reverse("bookings:hosted_messages", args=[event.slug]),
        "hosted new message": reverse("bookings:hosted_new_message", args=[event.slug]),
        "hosted message": draft.get_absolute_url(),
    }


def _team(host: Host) -> dict[str, str]:
    user = UserFactory(name=LONG_NAME)
    member = HostMember.objects.create(host=host, user=user, role=HostRole.MANAGER)
    invite(host=host, by=host.owner, email="mary@example.com", role=HostRole.DOOR)
    return {
        "hosted dashboard": reverse("bookings:hosting"),
        "hosted start": reverse("events:hosting_start"),
        "hosted host": reverse("events:hosted_host", args=[host.slug]),
        "hosted team": reverse("events:hosted_team", args=[host.slug]),
        "hosted member": reverse("events:hosted_member", args=[host.slug, member.pk]),
        "hosted hand over": reverse("events:hosted_hand_over", args=[host.slug]),
        "hosted leave": reverse("events:hosted_leave", args=[host.slug]),
    }


def _opinions(event: Event) -> dict[str, str]:
    """Reviews with and without a reply, one that was hidden, and followers."""
    host = event.host
    names = {"replied": "Too loud.", "hidden": "Fools.", "open": f"Danke, {LONG_NAME.split()[0]}!"}
    reviews = {
        name: ReviewFactory(event=event, text=text, user__name=LONG_NAME)
        for name, text in names.items()
    }
    reply_to_review(review=reviews["replied"], by=host.owner, text="We have turned it down.")
    hide_review(review=reviews["hidden"], by=None, why="It insults somebody.")
    HostFollowerFactory(host=host, user=host.owner)
    subscription = Subscription(host.owner.news_reader.pk, host.pk)
    reply = reverse("events:hosted_reply", args=[event.slug, reviews["open"].pk])
    replied = reverse("events:hosted_reply", args=[event.slug, reviews["replied"].pk])
    return {
        "event, reviewed": event.get_absolute_url(),
        "report": reverse("events:report_review", args=[reviews["open"].pk]),
        "host": host.get_absolute_url(),
        "unsubscribe": unsubscribe_path(subscription),
        "hosted reviews": reverse("events:hosted_reviews", args=[event.slug]),
        "hosted reply": reply,
        "hosted remove reply": f"{replied}remove/",
        "hosted followers": reverse("events:hosted_followers", args=[host.slug]),
        "hosted follows": reverse("events:follows"),
        "hosted host page": host.get_absolute_url(),
    }


def _pictures(event: Event) -> dict[str, str]:
    for colour in ("teal", "maroon"):
        image = add_image(event=event, file=upload(picture(800, 600, colour=colour)))
    return {
        "hosted pictures": reverse("events:hosted_images", args=[event.slug]),
        "hosted delete picture": reverse(
            "events:hosted_image_removal", args=[event.slug, image.pk]
        ),
    }


def _notices(host: Host) -> dict[str, str]:
    """Of one event whose buyers are being told, and of one where everyone was."""
    links = {}
    for name, slug in (("notice", "lost-rehearsal"), ("notice, done", "last-rehearsal")):
        event = with_buyers(slug, "Ada Lovelace", "Charles Babbage").event
        event.host = host
        event.save(update_fields=["host"])
        notice = cancel_event_and_bookings(
            event=event, by=Actor.host(host.owner), text="The roof leaks."
        )
        links[f"hosted {name}"] = reverse("bookings:hosted_notice", args=[slug, notice.pk])
    carry_out(notice)
    notice.messages.update(state=MessageState.SENT, sent_at=timezone.now())
    return links


def _editing(event: Event) -> dict[str, str]:
    """The steps in which its host writes an event."""
    views = {
        "new event": reverse("events:hosting_new"),
        "what": reverse("bookings:hosted_what", args=[event.slug]),
        "page": reverse("events:hosted_page", args=[event.slug]),
        "duplicate": reverse("bookings:hosted_duplicate", args=[event.slug]),
    }
    for name in ("edit", "when", "where", "tickets", "new_ticket_type", "unpublish", "repeat"):
        views[name] = reverse(f"bookings:hosted_{name}", args=[event.slug])
    views |= _sharing(event)
    return {f"hosted {name}": path for name, path in views.items()}


def _series(host: Host) -> dict[str, str]:
    event = with_dates(TicketTypeFactory(event__host=host, event__title=LONG_NAME).event)
    views = {"dates": "dates", "more dates": "repeat", "cancel dates": "cancel_event"}
    paths = {
        f"hosted {name}": reverse(f"bookings:hosted_{view}", args=[event.slug])
        for name, view in views.items()
    }
    one_of_many = reverse("bookings:hosted_what", args=[event.slug])
    return paths | {
        "hosted one of many": one_of_many,
        "event, with dates": event.get_absolute_url(),
    }


def _sharing(event: Event) -> dict[str, str]:
    hall = SharedCapacityFactory(event=event, name="The great hall with both of its galleries")
    ticket_type = event.ticket_types.first()
    assert ticket_type is not None
    share_places(ticket_type=ticket_type, shared_capacity=hall)
    return {
        "ticket type": reverse("bookings:hosted_ticket_type", args=[event.slug, ticket_type.pk]),
        "shared places": reverse("bookings:hosted_shared_capacity", args=[event.slug, hall.pk]),
        "new shared places": reverse("bookings:hosted_new_shared_capacity", args=[event.slug]),
    }


def _asking(booking: Booking) -> dict[str, str]:
    """Questions of all kinds, one of them answered, and the promo code that the event has."""
    event = booking.event
    motto = QuestionFactory(event=event, text="Your motto", help_text="In a few words.")
    Answer.objects.create(booking=booking, question=motto, text="Carpe diem")
    diet = QuestionFactory(
        event=event,
        text="What do you eat?",
        kind="choice",
        choices=["Everything", "No meat"],
        is_per_ticket=True,
    )
    QuestionFactory(event=event, text="I stay until the end", kind="checkbox", is_required=True)
    QuestionFactory(event=event, text="Which floor?", retired_at=timezone.now())
    pages: dict[str, list[object]] = {
        "questions": ["hosted_questions"],
        "new question": ["hosted_new_question"],
        "question": ["hosted_question", diet.pk],
        "question, answered": ["hosted_question", motto.pk],
        "codes": ["hosted_codes"],
        "new code": ["hosted_new_code"],
        "code": ["hosted_code", event.promo_codes.get().pk],
    }
    return {
        f"hosted {name}": reverse(f"bookings:{view}", args=[event.slug, *args])
        for name, (view, *args) in pages.items()
    }

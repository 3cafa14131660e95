import datetime as dt
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from bookings.codes import TICKET_CODE_LENGTH
from bookings.persons import EmailKey
from bookings.ticket_codes import unify_code
from eventmate.kept_queries import Parameter

if TYPE_CHECKING:
    from accounts.models import User
    from bookings.models import Booking, Message, Notice, Question, Ticket, WaitlistEntry


MOST_KEYS = 5000  # of bookings that are alike, to look for by their keys


class BookingQuerySet(QuerySet["Booking"]):
    def confirmed(self) -> Self:
        return self.filter(status="confirmed")

    def holding_places(self) -> Self:
        """Those whose tickets count as taken: confirmed, and held, even past the deadline until
        the hold is released.
        """
        return self.filter(status__in=["pending", "confirmed"])

    def standing(self) -> Self:
        """Those that are confirmed, or held and can still be."""
        return self.filter(
            Q(status="confirmed") | Q(status="pending", expires_at__gt=timezone.now())
        )

    def overdue(self) -> Self:
        """Holds that have run out and were not released yet."""
        return self.filter(status="pending", expires_at__lte=timezone.now())

    def of_user(self, user: "User") -> Self:
        return self.filter(user=user)

    def for_listing(self) -> Self:
        """The newest first, with ``ticket_count``; without holds that came to nothing."""
        return (
            self.exclude(status="expired")
            .select_related("event__city")
            .defer("event__description")
            .annotate(ticket_count=_number_of_tickets())
            .order_by("-created_at", "-pk")
        )

    def for_page(self) -> Self:
        """A booking with all that its own pages show: two queries."""
        return (
            self.select_related("event__city", "promo_code")
            .defer("event__description")
            .prefetch_related("tickets__ticket_type")
        )

    def matching(self, text: str) -> Self:
        """Those with a text in their reference, or in a name or address of theirs."""
        tickets = apps.get_model("bookings.Ticket").objects.filter(booking=OuterRef("pk"))
        typed = Lower(Value(text))
        return self.filter(
            Q(search_text__contains=typed) | Exists(tickets.filter(search_text__contains=typed))
        )

    def with_failed_mail(self) -> Self:
        return self.filter(_failed_mails_of_booking())

    def for_hosting(self) -> Self:
        """The newest first, with ``ticket_count``, ``has_failed_mail`` and ``last_mail_state``."""
        mails = apps.get_model("bookings.Message").objects.filter(booking=OuterRef("pk"))
        return self.annotate(
            ticket_count=_number_of_tickets(),
            has_failed_mail=_failed_mails_of_booking(),
            last_mail_state=Subquery(mails.order_by("-pk").values("state")[:1]),
        ).order_by("-created_at", "-pk")


class TicketQuerySet(QuerySet["Ticket"]):
    def matching(self, text: str, *, event_id: int) -> Self:
        """Of the event's tickets, those with a text in a name, an address or the reference of
        theirs, or in whole as their code, as it is typed or scanned.

        Its bookings are looked through first, and once: with each ticket's booking beside it, that
        would take several times as long where nobody is like that.
        """
        typed = Lower(Value(text))
        bookings = apps.get_model("bookings.Booking").objects.filter(event=event_id)
        alike = bookings.filter(search_text__contains=typed).order_by()
        keys = list(alike.values_list("pk", flat=True)[: MOST_KEYS + 1])
        return self.filter(
            Q(search_text__contains=typed)
            | Q(booking__in=keys if len(keys) <= MOST_KEYS else alike.values("pk"))
            | Q(code=unify_code(text)[:TICKET_CODE_LENGTH])
        )

    def with_failed_mail(self) -> Self:
        return self.filter(_failed_mails_of_booking("booking"))

    def checked_in(self) -> Self:
        return self.filter(check_in__isnull=False)

    def not_checked_in(self) -> Self:
        return self.filter(check_in__isnull=True)

    def for_attendees(self) -> Self:
        """With all that the list of attendees shows: their bookings, ticket types, check-ins, and
        ``has_failed_mail``.
        """
        return self.select_related("booking", "ticket_type", "check_in__checked_in_by").annotate(
            has_failed_mail=_failed_mails_of_booking("booking")
        )


class WaitlistQuerySet(QuerySet["WaitlistEntry"]):
    def in_line(self, ticket_type_id: int) -> Self:
        """Those who wait for places of a ticket type, the first one first."""
        return self.filter(ticket_type=ticket_type_id, status="waiting").order_by("pk")

    def open(self, at: dt.datetime | Parameter | None = None) -> Self:
        """Those who wait, and those with an offer that can still be taken, for events to come."""
        now = at or timezone.now()
        has_open_offer = Q(status="offered", offer__status="pending", offer__expires_at__gt=now)
        return self.filter(
            Q(status="waiting") | has_open_offer,
            ticket_type__event__is_active=True,
            ticket_type__event__ends_at__gt=now,
        )

    def of_mailbox(self, email: str) -> Self:
        """Of a person, however they write their address."""
        return self.filter(email_key=EmailKey(Value(email)))

    def for_page(self) -> Self:
        return self.select_related(
            "ticket_type__event__city", "ticket_type__stock__shared_capacity", "offer"
        ).defer("ticket_type__event__description")


class NoticeQuerySet(QuerySet["Notice"]):
    def drafts(self) -> Self:
        """Letters that were not sent yet."""
        return self.filter(kind="letter", started_at=None)

    def told(self) -> Self:
        """All but drafts: what people are told, or were."""
        return self.exclude(kind="letter", started_at=None)

    def for_listing(self) -> Self:
        """The newest first, with ``told_at``; of a draft that is when it was begun."""
        return (
            self.annotate(told_at=Coalesce("started_at", "created_at"))
            .select_related("by")
            .prefetch_related("ticket_types")
            .order_by("-told_at", "-pk")
        )


class MessageQuerySet(QuerySet["Message"]):
    def failed(self) -> Self:
        return self.filter(state="failed")

    def unresolved(self) -> Self:
        """Those that failed, and have not been written again since. A letter says something else
        than the next one, so only the same one counts.
        """
        newer = (
            apps.get_model("bookings.Message")
            .objects.filter(booking=OuterRef("booking"), kind=OuterRef("kind"))
            .annotate(about=Coalesce("ticket", 0))
            .filter(about=Coalesce(OuterRef("ticket"), 0), pk__gt=OuterRef("pk"))
            .filter(~Q(kind="letter") | Q(notice=OuterRef("notice")))
        )
        return self.failed().filter(~Exists(newer))

    def of_event(self, event_id: int) -> Self:
        return self.filter(
            Q(booking__event=event_id) | Q(waitlist_entry__ticket_type__event=event_id)
        )


class QuestionQuerySet(QuerySet["Question"]):
    def asked(self) -> Self:
        """Of those who book now."""
        return self.filter(retired_at=None)

    def with_answers(self) -> Self:
        """Annotate ``is_answered``."""
        answers = apps.get_model("bookings.Answer").objects.filter(question=OuterRef("pk"))
        return self.annotate(is_answered=Exists(answers))

    def reported(self) -> Self:
        """What a table of answers has columns for: all that are asked or were answered."""
        return self.with_answers().filter(Q(retired_at=None) | Q(is_answered=True))


def _failed_mails_of_booking(booking: str = "pk") -> Exists:
    mails = apps.get_model("bookings.Message").objects
    return Exists(mails.unresolved().filter(booking=OuterRef(booking)))


def _number_of_tickets() -> Coalesce:
    """Of a booking. Unlike a join, it is left out where bookings are counted."""
    tickets = apps.get_model("bookings.Ticket").objects.filter(booking=OuterRef("pk"))
    counted = tickets.order_by().values("booking").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower

from bookings.codes import in_groups, make_ticket_code
from bookings.models.booking import Booking
from bookings.models.sales_triggers import TICKET_TRIGGERS
from bookings.querysets import TicketQuerySet
from eventmate.words import WordsOf
from events.models import TicketType

IS_NAMED = ~Q(attendee_name="") | ~Q(holder_email="")


def words_of_ticket() -> WordsOf:
    return WordsOf("attendee_name", "holder_email")


class Ticket(models.Model):
    """One seat. It exists from the hold on; the price is what it cost then.

    ``holder_email`` is whom it was sent on to, with a new code; empty while it is the buyer's.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="tickets")
    ticket_type = models.ForeignKey(
        TicketType, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    price = models.DecimalField(max_digits=10, decimal_places=2)
    attendee_name = models.CharField(max_length=150, blank=True)
    holder_email = models.EmailField("sent on to", blank=True, db_default="")
    search_text = models.GeneratedField(
        expression=Lower(
            Concat("attendee_name", Value(" "), "holder_email", output_field=models.TextField())
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    code = models.CharField(max_length=16, unique=True, default=make_ticket_code, editable=False)

    objects = TicketQuerySet.as_manager()

    if TYPE_CHECKING:  # what querysets.py annotates
        has_failed_mail: bool

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["booking"], name="ticket_sent_on", condition=~Q(holder_email="")),
            # The list of attendees, walked by keys.
            models.Index(fields=["ticket_type", "id"], name="ticket_by_type"),
            # The search of the admin. Holds have no names yet, and many tickets never.
            GinIndex(words_of_ticket(), name="ticket_words", condition=IS_NAMED),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(price__gte=0), name="ticket_price_valid")
        ]
        triggers: ClassVar = [*TICKET_TRIGGERS]

    def __str__(self) -> str:
        return self.code

    @property
    def is_checked_in(self) -> bool:
        return hasattr(self, "check_in")

    @property
    def code_in_groups(self) -> str:
        return in_groups(self.code)


class VoidCode(models.Model):
    """A code that a ticket had before it was sent on, and who had it. It opens no door any more."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="void_codes")
    code = models.CharField(max_length=16, unique=True)
    holder_name = models.CharField(max_length=150, blank=True)
    voided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.code

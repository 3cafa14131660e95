"""What hosts type: which bookings to show, and what to do with them."""

from typing import Any

from django import forms
from django.utils.functional import cached_property

from bookings.forms.address import AddressField
from bookings.hosting import Affected, affected_by_cancelling
from bookings.models import BookingStatus, Notice
from bookings.querysets import BookingQuerySet
from events.forms.editing.scope import ask_for_scope, is_for_following
from events.models import Event
from events.querysets import EventQuerySet

MAIL_FAILED = "mail_failed"


class BookingFilterForm(forms.Form):
    """From the query string; all is optional, and what makes no sense counts as not given."""

    q = forms.CharField(
        label="Search",
        max_length=100,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Reference, name or e-mail address"}
        ),
    )
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "All but expired holds"),
            (MAIL_FAILED, "Mail failed"),
            *BookingStatus.choices,
        ],
    )

    @property
    def has_input(self) -> bool:
        return bool(self.data.get("q") or self.data.get("show"))

    def narrow(self, bookings: BookingQuerySet) -> BookingQuerySet:
        self.is_valid()
        text, show = self.cleaned_data.get("q", ""), self.cleaned_data.get("show", "")
        if show == MAIL_FAILED:
            bookings = bookings.with_failed_mail()
        elif show:
            bookings = bookings.filter(status=show)
        else:
            bookings = bookings.exclude(status=BookingStatus.EXPIRED)
        return bookings.matching(text) if text else bookings


class CancelBookingForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        help_text="Kept in the booking’s history. You can leave it empty.",
        max_length=300,
        required=False,
    )


class ConfirmationForm(forms.Form):
    email = AddressField(
        label="Send it to",
        help_text="If the address was wrong, type the right one: the booking keeps it.",
        max_length=254,
    )


class CancelEventForm(forms.Form):
    text = forms.CharField(
        label="Your words to the buyers",
        help_text="They stand in the mail to everyone. You can leave them out.",
        max_length=Notice._meta.get_field("text").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        if event.series_id:
            ask_for_scope(self, self._following(), label="What you cancel", help_text="")

    @property
    def events(self) -> list[Event]:
        """What is to be cancelled: the date itself, and those after it where that was chosen."""
        return [self.event, *(self._following() if is_for_following(self) else [])]

    @cached_property
    def affected_with_following(self) -> Affected | None:
        if "scope" not in self.fields:
            return None
        return affected_by_cancelling([self.event, *self._following()])

    def _following(self) -> EventQuerySet:
        return Event.objects.following(self.event).published()

"""What hosts type: which bookings to show, and what to do with them."""

from django import forms

from bookings.forms.address import AddressField
from bookings.models import BookingStatus, Notice
from bookings.querysets import BookingQuerySet

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

"""The only way to a booking: it is one's own, or one has its signed link."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from bookings.models import Booking

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

_signer = Signer(salt="bookings.access")


def access_token(booking: Booking) -> str:
    """What a guest's link carries. It proves that the link came from us."""
    return _signer.signature(booking.reference)


def access_booking(
    *, reference: str, user: "AbstractBaseUser | AnonymousUser", token: str = ""
) -> Booking:
    """The booking with all that its pages show. Anyone else's is a 404, as if it were not there."""
    booking = Booking.objects.for_page().filter(reference=reference).first()
    if booking is None:
        raise Http404
    is_own = user.is_authenticated and booking.user_id == user.pk
    if not is_own and not _is_token_of(booking, token):
        raise Http404
    return booking


def _is_token_of(booking: Booking, token: str) -> bool:
    try:
        _signer.unsign(f"{booking.reference}:{token}")
    except BadSignature:
        return False
    return True


def booking_link(booking: Booking, view: str = "bookings:detail") -> str:
    """The path of one of the booking's pages, for anyone who has it."""
    return f"{reverse(view, args=[booking.reference])}?access={access_token(booking)}"

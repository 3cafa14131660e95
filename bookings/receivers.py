from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from bookings.services.booking import attach_guest_bookings


@receiver(email_confirmed)
def attach_bookings_of_verified_email(email_address: EmailAddress, **kwargs: Any) -> None:
    attach_guest_bookings(user=email_address.user, verified_email=email_address.email)


@receiver(user_logged_in)
def attach_bookings_made_meanwhile(user: Any, **kwargs: Any) -> None:
    """Of a guest who confirmed in the very moment in which the address was verified."""
    for address in EmailAddress.objects.filter(user=user, verified=True):
        attach_guest_bookings(user=user, verified_email=address.email)

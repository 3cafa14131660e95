from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from bookings.services.booking import attach_guest_bookings


@receiver(email_confirmed)
def attach_bookings_of_verified_email(email_address: EmailAddress, **kwargs: Any) -> None:
    attach_guest_bookings(user=email_address.user, verified_email=email_address.email)

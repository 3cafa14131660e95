from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.tasks import send_account_mail
from eventmate.client_address import client_address


class AccountAdapter(DefaultAccountAdapter):
    """What allauth does otherwise here: mail by the job worker, addresses behind proxies, words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed.",
        "cannot_remove_primary_email": "You cannot remove the address that you log in with.",
        "duplicate_email": "This address is already one of yours.",
        "email_password_mismatch": "The e-mail address or the password is not right.",
        "email_taken": "There is an account with this e-mail address already: log in instead.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "The password is not right.",
        "max_email_addresses": "You cannot have more than %d e-mail addresses.",
        "rate_limited": "That was too often. Please wait a few minutes.",
        "too_many_login_attempts": "Too many tries. Please wait a few minutes.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the message: a mail server that is slow or down does not stop a sign-up, and how
        long the answer takes does not tell whether there is such an account.
        """
        site = {"current_site": get_current_site(self.request)}
        message = self.render_mail(template_prefix, email, site | {"email": email} | context)
        send_account_mail.defer(
            subject=str(message.subject), body=str(message.body), recipient=email
        )

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Mark the address as verified, with all that hangs on it, or change nothing."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            messages.error(request, f"{email_address.email} belongs to another account.")
            return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.forms.profile import ProfileForm


@never_cache
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


@method_decorator(never_cache, name="dispatch")
class EmailAddressesView(EmailView):
    """allauth's page of one's e-mail addresses, without its dead ends."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keep_login_address_primary(request.user)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keep_login_address_primary(request.user)
        try:
            with transaction.atomic():
                response = super().post(request, *args, **kwargs)
        except IntegrityError:
            messages.error(request, "Another account logs in with that address.")
            return redirect("account_email")
        if "action_send" in request.POST and not self._did_send_verification_email:
            messages.info(request, "We sent you a link already. Please wait a few minutes.")
        return response


def keep_login_address_primary(user: Any) -> None:
    """Mark the address that someone logs in with, where nothing is marked.

    allauth does it at sign-up only. For other accounts the next address to be verified would
    silently become the login.
    """
    addresses = EmailAddress.objects.filter(user=user)
    if not addresses.filter(primary=True).exists():
        addresses.filter(email=user.email.lower()).update(primary=True)

"""allauth's forms in this site's words. Settings name them in ACCOUNT_FORMS."""

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.forms.profile import NAME_HINT

EMAIL = "E-mail address"
NEW_PASSWORD_HINT = "At least 8 characters, and not one that many people use."  # noqa: S105


class HouseWords:
    """Gives allauth's fields the labels and hints named, and no placeholders: labels suffice."""

    labels: ClassVar[dict[str, str]] = {}
    hints: ClassVar[dict[str, str]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class LoginForm(HouseWords, allauth_forms.LoginForm):
    labels: ClassVar = {
        "login": EMAIL,
        "password": "Password",
        "remember": "Keep me logged in on this device",
    }


class SignupForm(HouseWords, allauth_forms.SignupForm):
    name = forms.CharField(
        max_length=150, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )

    field_order: ClassVar = ["name", "email", "password1"]
    labels: ClassVar = {"name": "Your name", "email": EMAIL, "password1": "Password"}
    hints: ClassVar = {
        "name": NAME_HINT,
        "password1": NEW_PASSWORD_HINT,
    }

    def signup(self, request: HttpRequest, user: Any) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            # The same form a moment ago, by a double click: that one made the account.
            messages.info(request, "There is an account with this address now. Please log in.")
            return None, redirect("account_login")


class ResetPasswordForm(HouseWords, allauth_forms.ResetPasswordForm):
    labels: ClassVar = {"email": EMAIL}


class AddEmailForm(HouseWords, allauth_forms.AddEmailForm):
    labels: ClassVar = {"email": "Another e-mail address"}


class ReauthenticateForm(HouseWords, allauth_forms.ReauthenticateForm):
    labels: ClassVar = {"password": "Password"}


class NewPasswordWords(HouseWords):
    labels: ClassVar = {
        "oldpassword": "Current password",
        "password1": "New password",
        "password2": "New password, once more",
    }
    hints: ClassVar = {"password1": NEW_PASSWORD_HINT}


class ChangePasswordForm(NewPasswordWords, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(NewPasswordWords, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordKeyForm(NewPasswordWords, allauth_forms.ResetPasswordKeyForm):
    pass

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest
from procrastinate.contrib.django.admin import ProcrastinateJobAdmin
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Django's, for people who log in with their e-mail address and have one name."""

    add_form = NewUserForm
    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    list_per_page = 50
    search_fields = ("email", "name")
    date_hierarchy = "date_joined"
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "timezone", "language")}),
        (
            "What they may do",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Record", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "name", "usable_password", "password1", "password2"),
            },
        ),
    )


admin.site.unregister(ProcrastinateJob)


@admin.register(ProcrastinateJob)
class JobAdmin(ProcrastinateJobAdmin):
    """Procrastinate's without the arguments of jobs: those of account mail are its text, with the
    link that resets a password or takes over an address.
    """

    fields = [name for name in ProcrastinateJobAdmin.fields if name != "pretty_args"]
    list_display = [name for name in ProcrastinateJobAdmin.list_display if name != "pretty_args"]

    # Titles and labels name a job with its arguments: it has none here.

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        job = super().get_object(request, *args, **kwargs)
        if job is not None:
            job.args = {}
        return job

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        for job in changes.result_list:
            job.args = {}
        return changes

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Nor can they be guessed piece by piece (?args__body__contains=...)."""
        return not lookup.startswith("args") and super().lookup_allowed(lookup, value, request)

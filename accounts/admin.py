from typing import ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.postgres.search import SearchVectorExact
from django.db.models import Q

from accounts.models import User, words_of_user
from eventmate.admin_lists import LongListAdmin
from eventmate.words import Beginnings


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class UserAdmin(LongListAdmin, DjangoUserAdmin):
    """Django's, for people who log in with their e-mail address and have one name."""

    add_form = NewUserForm
    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "name")
    search_help_text = "Words of the name, e-mail address or its domain, as far as you know them."
    sorted_by_index: ClassVar = {"email": ("email",), "date_joined": ("date_joined",)}
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

    def found_by(self, terms: list[str]) -> Q:
        asked = Beginnings(word for term in terms for word in term.lower().split())
        return Q(SearchVectorExact(words_of_user(), asked))

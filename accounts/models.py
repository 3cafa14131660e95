from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower

from eventmate.pages.recording import Shown
from eventmate.timezones import validate_time_zone
from eventmate.words import DomainOf, WordsOf


def words_of_user() -> WordsOf:
    return WordsOf("name", "email", DomainOf("email"))


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The form in which addresses are kept and looked up: lower case throughout."""
        return (email or "").strip().lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account. A password of None makes one that cannot log in with a password."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email, password, **(fields | {"is_staff": True, "is_superuser": True})
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(Shown, AbstractUser):
    """Someone with an account. The e-mail address is the login, whatever its case."""

    username = None  # type: ignore[assignment]  # the e-mail address takes its place
    first_name = None  # type: ignore[assignment]  # names do not split the same way everywhere
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150, blank=True)
    timezone = models.CharField(
        "time zone", max_length=64, default="UTC", validators=[validate_time_zone]
    )
    language = models.CharField(max_length=10, default="en")

    objects = UserManager()  # type: ignore[assignment,misc]  # AbstractUser declares its own manager's type

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        indexes: ClassVar = [
            # The search of the admin, and its years.
            GinIndex(words_of_user(), name="user_words"),
            models.Index(fields=["date_joined"], name="user_joined"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="An account with this e-mail address exists already.",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ", 1)[0] if self.name else self.email.split("@", 1)[0]

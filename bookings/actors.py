"""Who changes a booking, for its history."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


class ActorRole(models.TextChoices):
    BUYER = "buyer", "Buyer"
    HOLDER = "holder", "Ticket holder"
    HOST = "host", "Host"
    ADMIN = "admin", "Admin"
    SYSTEM = "system", "EventMate"


@dataclass(frozen=True, slots=True)
class Actor:
    role: ActorRole
    user: "User | None" = None

    @classmethod
    def buyer(cls, user: object = None) -> "Actor":
        """Who books, logged in or not."""
        return cls(ActorRole.BUYER, _account(user))

    @classmethod
    def holder(cls, user: object = None) -> "Actor":
        """Whom a ticket was sent on to, logged in or not."""
        return cls(ActorRole.HOLDER, _account(user))

    @classmethod
    def host(cls, user: "User") -> "Actor":
        return cls(ActorRole.HOST, user)

    @classmethod
    def admin(cls, user: object) -> "Actor":
        return cls(ActorRole.ADMIN, _account(user))


SYSTEM = Actor(ActorRole.SYSTEM)


def _account(user: object) -> "User | None":
    return user if getattr(user, "is_authenticated", False) else None  # type: ignore[return-value]

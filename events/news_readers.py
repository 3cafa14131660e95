"""Which readers of hosts' news there is mail for."""

from typing import TYPE_CHECKING, Self

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet

if TYPE_CHECKING:
    from events.models import NewsReader


class NewsReaderQuerySet(QuerySet["NewsReader"]):
    def mailed(self) -> Self:
        """Those who follow a host and want mail about it, at an address that is known to be
        theirs.
        """
        own = EmailAddress.objects.filter(
            user=OuterRef("user"), email__iexact=OuterRef("user__email"), verified=True
        )
        follows = apps.get_model("events.HostFollower").objects.filter(
            user=OuterRef("user"), is_mailed=True
        )
        return self.filter(Exists(own), Exists(follows), user__is_active=True)

    def longest_waiting(self) -> Self:
        return self.order_by("looked_at", "pk")

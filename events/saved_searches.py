"""Which saved searches there is mail for."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from events.models import SavedSearch


def has_own_address(user: Any) -> bool:
    """Whether the address of an account is known to be theirs, so that mail may go there."""
    own = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return own.exists()


class SavedSearchQuerySet(QuerySet["SavedSearch"]):
    def of(self, user: Any) -> Self:
        return self.filter(user=user)

    def mailed(self, frequency: str) -> Self:
        """Those of accounts whose address is known to be theirs."""
        own = EmailAddress.objects.filter(
            user=OuterRef("user"), email__iexact=OuterRef("user__email"), verified=True
        )
        return self.filter(Exists(own), frequency=frequency, user__is_active=True)

    def with_moved_days(self, *, since: dt.datetime) -> Self:
        """Those whose days may be others than when they were looked at."""
        return self.filter(has_moving_days=True, looked_at__lte=since)

    def told_before(self, newest: dt.datetime) -> Self:
        return self.filter(told_until__lte=newest)

    def with_likely_news(self, *, since: dt.datetime, until: dt.datetime) -> Self:
        """Those with listings that have their tags and words and were not told of. ``since`` is
        when the first of them all was told last: PostgreSQL then sees how few are new.
        """
        return self.filter(_likely_news(since, until))

    def rested(self, since: dt.datetime) -> Self:
        """Those about which no mail was written since then."""
        return self.filter(Q(mailed_at=None) | Q(mailed_at__lte=since))

    def longest_waiting(self) -> Self:
        return self.order_by(F("looked_at"), "pk")


def _likely_news(since: dt.datetime, until: dt.datetime) -> Exists:
    has_words = Func(
        F("document"),
        OuterRef("words"),
        template="(%(expressions)s)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )
    return Exists(
        apps.get_model("events.Listing").objects.filter(
            # In this order: words lie apart from the rows.
            Q(listed_at__gte=OuterRef("told_until")) & Q(tags__contains=OuterRef("tags")),
            Coalesce(has_words, Value(True)),
            listed_at__gte=since,
            listed_at__lt=until,
        )
    )

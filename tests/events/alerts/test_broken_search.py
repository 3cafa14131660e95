"""A search that cannot be looked at ends nobody else's mail."""

import pytest

from events.alerts.queueing import queue_weekly_alerts
from tests.events.alerts.mailbox import at, instant_mail, instant_search, weekly_search
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db


def test_search_that_cannot_be_computed_ends_no_other_mail(caplog):
    """As where a time zone is none any more, after an update of their data."""
    broken = instant_search()
    type(broken.user).objects.filter(pk=broken.user.pk).update(timezone="Mars/Olympus")
    instant_search()
    EventFactory()

    assert len(instant_mail()) == 1
    assert f"Saved search {broken.pk} cannot be looked at." in caplog.text


def test_time_zone_that_is_none_any_more_ends_no_other_weekly_mail(caplog):
    broken = weekly_search()
    type(broken.user).objects.filter(pk=broken.user.pk).update(timezone="Mars/Olympus")
    weekly_search()
    EventFactory(starts_at=at(19, 20))

    assert queue_weekly_alerts(at(8)) == 1
    assert "Nobody in the time zone 'Mars/Olympus' gets weekly mail" in caplog.text

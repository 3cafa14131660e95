from typing import Any

from django import forms

from events.forms.editing.when import WhenForm
from events.forms.schedule import ENDS
from events.localtime import to_wall_clock


class CopyForm(WhenForm):
    """The times of an event that is not stored yet, made after the pattern of another. The hours
    are those of the pattern, the days are to be given.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance
        self.fields["starts_on"].label = "The new date"
        if event.is_all_day:
            return
        for end, instant in zip(ENDS, (event.starts_at, event.ends_at), strict=True):
            wall_clock, _ = to_wall_clock(instant, event.timezone)
            self.initial[f"{end}_time"] = wall_clock.time().replace(second=0, microsecond=0)

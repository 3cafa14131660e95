import datetime as dt
from typing import Any, ClassVar

from events.forms.editing.part import PartForm
from events.forms.schedule import ENDS, ScheduleForm, time_zone_choices
from events.models import Event
from events.services.following_dates import Changed, DateImpossibleError, change_following
from events.wall_times import WallTimes

DAY = dt.timedelta(days=1)


def chosen_zones() -> list[tuple[str, Any]]:
    return [("", "Choose"), *time_zone_choices()[1:]]


class WhenForm(PartForm, ScheduleForm):
    """The times of an event, on the clock of its place. Where it is only online, that is of a time
    zone to choose; where its place is not known yet, these are kept for that clock.
    """

    also_written = ("starts_at", "ends_at", "timezone", "is_scheduled")

    class Meta:
        model = Event
        fields = ("is_all_day", "timezone")
        labels: ClassVar = {"is_all_day": "It takes whole days"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = False
        event = self.instance
        self._times_before = WallTimes.of(event)
        if event.city_id or not event.is_online:
            del self.fields["timezone"]
        else:
            zone = self.fields["timezone"]
            zone.choices, zone.required = chosen_zones, True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        first, last = (self.cleaned_data.get(f"{end}_on") for end in ENDS)
        if first and not last and not self.has_error("ends_on"):
            self.cleaned_data["ends_on"] = first + DAY if self._ends_in_the_night() else first
        return super().clean()

    def change_following(self) -> list[Changed]:
        times = self._times_before, WallTimes.of(self.instance)
        if times[0] == times[1]:
            return []
        starts, ends = (self.cleaned_data[f"{end}_occurrence"] for end in ENDS)
        occurrence = ends if starts is None else starts
        return change_following(event=self.instance, values={}, times=times, occurrence=occurrence)

    def explain(self, error: DateImpossibleError) -> None:
        """Tell of another date that cannot be so, and ask which time is meant."""
        if error.is_question:
            self._occurrence_field("starts").ask()
        self.add_error("starts_occurrence" if error.is_question else "starts_on", str(error))

    def _clean_zone(self) -> str:
        if "timezone" in self.fields:
            return super()._clean_zone()
        return self.instance.timezone

    def _ends_in_the_night(self) -> bool:
        if self.cleaned_data.get("is_all_day"):
            return False
        start, end = (self.cleaned_data.get(f"{end}_time") for end in ENDS)
        return start is not None and end is not None and end <= start

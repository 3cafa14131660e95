import datetime as dt
from typing import Any, ClassVar

from events.forms.editing.city import CityField, label_of, suggested_cities
from events.forms.editing.part import PartForm
from events.forms.editing.when import chosen_zones
from events.forms.schedule import ENDS, ScheduleForm
from events.models import Event
from events.services.cities import store_city
from events.services.following_dates import Changed, DateImpossibleError, change_following
from events.wall_times import WallTimes


class WhereForm(PartForm, ScheduleForm):
    """The place of an event. Its times stay what the clock shows: 19:00 in another city is 19:00
    there. Where that cannot be, the times have to be changed first.
    """

    also_written = ("latitude", "longitude")

    city = CityField(
        label="City",
        required=False,
        help_text="Its clock is the one that the times are on. Empty if it is only online.",
    )

    class Meta:
        model = Event
        fields = ("is_all_day", "timezone", "is_online", "city", "venue", "address")
        labels: ClassVar = {"is_online": "People can attend online"}
        help_texts: ClassVar = {
            "venue": "The name of the building or the room.",
            "address": "Street and number, as a map finds it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance
        self.city_before, self.zone_before = event.city, event.timezone
        self._times_before = WallTimes.of(event)
        self.initial["city"] = label_of(event.city) if event.city else ""
        zone = self.fields["timezone"]
        zone.choices = chosen_zones  # type: ignore[attr-defined]
        zone.help_text = "Only where there is no city to take it from."
        if event.city_id or not event.is_online:
            self.initial["timezone"] = ""
        self._keep_times()

    def save(self, commit: bool = True) -> Any:
        found = self.fields["city"].found  # type: ignore[attr-defined]
        if commit and found:
            self.instance.city = store_city(found=found)
        return super().save(commit)

    def change_following(self) -> list[Changed]:
        """Their times stay what the clock shows, too."""
        names = {"is_online", "city", "venue", "address"} & set(self.changed_data)
        values = {name: getattr(self.instance, name) for name in names}
        if names - {"is_online"}:
            values |= {"latitude": None, "longitude": None}
        times = self._times_before, WallTimes.of(self.instance)
        if times[0].timezone == times[1].timezone:
            return change_following(event=self.instance, values=values) if values else []
        return change_following(
            event=self.instance,
            values=values,
            times=times,
            occurrence=self.cleaned_data["starts_occurrence"],
        )

    def explain(self, error: DateImpossibleError) -> None:
        """Tell of another date that cannot be so, and ask which time is meant."""
        if error.is_question:
            self._occurrence_field("starts").ask()
        self.add_error("starts_occurrence" if error.is_question else "city", str(error))

    def written(self) -> set[str]:
        """The times only where they are other instants now, as others may be changing them."""
        names = super().written() - {"is_all_day"}
        has_new_clock = self.instance.timezone != self.zone_before
        return names | {"starts_at", "ends_at"} if has_new_clock else names - {"timezone"}

    @property
    def suggested_cities(self) -> list[str]:
        return suggested_cities()

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not cleaned.get("city") and not cleaned.get("is_online") and not self.has_error("city"):
            self.add_error("city", "Give a city, or say that people can attend online.")
        has_moved = cleaned.get("city") != self.city_before
        if has_moved or {"venue", "address"} & set(self.changed_data):
            self.instance.latitude = self.instance.longitude = None
        return cleaned

    def _clean_zone(self) -> str:
        city = self.cleaned_data.get("city")
        if city is not None:
            is_same = city == self.city_before
            zone_name: str = self.zone_before if is_same else city.timezone
            self.cleaned_data["timezone"] = zone_name
            return zone_name
        if self.has_error("city") or not self.cleaned_data.get("is_online"):
            self.cleaned_data["timezone"] = self.zone_before
            return ""
        return super()._clean_zone()

    def _clean_end(self, end: Any, zone_name: str) -> dt.datetime | None:
        """What cannot be is told at the city, as the times are at another step."""
        if f"{end}_on" not in self.fields:
            return None
        instant = super()._clean_end(end, zone_name)
        for name in (f"{end}_on", f"{end}_time"):
            for message in self.errors.pop(name, []):
                self.add_error("city", f"{message} Change the times first.")
        return instant

    def _keep_times(self) -> None:
        for end in ENDS:
            for part in ("on", "time"):
                if self.instance.is_scheduled:
                    self.fields[f"{end}_{part}"].disabled = True
                else:
                    del self.fields[f"{end}_{part}"]
            if not self.instance.is_scheduled:
                del self.fields[f"{end}_occurrence"]
        self.fields["is_all_day"].disabled = True

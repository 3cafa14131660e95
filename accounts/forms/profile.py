from collections.abc import Iterator
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model

from eventmate.timezones import time_zone_names

NAME_HINT = "As it should stand on tickets and beside your reviews. You can leave it empty."

# The parts of the world in the IANA names; other names are old spellings of the same zones.
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


class ProfileForm(forms.ModelForm):
    timezone = forms.ChoiceField(
        label="Time zone",
        help_text="Events are shown in the time of their own place, whatever you choose here.",
    )
    language = forms.ChoiceField()

    class Meta:
        model = get_user_model()
        fields: ClassVar = ["name", "timezone", "language"]
        labels: ClassVar = {"name": "Your name"}
        help_texts: ClassVar = {"name": NAME_HINT}
        widgets: ClassVar = {"name": forms.TextInput({"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("timezone", time_zone_choices(self.instance.timezone))
        self._offer("language", settings.LANGUAGES)
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]

    def _offer(self, name: str, choices: Any) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices


def time_zone_choices(kept: str) -> list[Any]:
    """The zones by part of the world, and the one kept so far even if that is an old spelling."""
    choices: list[Any] = [("UTC", "UTC")]
    if kept != "UTC" and kept.partition("/")[0] not in REGIONS:
        choices.append((kept, kept))
    return choices + [(region, list(_zones_of(region))) for region in REGIONS]


def _zones_of(region: str) -> Iterator[tuple[str, str]]:
    for name in sorted(time_zone_names()):
        if name.startswith(f"{region}/"):
            yield name, name.removeprefix(f"{region}/").replace("_", " ")

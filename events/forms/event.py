from typing import Any, ClassVar

from django import forms

from events.forms.schedule import ScheduleForm
from events.models import Event
from events.services.slugs import event_slug

# All that an edit writes: not the status, which someone may be changing at the same moment.
WRITTEN_FIELDS = [
    field.name
    for field in Event._meta.concrete_fields
    if field.name == "updated_at"
    or (field.editable and not field.primary_key and field.name != "status")
]


class EventForm(ScheduleForm):
    """All of an event that people write. Its status is changed by events/services/publishing.py."""

    class Meta:
        model = Event
        fields = (
            "title",
            "slug",
            "summary",
            "description",
            "category",
            "host",
            "language",
            "website",
            "is_all_day",
            "timezone",
            "city",
            "venue",
            "address",
            "latitude",
            "longitude",
            "is_online",
            "allows_pay_at_door",
            "max_tickets_per_booking",
            "max_tickets_per_person",
            "cancellation_hours",
        )
        widgets: ClassVar = {"summary": forms.Textarea(attrs={"rows": 2})}
        help_texts: ClassVar = {
            "slug": "Of its address. Left empty, it is made from the title.",
            "is_all_day": "Then only the days count; the event ends with the last of them.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("slug") == "" and self.cleaned_data.get("title"):
            self.cleaned_data["slug"] = event_slug(
                title=self.cleaned_data["title"], event=self.instance
            )
        return self.cleaned_data

    def save(self, commit: bool = True) -> Event:
        is_new = self.instance.pk is None
        event: Event = super().save(commit=commit and is_new)
        if commit and not is_new:
            event.save(update_fields=WRITTEN_FIELDS)
        return event

from typing import Any, ClassVar

from django import forms
from django.utils.text import Truncator

from events.forms.addresses import describe_search, lasting_query, parse_search
from events.models import MailFrequency, SavedSearch
from events.models.saved_search import LONGEST_QUERY

LONGEST_NAME = 120
CHOICES = [
    (MailFrequency.WEEKLY, "Once a week, on Thursday morning"),
    (MailFrequency.INSTANT, "As soon as they are listed, at most once an hour"),
    (MailFrequency.NEVER, "No mail: I look myself"),
]


def frequency_field(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Mail about new events", choices=CHOICES, widget=forms.RadioSelect, **options
    )


class SaveSearchForm(forms.Form):
    """A search of the list, to be kept. ``query`` is that of its address."""

    query = forms.CharField(required=False, max_length=2 * LONGEST_QUERY, widget=forms.HiddenInput)
    name = forms.CharField(required=False, max_length=LONGEST_NAME)
    frequency = frequency_field(initial=MailFrequency.WEEKLY)

    def clean_query(self) -> str:
        search = parse_search(self.cleaned_data["query"])
        if not search.is_valid():
            raise forms.ValidationError("Some of the filters do not work.")
        query = lasting_query(search)
        if len(query) > LONGEST_QUERY:
            raise forms.ValidationError("These are too many filters to keep.")
        self.description = Truncator(describe_search(search)).chars(LONGEST_NAME)
        self.criteria = search.criteria
        self.has_moving_days = bool(search.cleaned_data["when"])
        return query

    def clean_name(self) -> str:
        return self.cleaned_data["name"] or getattr(self, "description", "")


class ChangeSearchForm(forms.ModelForm):
    frequency = frequency_field()

    class Meta:
        model = SavedSearch
        fields: ClassVar = ["name", "frequency"]

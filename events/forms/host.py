"""What people type about a host and its team."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.core.validators import URLValidator

from events.models import Host, HostMember, HostRole

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST_DESCRIPTION = 5000
REMOVE = "remove"

ROLES = [
    (HostRole.MANAGER, "Manager: everything about events, bookings and the team"),
    (HostRole.DOOR, "Door staff: attendees and check-in, nothing else"),
]


class HostForm(forms.ModelForm):
    """What the public is told of a host."""

    description = forms.CharField(
        label="About you",
        help_text="Who you are and what you put on. Markdown works. You can leave it empty.",
        max_length=LONGEST_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    website = forms.URLField(
        help_text="You can leave it empty.",
        max_length=200,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(["http", "https"])],
        # A browser would refuse "example.com", which is what people type.
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )

    class Meta:
        model = Host
        fields: ClassVar = ["name", "description", "website", "email"]
        labels: ClassVar = {"name": "Name", "email": "Contact e-mail"}
        help_texts: ClassVar = {
            "name": "As it stands on your events: of a club, a band, a company or a person.",
            "email": "For everyone to see; answers to your events’ mail go there."
            " You can leave it empty.",
        }
        widgets: ClassVar = {
            "name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }


class InvitationForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(
        label="As", choices=ROLES, initial=HostRole.DOOR, widget=forms.RadioSelect
    )

    def clean_role(self) -> HostRole:
        return HostRole(self.cleaned_data["role"])


class MemberForm(forms.Form):
    """What becomes of someone on the team."""

    role = forms.ChoiceField(
        label="They are",
        choices=[*ROLES, (REMOVE, "Not on the team any more")],
        widget=forms.RadioSelect,
    )


class ManagerField(forms.ModelChoiceField):
    def label_from_instance(self, obj: HostMember) -> str:
        return obj.user.get_full_name()


class HandOverForm(forms.Form):
    member = ManagerField(
        label="The new owner",
        queryset=HostMember.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, managers: "QuerySet[HostMember]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ManagerField, self.fields["member"]).queryset = managers

import uuid
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Q

from events.forms.editing.part import PartForm
from events.models import Event, EventStatus, Host


class WhatForm(PartForm):
    """What an event is, and whose. ``user`` chooses among the hosts that they manage. An event that
    is public keeps its host, one that people have asked for does (``keeps_host``), as what they
    told is for that host, and so does a date of a series.
    """

    class Meta:
        model = Event
        fields = ("title", "category", "host")
        labels: ClassVar = {"title": "What is it called?", "category": "What kind of event is it?"}

    def __init__(self, *args: Any, user: Any, keeps_host: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance
        self._field("category").empty_label = "Choose"
        is_draft = event.status == EventStatus.DRAFT
        if keeps_host or event.series_id or (event.pk and not is_draft):
            del self.fields["host"]
            return
        is_allowed = Q(pk__in=Host.objects.managed_by(user).values("pk"))
        if event.pk:
            is_allowed |= Q(pk=event.host_id)
        hosts = self._field("host")
        hosts.queryset = Host.objects.filter(is_allowed)
        hosts.label, hosts.empty_label = "Who hosts it?", "Choose"
        self.hosts = list(hosts.queryset)
        if len(self.hosts) == 1:
            self.initial["host"] = self.hosts[0].pk
            hosts.widget = forms.HiddenInput()

    def _field(self, name: str) -> "forms.ModelChoiceField[Any]":
        return cast("forms.ModelChoiceField[Any]", self.fields[name])


class NewEventForm(WhatForm):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

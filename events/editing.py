"""The steps in which a host writes an event."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from events.models import Event, EventStatus

OVERVIEW = "bookings:hosted_edit"
# Where to go once a step is saved, by the button that was pressed; any other goes on.
BACK, TO_OVERVIEW = "back", "overview"


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    view: str


WHAT = Step("What", "bookings:hosted_what")
WHEN = Step("When", "bookings:hosted_when")
WHERE = Step("Where", "bookings:hosted_where")
TICKETS = Step("Tickets", "bookings:hosted_tickets")
PAGE = Step("Page", "events:hosted_page")
STEPS = (WHAT, WHEN, WHERE, TICKETS, PAGE)
# Not one of the steps to publishing: an event without pictures gets a cover that is drawn for it.
PICTURES = Step("Pictures", "events:hosted_images")


@dataclass(frozen=True, slots=True)
class Progress:
    """At which step someone is. A new event has no pages to go to yet."""

    step: Step
    event: Event | None = None

    @property
    def number(self) -> int:
        return STEPS.index(self.step) + 1

    @property
    def steps(self) -> list[tuple[Step, str]]:
        """All of them, with their addresses."""
        return [(step, self._url(step.view)) for step in STEPS]

    @property
    def is_draft(self) -> bool:
        return self.event is None or self.event.status == EventStatus.DRAFT

    @property
    def own_url(self) -> str:
        return self._url(self.step.view)

    @property
    def next(self) -> Step | None:
        return STEPS[self.number] if self.number < len(STEPS) else None

    @property
    def previous(self) -> Step | None:
        return STEPS[self.number - 2] if self.number > 1 else None

    @property
    def back_url(self) -> str:
        return self._url(self.previous.view if self.previous else OVERVIEW)

    @property
    def next_url(self) -> str:
        """Of an event that people see already, steps are changed one by one."""
        return self._url(self.next.view if self.next and self.is_draft else OVERVIEW)

    def after_saving(self, data: Mapping[str, str]) -> str:
        """The address to go to, by the button that sent the form."""
        asked = data.get("then")
        if asked == BACK:
            return self.back_url
        return self._url(OVERVIEW) if asked == TO_OVERVIEW else self.next_url

    def _url(self, view: str) -> str:
        return reverse(view, args=[self.event.slug]) if self.event else ""

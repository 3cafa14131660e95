"""What mail to buyers and to ticket holders has in common: reminders, and what changed."""

from django.utils import timezone

from bookings.mail.content import title_of
from bookings.models import Message, MessageKind, Notice
from events.models import Event


def reminder_subject(message: Message, event: Event) -> str:
    if message.kind == MessageKind.REMINDER_HOUR:
        return f"{title_of(event)} starts at {_clock(event)}"
    day = day_of(event)
    return f"{day[:1].upper()}{day[1:]}: {title_of(event)}"


def reminder_context(event: Event) -> dict[str, object]:
    return {"day": day_of(event), "clock": _clock(event)}


def day_of(event: Event) -> str:
    """When it starts as people say it when the mail goes out, which can be late."""
    schedule = event.schedule
    days = (schedule.first_day - timezone.localdate(timezone=schedule.start.tzinfo)).days
    return {0: "today", 1: "tomorrow"}.get(days, f"on {schedule.start:%A}")


def notice_of(message: Message) -> Notice:
    """Of a message that tells of a change: there is none without one."""
    return Notice.objects.get(messages=message)


def change_subject(notice: Notice, event: Event) -> str:
    changed = " and ".join(
        name for name, old in (("time", notice.old_time), ("place", notice.old_place)) if old
    )
    return f"New {changed}: {title_of(event)}" if changed else f"News on {title_of(event)}"


def cancellation_subject(message: Message, event: Event, what: str) -> str:
    if message.notice is not None:
        return f"Cancelled: {title_of(event)}"
    return f"Your {what} for {title_of(event)} is cancelled"


def _clock(event: Event) -> str:
    """Empty for whole days."""
    schedule = event.schedule
    return f"{schedule.start:%H:%M} {schedule.zone}" if schedule.hours else ""

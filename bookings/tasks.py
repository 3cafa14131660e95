"""Jobs that the worker runs by itself, each harmless when it runs twice. Procrastinate finds this
module by its name.
"""

import contextlib

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from bookings.mail import sending  # noqa: F401  # declares its job
from bookings.models import AttendeeImport, Notice
from bookings.services import attendee_imports, notices
from bookings.services.expiry import release_overdue_holds
from bookings.services.figures import add_sales_changes, correct_figures
from bookings.services.growth import count_growth
from bookings.services.messages import fail_lost_messages
from bookings.services.reminders import queue_reminders
from bookings.services.verification import verify_inventory
from bookings.services.waitlist import offer_places

RETRIES = RetryStrategy(max_attempts=8, exponential_wait=4)
# Its host waits, and can have it tried again.
IMPORT_RETRIES = RetryStrategy(max_attempts=4, exponential_wait=4)


@app.periodic(cron="* * * * *")
@app.task(name="bookings.release_overdue_holds", queueing_lock="bookings.release_overdue_holds")
def release_overdue_holds_job(timestamp: int) -> None:
    release_overdue_holds()


@app.periodic(cron="* * * * *")
@app.task(name="bookings.offer_places", queueing_lock="bookings.offer_places")
def offer_places_job(timestamp: int) -> None:
    offer_places()


@app.periodic(cron="*/5 * * * *")
@app.task(name="bookings.carry_out_notices", queueing_lock="bookings.carry_out_notices")
def carry_out_notices_job(timestamp: int) -> None:
    """Each in a job of its own, so that one that cannot be carried out does not stop the others."""
    for notice_id in notices.unfinished_notices():
        with contextlib.suppress(AlreadyEnqueued):
            lock = f"bookings.notice:{notice_id}"
            carry_out_notice_job.configure(queueing_lock=lock).defer(notice_id=notice_id)


@app.task(name="bookings.carry_out_notice", retry=RETRIES)
def carry_out_notice_job(notice_id: int) -> None:
    notices.carry_out(Notice.objects.get(pk=notice_id))


@app.task(name=attendee_imports.JOB, retry=IMPORT_RETRIES)
def import_attendees_job(import_id: int) -> None:
    attendee_imports.carry_out(AttendeeImport.objects.get(pk=import_id))


@app.periodic(cron="* * * * *")
@app.task(name="bookings.fail_lost_imports", queueing_lock="bookings.fail_lost_imports")
def fail_lost_imports_job(timestamp: int) -> None:
    attendee_imports.fail_lost_imports()


@app.periodic(cron="*/5 * * * *")
@app.task(name="bookings.queue_reminders", queueing_lock="bookings.queue_reminders")
def queue_reminders_job(timestamp: int) -> None:
    queue_reminders()


@app.periodic(cron="*/10 * * * *")
@app.task(name="bookings.fail_lost_messages", queueing_lock="bookings.fail_lost_messages")
def fail_lost_messages_job(timestamp: int) -> None:
    fail_lost_messages()


@app.periodic(cron="17 * * * *")
@app.task(name="bookings.verify_inventory", queueing_lock="bookings.verify_inventory")
def verify_inventory_job(timestamp: int) -> None:
    verify_inventory()


@app.periodic(cron="* * * * *")
@app.task(name="bookings.add_sales_changes", queueing_lock="bookings.add_sales_changes")
def add_sales_changes_job(timestamp: int) -> None:
    add_sales_changes()


@app.periodic(cron="7 * * * *")
@app.task(name="bookings.count_growth", queueing_lock="bookings.count_growth")
def count_growth_job(timestamp: int) -> None:
    count_growth()


@app.periodic(cron="20 3 * * *")
@app.task(name="bookings.correct_figures", queueing_lock="bookings.correct_figures")
def correct_figures_job(timestamp: int) -> None:
    correct_figures()

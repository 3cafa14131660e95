"""Jobs that the worker runs by itself. Procrastinate finds this module by its name."""

from procrastinate.contrib.django import app

from bookings import mail  # noqa: F401  # declares its jobs
from bookings.services.expiry import release_overdue_holds


@app.periodic(cron="* * * * *")
@app.task(name="bookings.release_overdue_holds", queueing_lock="bookings.release_overdue_holds")
def release_overdue_holds_job(timestamp: int) -> None:
    release_overdue_holds()

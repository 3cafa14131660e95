"""Jobs that the worker runs by itself. Procrastinate finds this module by its name."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from health.services import resume_stalled_jobs

AHEAD_OF_THE_QUEUE = 100


@app.periodic(cron="* * * * *")
@app.task(
    name="health.resume_stalled_jobs",
    queueing_lock="health.resume_stalled_jobs",
    priority=AHEAD_OF_THE_QUEUE,
    pass_context=True,
)
def resume_stalled_jobs_job(context: JobContext, timestamp: int) -> None:
    resume_stalled_jobs(running_worker=context.job.worker_id)

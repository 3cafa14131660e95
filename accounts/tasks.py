"""Jobs of the worker. Procrastinate finds this module by its name."""

from django.core.mail import EmailMessage
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

RETRIES = RetryStrategy(max_attempts=8, exponential_wait=4)
QUEUE = "account-mail"
KEPT_HOURS = 24


@app.task(name="accounts.send_account_mail", queue=QUEUE, retry=RETRIES)
def send_account_mail(subject: str, body: str, recipient: str) -> None:
    """Send what may hold a secret, such as the link that resets a password.

    The worker deletes the job with its text when it is done (--delete-jobs=successful); a job that
    failed for good goes with delete_unsent_account_mail.
    """
    EmailMessage(subject, body, to=[recipient]).send()


@app.periodic(cron="20 * * * *")
@app.task(
    name="accounts.delete_unsent_account_mail", queueing_lock="accounts.delete_unsent_account_mail"
)
async def delete_unsent_account_mail(timestamp: int) -> None:
    """Delete mail that was given up, a day later: somebody may have mended the mail server and
    started its job again.
    """
    await app.job_manager.delete_old_jobs(
        nb_hours=KEPT_HOURS,
        queue=QUEUE,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )

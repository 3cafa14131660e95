"""Jobs of the worker. Procrastinate finds this module by its name."""

from django.core.mail import EmailMessage
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

RETRIES = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="accounts.send_account_mail", retry=RETRIES)
def send_account_mail(subject: str, body: str, recipient: str) -> None:
    EmailMessage(subject, body, to=[recipient]).send()

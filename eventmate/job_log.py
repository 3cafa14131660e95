"""What the log says of jobs."""

import logging


class WithoutArguments(logging.Filter):
    """Takes the arguments of jobs out of Procrastinate's records: mail to an account holds secrets,
    such as the link that resets its password.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        job = getattr(record, "job", None)
        if isinstance(job, dict) and "call_string" in job:
            name = f"{job['task_name']}[{job['id']}]"
            record.msg = str(record.msg).replace(job["call_string"], name)
            record.job = job | {"call_string": name, "task_kwargs": {}}
        return True

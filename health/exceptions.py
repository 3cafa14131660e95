class JobNotRetried(Exception):
    """A job was not put back in the queue, for the reason that the message gives."""

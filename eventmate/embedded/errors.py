class ServiceError(Exception):
    """A service cannot run here. The message is one line for whoever typed the command."""

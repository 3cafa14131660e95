"""The site for Gunicorn, whose passwords are hashed where all its requests run."""

from accounts import hashers

# isort: split
from eventmate.wsgi import application

__all__ = ["application"]


hashers.run_in_thread = lambda function, *arguments: function(*arguments)

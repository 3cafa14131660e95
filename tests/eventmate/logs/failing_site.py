"""The site with pages that fail, for Gunicorn."""

from typing import NoReturn

from django.conf import settings
from django.http import HttpRequest
from django.urls import path

# Django must be set up before models are imported.
from eventmate.wsgi import application

# isort: split
from accounts.models import User
from eventmate import urls

__all__ = ["application"]

settings.ROOT_URLCONF = __name__

handler400, handler500 = urls.handler400, urls.handler500


def fail(request: HttpRequest, code: str) -> NoReturn:
    secret = request.GET["secret"]
    person = f"{request.GET['name']} <{request.GET['email']}>"
    raise ValueError(f"no mail to {person} at {request.get_full_path()}, token={secret}")


def break_constraint(request: HttpRequest, code: str) -> NoReturn:
    """PostgreSQL quotes the row."""
    User.objects.create(email=request.GET["email"], name=request.GET["name"])
    User.objects.create(email=request.GET["email"], name=request.GET["name"])
    raise AssertionError("addresses are unique")


urlpatterns = [
    path("tickets/<str:code>/fail/", fail),
    path("tickets/<str:code>/constraint/", break_constraint),
    *urls.urlpatterns,
]

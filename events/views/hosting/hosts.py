"""Becoming a host, and changing what the public is told of one."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events.access import access_managed_host, has_verified_address
from events.exceptions import EventError
from events.forms.host import HostForm
from events.models import Host
from events.services.hosts import change_host, start_host

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: "AuthenticatedHttpRequest") -> HttpResponse:
    form = HostForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (host := _start(request, form)):
        messages.success(request, f"“{host}” is a host now.")
        return redirect("bookings:hosting")
    context = {"form": form, "has_verified_address": has_verified_address(request.user)}
    return render(request, "events/hosting/start.html", context, status=_status(form))


def _start(request: "AuthenticatedHttpRequest", form: HostForm) -> Host | None:
    try:
        return start_host(owner=request.user, **form.cleaned_data)
    except EventError as error:
        form.add_error(None, str(error))
        return None


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    host = access_managed_host(slug=slug, user=request.user)
    facts = model_to_dict(host, HostForm.Meta.fields)
    form = HostForm(request.POST if request.method == "POST" else None, initial=facts)
    if form.is_valid():
        host = change_host(host=host, by=request.user, **form.cleaned_data)
        messages.success(request, f"The page of “{host}” is changed.")
        return redirect(host)
    context = {"form": form, "host": host}
    return render(request, "events/hosting/host.html", context, status=_status(form))


def _status(form: HostForm) -> HTTPStatus:
    return HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK

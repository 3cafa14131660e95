"""Answering an invitation to a team."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events.exceptions import EventError
from events.models import Host, HostInvitation
from events.services.teams import accept_invitation, decline_invitation
from events.team.links import invitation_id_of

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: "AuthenticatedHttpRequest", slug: str, token: str) -> HttpResponse:
    """For whoever has the link, with the account that they choose: it need not have the address
    that was invited. Programs that check mail follow links, so that only a POST answers.
    """
    invitation_id = invitation_id_of(token)
    if invitation_id is None:
        raise Http404
    host = get_object_or_404(Host, slug=slug)
    if Host.objects.of_user(request.user).filter(pk=host.pk).exists():
        messages.info(request, f"You are on the team of {host}.")
        return redirect("bookings:hosting")
    invitation = HostInvitation.objects.filter(host=host, pk=invitation_id).first()
    if invitation is None or invitation.has_expired:
        return _ended(request, host)
    if request.method == "POST":
        return _answered(request, invitation)
    return render(request, "events/hosting/join.html", {"host": host, "invitation": invitation})


def _answered(request: "AuthenticatedHttpRequest", invitation: HostInvitation) -> HttpResponse:
    if "decline" in request.POST:
        decline_invitation(invitation=invitation, user=request.user)
        messages.info(request, f"You have not joined the team of {invitation.host}.")
        return redirect("events:home")
    try:
        accept_invitation(invitation=invitation, user=request.user)
    except EventError:
        return _ended(request, invitation.host)
    messages.success(request, f"You are on the team of {invitation.host}.")
    return redirect("bookings:hosting")


def _ended(request: "AuthenticatedHttpRequest", host: Host) -> HttpResponse:
    return render(
        request, "events/hosting/invitation_ended.html", {"host": host}, status=HTTPStatus.GONE
    )

"""Who is on a host's team: seeing it, changing it, leaving it."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from events.access import access_host_of_team, access_managed_host, access_own_host
from events.exceptions import EventError
from events.forms.host import REMOVE, HandOverForm, InvitationForm, MemberForm
from events.models import Host, HostInvitation, HostMember, HostRole
from events.paging import page_or_404
from events.services.teams import (
    hand_over,
    invite,
    remove_member,
    set_role,
    withdraw_invitation,
)

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest

CHANGES_SHOWN = 20


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    """The team with its history, and the form that invites one more."""
    host = access_managed_host(slug=slug, user=request.user)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _invite(request, host, form):
        return redirect("events:hosted_team", host.slug)
    context = {
        "host": host,
        "form": form,
        "members": host.members.select_related("user").order_by("-role", "user__name", "pk"),
        "invitations": host.invitations.all(),
        "page": page_or_404(request, host.changes.select_related("by"), per_page=CHANGES_SHOWN),
        "is_owner": host.owner_id == request.user.pk,
    }
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    return render(request, "events/hosting/team.html", context, status=status)


def _invite(request: "AuthenticatedHttpRequest", host: Host, form: InvitationForm) -> bool:
    try:
        invitation = invite(host=host, by=request.user, **form.cleaned_data)
    except EventError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"An invitation is on its way to {invitation.email}.")
    return True


@login_required
@require_POST
def change_invitation(
    request: "AuthenticatedHttpRequest", slug: str, invitation_id: int
) -> HttpResponse:
    """Send it once more, or withdraw it."""
    host = access_managed_host(slug=slug, user=request.user)
    invitation = get_object_or_404(HostInvitation, host=host, pk=invitation_id)
    if "withdraw" in request.POST:
        withdraw_invitation(invitation=invitation, by=request.user)
        messages.info(request, f"The invitation of {invitation.email} is withdrawn.")
    else:
        _send_again(request, invitation)
    return redirect("events:hosted_team", host.slug)


def _send_again(request: "AuthenticatedHttpRequest", invitation: HostInvitation) -> None:
    role, email = HostRole(invitation.role), invitation.email
    try:
        invite(host=invitation.host, by=request.user, email=email, role=role)
    except EventError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"The invitation is on its way to {email} once more.")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_member(request: "AuthenticatedHttpRequest", slug: str, member_id: int) -> HttpResponse:
    host = access_managed_host(slug=slug, user=request.user)
    members = HostMember.objects.select_related("user", "host").filter(host=host)
    member = get_object_or_404(members, pk=member_id)
    data = request.POST if request.method == "POST" else None
    form = MemberForm(data, initial={"role": member.role})
    if form.is_valid():
        _change(request, member, form.cleaned_data["role"])
        if member.user == request.user:
            return redirect("bookings:hosting")
        return redirect("events:hosted_team", host.slug)
    context = {"host": host, "member": member, "form": form}
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    return render(request, "events/hosting/member.html", context, status=status)


def _change(request: "AuthenticatedHttpRequest", member: HostMember, role: str) -> None:
    try:
        if role == REMOVE:
            remove_member(member=member, by=request.user)
        else:
            set_role(member=member, role=HostRole(role), by=request.user)
    except EventError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "The team is changed.")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    """For everyone on the team; an owner is told to hand over first."""
    host = access_host_of_team(slug=slug, user=request.user)
    is_owner = host.owner_id == request.user.pk
    if request.method == "POST" and not is_owner:
        member = get_object_or_404(HostMember, host=host, user=request.user)
        remove_member(member=member, by=request.user)
        messages.info(request, f"You have left the team of {host}.")
        return redirect("bookings:hosting")
    context = {"host": host, "is_owner": is_owner}
    status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
    return render(request, "events/hosting/leave.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_owner(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    """Hand the host over to one of its managers."""
    host = access_own_host(slug=slug, user=request.user)
    managers = (
        host.members.filter(role=HostRole.MANAGER)
        .select_related("user", "host")
        .order_by("user__name", "pk")
    )
    form = HandOverForm(request.POST if request.method == "POST" else None, managers=managers)
    if form.is_valid() and _hand_over(request, host, form):
        return redirect("events:hosted_team", host.slug)
    context = {"host": host, "form": form, "has_managers": managers.exists()}
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    return render(request, "events/hosting/hand_over.html", context, status=status)


def _hand_over(request: "AuthenticatedHttpRequest", host: Host, form: HandOverForm) -> bool:
    try:
        host = hand_over(host=host, member=form.cleaned_data["member"], by=request.user)
    except EventError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"{host} belongs to {host.owner.get_full_name()} now.")
    return True

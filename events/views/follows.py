from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.exceptions import EventError
from events.host_news.links import (
    Subscription,
    hosts_to_undo,
    subscription_of,
    undo_token,
    unsubscribe_path,
)
from events.models import Host, HostFollower
from events.paging import page_or_404
from events.saved_searches import has_own_address
from events.services.follows import follow, set_mailed, unfollow

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.typing import AuthenticatedHttpRequest

YES, NO = "yes", "no"
PAGE_SIZE = 30


@require_safe
@never_cache
@login_required
def list_followed(request: "AuthenticatedHttpRequest") -> HttpResponse:
    followed = HostFollower.objects.filter(user=request.user).select_related("host")
    context = {
        "page": page_or_404(request, followed, per_page=PAGE_SIZE),
        "has_own_address": has_own_address(request.user),
    }
    return render(request, "events/follows.html", context)


@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a host or not, as the button says: to send it twice changes nothing."""
    host = get_object_or_404(Host, slug=slug)
    if not request.user.is_authenticated:
        return redirect_to_login(host.get_absolute_url())
    if request.POST.get("follow") == NO:
        if unfollow(host=host, user=request.user):
            messages.info(request, f"You do not follow {host} any more.")
        return _back(request, host)
    try:
        if follow(host=host, user=request.user):
            messages.success(request, f"You follow {host}: new events come by mail, once a week.")
    except EventError as error:
        messages.error(request, str(error))
    return _back(request, host)


@require_POST
@login_required
def change_mail(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    followed = get_object_or_404(
        HostFollower.objects.select_related("host"), user=request.user, host__slug=slug
    )
    is_mailed = request.POST.get("mail") == YES
    set_mailed(user=request.user, host_ids=[followed.host_id], is_mailed=is_mailed)
    said = (
        f"New events of {followed.host} come by mail."
        if is_mailed
        else (f"There is no more mail about {followed.host}.")
    )
    messages.info(request, said)
    return redirect("events:follows")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End the mail about a host, or about all, for whoever has one of them; or undo that. Programs
    that read mail follow its links, so that only a POST ends it: of the page's button, or of a mail
    program (RFC 8058).
    """
    asked = subscription_of(token)
    if asked is None:
        raise Http404
    followed = followed_in(asked)
    some = followed.first()
    ended: list[int] = []
    is_undone = "undo" in request.POST
    if some and is_undone:
        host_ids = hosts_to_undo(asked, request.POST["undo"])
        set_mailed(user=some.user, host_ids=host_ids, is_mailed=True)
    elif some and request.method == "POST":
        only = [asked.host_id] if asked.host_id else None
        ended = set_mailed(user=some.user, host_ids=only, is_mailed=False)
    context = {
        "host": some.host if some and asked.host_id else None,
        "is_about_all": not asked.host_id,
        "is_mailed": followed.filter(is_mailed=True).exists(),
        "is_undone": is_undone,
        "undo": undo_token(asked, ended) if ended else "",
        "path_of_all": unsubscribe_path(Subscription(asked.reader_id)),
    }
    return render(request, "events/unsubscribe_host.html", context)


def followed_in(asked: Subscription) -> "QuerySet[HostFollower]":
    """What somebody follows, as far as the mail is about it."""
    followed = HostFollower.objects.filter(user__news_reader=asked.reader_id)
    if asked.host_id:
        followed = followed.filter(host=asked.host_id)
    return followed.select_related("user", "host")


def _back(request: HttpRequest, host: Host) -> HttpResponse:
    """To where the button was."""
    return redirect("events:follows" if request.POST.get("from") == "follows" else host)

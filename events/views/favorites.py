from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from events.models import Event, Favorite
from events.paging import page_or_404

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
def list_favorites(request: "AuthenticatedHttpRequest") -> HttpResponse:
    events = Event.objects.visible_to(request.user).filter(favorites__user=request.user)
    page = page_or_404(request, events.for_listing(request.user).upcoming_first())
    return render(request, "events/favorites.html", {"page": page})


@require_POST
def toggle(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep an event, or let it go if it is kept, and go back to where that was asked."""
    event = get_object_or_404(Event.objects.visible_to(request.user), slug=slug)
    back = _safe_next(request) or event.get_absolute_url()
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    removed, _ = Favorite.objects.filter(user=request.user, event=event).delete()
    if removed:
        messages.info(request, f"“{event}” is no longer among your favourites.")
    else:
        Favorite.objects.get_or_create(user=request.user, event=event)
        messages.success(request, f"“{event}” is among your favourites.")
    return HttpResponseRedirect(back)


def _safe_next(request: HttpRequest) -> str:
    """Where to go back to, if that is on this site."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""

"""A host's promo codes for an event."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.access import access_hosted_event
from bookings.forms.promo_code import HostedPromoCodeForm
from bookings.models import PromoCode
from bookings.services.promo_codes import end_promo_code
from events.models import Event
from events.paging import page_or_404

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest

PAGE_SIZE = 50


@never_cache
@login_required
@require_safe
def list_codes(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    codes = event.promo_codes.prefetch_related("ticket_types").order_by("-is_active", "code")
    context = {"event": event, "page": page_or_404(request, codes, per_page=PAGE_SIZE)}
    return render(request, "bookings/hosting/codes.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    return _editing(request, PromoCode(event=event))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: "AuthenticatedHttpRequest", slug: str, code_id: int) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    return _editing(request, get_object_or_404(event.promo_codes, pk=code_id))


@login_required
@require_POST
def end(request: "AuthenticatedHttpRequest", slug: str, code_id: int) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    code = get_object_or_404(event.promo_codes, pk=code_id)
    end_promo_code(promo_code=code)
    messages.success(request, f"Nobody can use {code} from now on. Bookings with it stay as good.")
    return redirect("bookings:hosted_codes", event.slug)


def _editing(request: "AuthenticatedHttpRequest", code: PromoCode) -> HttpResponse:
    name = code.code
    form = HostedPromoCodeForm(request.POST if request.method == "POST" else None, instance=code)
    if form.is_bound and _saved(form):
        messages.success(request, f"The code {code} is saved.")
        return redirect("bookings:hosted_codes", code.event.slug)
    context = {"event": code.event, "form": form, "name": name, "uses": code.uses}
    status = 400 if form.is_bound else 200
    return render(request, "bookings/hosting/code.html", context, status=status)


def _saved(form: HostedPromoCodeForm) -> bool:
    """A form that is sent twice at once makes one code: the second waits, and finds the first."""
    with transaction.atomic():
        Event.objects.select_for_update(no_key=True).only("pk").get(pk=form.instance.event_id)
        if not form.is_valid():
            return False
        form.save()
    return True

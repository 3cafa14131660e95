from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.models import Booking, WaitlistEntry
from eventmate.kept_queries import KeptQuery, Parameter
from events.paging import page_or_404

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


WAITING = KeptQuery(
    lambda: (
        WaitlistEntry.objects.filter(user=Parameter("user")).open(at=Parameter("now")).for_page()
    )
)


@never_cache
@login_required
@require_safe
def list_bookings(request: "AuthenticatedHttpRequest") -> HttpResponse:
    bookings = Booking.objects.of_user(request.user).for_listing()
    context = {
        "page": page_or_404(request, bookings),
        "waiting": WAITING.rows(user=request.user.pk, now=timezone.now()),
    }
    return render(request, "bookings/list.html", context)

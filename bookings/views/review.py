from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.exceptions import BookingError
from bookings.forms.review import ReviewForm
from bookings.services.reviews import was_there, write_review
from events.models import Event

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.visible_to(request.user), slug=slug)
    review = event.reviews.filter(user=request.user).first()
    may_review = was_there(event=event, user=request.user)
    form = ReviewForm(request.POST or None, instance=review)
    if request.method == "POST" and form.is_valid():
        try:
            write_review(event=event, user=request.user, **form.cleaned_data)
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Thank you. Your review is on the page.")
            return redirect(f"{event.get_absolute_url()}#reviews")
    context = {"event": event, "form": form, "may_review": may_review, "review": review}
    return render(request, "bookings/review.html", context, status=400 if form.errors else 200)

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from eventmate.client_address import client_address, network_of
from events.forms.review import ReportForm
from events.models import Event, Review
from events.services.reviews import report_review


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the moderators to look at a review, logged in or not."""
    reviews = Review.objects.shown().with_reply().select_related("event__host")
    visible = Event.objects.visible_to(request.user)
    review = get_object_or_404(reviews.filter(event__in=visible), pk=pk)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        report_review(
            review=review,
            reporter=request.user if request.user.is_authenticated else None,
            client=network_of(client_address(request)),
            **form.cleaned_data,
        )
        # The same whether it is the first one: nobody learns who else shares their address.
        messages.success(request, "Thank you. The moderators will look at this review.")
        return redirect(f"{review.event.get_absolute_url()}#reviews")
    context = {"form": form, "review": review, "event": review.event}
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    return render(request, "events/report_review.html", context, status=status)

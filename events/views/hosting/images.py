"""The pictures of an event: a host adds them, orders them and says what they show."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from eventmate.uploads import takes_uploads
from events.access import access_edited_event
from events.forms.images import MOST_BYTES_AT_ONCE, ArrangementForm, UploadForm
from events.models import Event
from events.services.images import MOST_IMAGES, add_images, arrange_images, remove_image

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@takes_uploads(MOST_BYTES_AT_ONCE)
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    """One form: whichever button sends it, files are taken, order and descriptions are kept."""
    event = access_edited_event(slug=slug, user=request.user)
    if request.method != "POST":
        return _page(request, event, UploadForm(), ArrangementForm(list(event.images.all())))
    upload = UploadForm(request.POST, request.FILES)
    if upload.is_valid():
        _take_files(request, event, upload)
    form = ArrangementForm(list(event.images.all()), request.POST)
    if not form.is_valid():
        return _page(request, event, upload, form)
    arrange_images(event=event, order=form.order, alt_texts=form.alt_texts)
    if not upload.is_valid():
        return _page(request, event, upload, ArrangementForm(list(event.images.all())))
    if form.removed:
        return redirect("events:hosted_image_removal", event.slug, form.removed.pk)
    return redirect("events:hosted_images", event.slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: "AuthenticatedHttpRequest", slug: str, image_id: int) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    image = get_object_or_404(event.images, pk=image_id)
    if request.method != "POST":
        context = {"event": event, "image": image}
        return render(request, "events/hosting/remove_image.html", context)
    remove_image(image=image)
    messages.success(request, "The picture is deleted.")
    return redirect("events:hosted_images", event.slug)


def _take_files(request: "AuthenticatedHttpRequest", event: Event, upload: UploadForm) -> None:
    added = add_images(event=event, files=upload.cleaned_data["images"])
    upload.say_what_was_refused(added)
    if count := len(added.images):
        pictures = "The picture is" if count == 1 else f"{count} pictures are"
        messages.success(request, f"{pictures} on the event’s page. Now say what can be seen.")


def _page(
    request: "AuthenticatedHttpRequest", event: Event, upload: UploadForm, form: ArrangementForm
) -> HttpResponse:
    context = {"event": event, "upload": upload, "form": form, "most": MOST_IMAGES}
    status = 400 if upload.is_bound else 200
    return render(request, "events/hosting/images.html", context, status=status)

"""The addresses of the site, and that of a plain view."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from eventmate import urls

handler400 = urls.handler400
handler500 = urls.handler500


def plain(request: HttpRequest, size: int) -> HttpResponse:
    """So many bytes that nothing compresses: as many go over the wire as of a page that is."""
    return HttpResponse(b"x" * size, content_type="application/octet-stream")


urlpatterns = [*urls.urlpatterns, path("plain/<int:size>/", plain, name="plain")]

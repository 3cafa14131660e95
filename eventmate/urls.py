"""The addresses of the site. Apps are named as strings: imports run one way."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path

from eventmate.uploads import serve_upload

handler400 = "eventmate.errors.bad_request"
handler500 = "eventmate.errors.server_error"

# Admins log in as everyone does, with the same limit on tries.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("events.urls")),
    path("", include("bookings.urls")),
    path("", include("health.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    # Uploaded images; a proxy or Cloudinary may serve them before they reach this line.
    re_path(r"^media/(?P<path>[\w./-]{1,200})$", serve_upload),
]

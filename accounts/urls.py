from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    # Before allauth's own, which account_email names.
    path("email/", views.EmailAddressesView.as_view(), name="email"),
]

from django.urls import path

from bookings.views import booking, hold, mine, review

app_name = "bookings"

urlpatterns = [
    path("event/<slug:slug>/book/", hold.create, name="create"),
    path("event/<slug:slug>/review/", review.write, name="review"),
    path("bookings/", mine.list_bookings, name="list"),
    path("bookings/<str:reference>/", booking.detail, name="detail"),
    path("bookings/<str:reference>/confirm/", booking.confirm, name="confirm"),
    path("bookings/<str:reference>/extend/", booking.extend, name="extend"),
    path("bookings/<str:reference>/give-back/", booking.give_back, name="give_back"),
    path("bookings/<str:reference>/cancel/", booking.cancel, name="cancel"),
]

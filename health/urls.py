from django.urls import path

from health import views

app_name = "health"

urlpatterns = [
    path("health/", views.index, name="index"),
    path("health/live/", views.live, name="live"),
    path("health/ready/", views.ready, name="ready"),
    path("health/detailed/", views.detailed, name="detailed"),
    path("metrics/", views.metrics, name="metrics"),
]

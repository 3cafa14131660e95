from django.urls import path

from events.views import covers, detail, favorites, hosting, listing

app_name = "events"

urlpatterns = [
    path("", listing.home, name="home"),
    path("events/", listing.browse, name="list"),
    path("event/<slug:slug>/", detail.show, name="detail"),
    path("event/<slug:slug>/event.ics", detail.calendar, name="ics"),
    path("event/<slug:slug>/favorite/", favorites.toggle, name="favorite"),
    path("favorites/", favorites.list_favorites, name="favorites"),
    path("hosting/", hosting.list_hosted, name="hosting"),
    path("city/<slug:slug>/", listing.show_city, name="city"),
    path("category/<slug:slug>/", listing.show_category, name="category"),
    path("host/<slug:slug>/", listing.show_host, name="host"),
    path("covers/<slug:category_slug>/<slug:slug>.svg", covers.cover, name="cover"),
]

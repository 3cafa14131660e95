from django.urls import include, path

from events.views import (
    covers,
    detail,
    favorites,
    feeds,
    follows,
    host,
    listing,
    reviews,
    saved_searches,
    sharing,
    sitemaps,
    suggestions,
)
from events.views.hosting import followers, hosts, images, invitation, page, team, what
from events.views.hosting import reviews as hosted_reviews

app_name = "events"

team_patterns = [
    path("edit/", hosts.edit, name="hosted_host"),
    path("team/", team.show, name="hosted_team"),
    path("team/<int:member_id>/", team.change_member, name="hosted_member"),
    path("invitations/<int:invitation_id>/", team.change_invitation, name="hosted_invitation"),
    path("followers/", followers.show, name="hosted_followers"),
    path("leave/", team.leave, name="hosted_leave"),
    path("hand-over/", team.change_owner, name="hosted_hand_over"),
    path("join/<str:token>/", invitation.answer, name="hosted_join"),
]

urlpatterns = [
    path("", listing.home, name="home"),
    path("events/", listing.browse, name="list"),
    path("events/suggest/", suggestions.show_suggestions, name="suggest"),
    path("events.ics", feeds.ics, name="feed_ics"),
    path("events.atom", feeds.atom, name="feed_atom"),
    path("searches/", saved_searches.list_searches, name="saved_searches"),
    path("searches/new/", saved_searches.save, name="save_search"),
    path("searches/<int:pk>/", saved_searches.change, name="change_search"),
    path("searches/<int:pk>/delete/", saved_searches.delete, name="delete_search"),
    path("searches/unsubscribe/<str:token>/", saved_searches.unsubscribe, name="unsubscribe"),
    path("event/<slug:slug>/", detail.show, name="detail"),
    path("event/<slug:slug>/event.ics", detail.calendar, name="ics"),
    path("event/<slug:slug>/picture.png", sharing.picture, name="picture"),
    path("event/<slug:slug>/embed/", sharing.embed, name="embed"),
    path("event/<slug:slug>/favorite/", favorites.toggle, name="favorite"),
    path("favorites/", favorites.list_favorites, name="favorites"),
    path("hosting/start/", hosts.start, name="hosting_start"),
    path("hosting/new/", what.create, name="hosting_new"),
    path("hosting/<slug:slug>/edit/page/", page.edit, name="hosted_page"),
    path("hosting/<slug:slug>/preview/", page.preview, name="hosted_preview"),
    path("hosting/hosts/<slug:slug>/", include(team_patterns)),
    path("hosting/<slug:slug>/images/", images.manage, name="hosted_images"),
    path(
        "hosting/<slug:slug>/images/<int:image_id>/delete/",
        images.remove,
        name="hosted_image_removal",
    ),
    path("hosting/<slug:slug>/reviews/", hosted_reviews.list_reviews, name="hosted_reviews"),
    path(
        "hosting/<slug:slug>/reviews/<int:review_id>/reply/",
        hosted_reviews.reply,
        name="hosted_reply",
    ),
    path(
        "hosting/<slug:slug>/reviews/<int:review_id>/reply/remove/",
        hosted_reviews.remove,
        name="hosted_remove_reply",
    ),
    path("city/<slug:slug>/", listing.show_city, name="city"),
    path("category/<slug:slug>/", listing.show_category, name="category"),
    path("host/<slug:slug>/", host.show, name="host"),
    path("host/<slug:slug>/follow/", follows.change, name="follow"),
    path("follows/", follows.list_followed, name="follows"),
    path("follows/unsubscribe/<str:token>/", follows.unsubscribe, name="unsubscribe_host"),
    path("follows/<slug:slug>/mail/", follows.change_mail, name="follow_mail"),
    path("reviews/<int:pk>/report/", reviews.report, name="report_review"),
    path("covers/<slug:category_slug>/<slug:slug>.svg", covers.cover, name="cover"),
    path("picture.png", sharing.site_picture, name="site_picture"),
    path("oembed", sharing.oembed, name="oembed"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemaps/<slug:section>-<int:number>.xml", sitemaps.part, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
]

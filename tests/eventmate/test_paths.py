import pytest
from django.test.utils import override_script_prefix, override_settings
from django.urls import NoReverseMatch, path, reverse

from eventmate.paths import path_of

# A site's addresses of its own, for the test of those.
urlpatterns = [path("shows/<slug:slug>/", lambda request, slug: None, name="show")]

SLUGS = ["jazz", "Jazz_night-2026", "-", "_", "0", "-_-_-", "a-_-_-b"]


@pytest.mark.parametrize("slug", SLUGS)
def test_path_is_what_reverse_makes_of_it(slug):
    assert path_of("events:detail", slug) == reverse("events:detail", args=[slug])
    for other in SLUGS:
        address = reverse("events:cover", args=[slug, other])
        assert path_of("events:cover", slug, other) == address


@pytest.mark.parametrize("slug", ["", "a b", "a/b", "jazz\n", "größe", '"><script>', "a%2Fb"])
def test_what_is_no_slug_has_no_path(slug):
    with pytest.raises(NoReverseMatch):
        path_of("events:detail", slug)


def test_view_that_needs_another_number_of_slugs_has_no_path():
    with pytest.raises(NoReverseMatch):
        path_of("events:cover", "jazz")


def test_path_begins_where_the_site_is_mounted():
    assert path_of("events:detail", "jazz") == "/event/jazz/"
    with override_script_prefix("/what's on/"):
        assert path_of("events:detail", "jazz") == reverse("events:detail", args=["jazz"])
        assert path_of("events:detail", "jazz").startswith("/what's%20on/event/")


def test_path_is_one_of_the_addresses_in_use():
    with override_settings(ROOT_URLCONF=__name__):
        assert path_of("show", "jazz") == "/shows/jazz/"
        with pytest.raises(NoReverseMatch):
            path_of("events:detail", "jazz")

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_the_index_shows_first_what_an_operator_opens_most(admin_client: Any) -> None:
    response = admin_client.get("/admin/")

    apps = response.context["app_list"]
    assert [app["app_label"] for app in apps][:3] == ["events", "bookings", "accounts"]
    assert [model["object_name"] for model in apps[0]["models"]] == [
        "Event",
        "Host",
        "City",
        "Category",
        "Review",
        "ReviewReport",
        "Alert",
        "HostNews",
        "SavedSearch",
    ]
    assert "EventMate" in response.content.decode()


def test_every_admin_list_and_form_of_every_app_opens(admin_client: Any) -> None:
    for app in admin_client.get("/admin/").context["app_list"]:
        for model in app["models"]:
            assert admin_client.get(model["admin_url"]).status_code == 200
            if model["add_url"]:
                assert admin_client.get(model["add_url"]).status_code == 200


def test_admin_pages_run_no_script_of_their_own_in_the_page(admin_client: Any) -> None:
    response = admin_client.get("/admin/events/event/add/")

    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "<script>" not in response.content.decode()
    assert "style=" not in response.content.decode()

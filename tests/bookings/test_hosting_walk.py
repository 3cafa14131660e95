"""Who may open what under /hosting/. A new page goes into OPEN_TO, and what its address names into
walk.py.
"""

import pytest
from django.test import Client

from tests.bookings.walk import REVENUE, Place, answers, routes, text_of

pytestmark = pytest.mark.django_db

# Those who may open a page, besides admins; for everyone else who is logged in it is a 404.
EVERYONE = ("stranger", "owner of another host", "door", "manager", "owner")
TEAM = ("door", "manager", "owner")
MANAGERS = ("manager", "owner")
OWNER = ("owner",)

OPEN_TO = {
    "bookings:hosting": EVERYONE,
    "bookings:hosted_bookings": MANAGERS,
    "bookings:hosted_booking": MANAGERS,
    "bookings:hosted_cancel_booking": MANAGERS,
    "bookings:hosted_confirmation": MANAGERS,
    "bookings:hosted_note": MANAGERS,
    "bookings:hosted_attendees": TEAM,
    "bookings:hosted_attendees_csv": MANAGERS,
    "bookings:hosted_attendees_xlsx": MANAGERS,
    "bookings:hosted_add_attendee": MANAGERS,
    "bookings:hosted_import": MANAGERS,
    "bookings:hosted_import_watch": MANAGERS,
    "bookings:hosted_import_again": MANAGERS,
    "bookings:hosted_rename": MANAGERS,
    "bookings:hosted_move": MANAGERS,
    "bookings:resend": MANAGERS,
    "bookings:hosted_door": TEAM,
    "bookings:hosted_check_in": TEAM,
    "bookings:hosted_undo_check_in": TEAM,
    "bookings:hosted_cancel_event": MANAGERS,
    "bookings:hosted_figures": MANAGERS,
    "bookings:hosted_notice": MANAGERS,
    "bookings:hosted_messages": MANAGERS,
    "bookings:hosted_new_message": MANAGERS,
    "bookings:hosted_message": MANAGERS,
    "bookings:hosted_edit_message": MANAGERS,
    "bookings:hosted_test_message": MANAGERS,
    "bookings:hosted_discard_message": MANAGERS,
    "bookings:hosted_questions": MANAGERS,
    "bookings:hosted_new_question": MANAGERS,
    "bookings:hosted_question": MANAGERS,
    "bookings:hosted_move_question": MANAGERS,
    "bookings:hosted_remove_question": MANAGERS,
    "bookings:hosted_ask_again": MANAGERS,
    "bookings:hosted_edit": MANAGERS,
    "bookings:hosted_when": MANAGERS,
    "bookings:hosted_where": MANAGERS,
    "bookings:hosted_tickets": MANAGERS,
    "bookings:hosted_new_ticket_type": MANAGERS,
    "bookings:hosted_ticket_type": MANAGERS,
    "bookings:hosted_move_ticket_type": MANAGERS,
    "bookings:hosted_delete_ticket_type": MANAGERS,
    "bookings:hosted_new_shared_capacity": MANAGERS,
    "bookings:hosted_shared_capacity": MANAGERS,
    "bookings:hosted_delete_shared_capacity": MANAGERS,
    "bookings:hosted_publish": MANAGERS,
    "bookings:hosted_unpublish": MANAGERS,
    "bookings:hosted_reopen": MANAGERS,
    "bookings:hosted_delete_draft": MANAGERS,
    "bookings:hosted_duplicate": MANAGERS,
    "bookings:hosted_repeat": MANAGERS,
    "bookings:hosted_dates": MANAGERS,
    "bookings:hosted_publish_dates": MANAGERS,
    "bookings:hosted_codes": MANAGERS,
    "bookings:hosted_new_code": MANAGERS,
    "bookings:hosted_code": MANAGERS,
    "bookings:hosted_end_code": MANAGERS,
    "events:hosting_start": EVERYONE,
    "events:hosting_new": EVERYONE,
    "bookings:hosted_what": MANAGERS,
    "events:hosted_page": MANAGERS,
    "events:hosted_preview": MANAGERS,
    "events:hosted_images": MANAGERS,
    "events:hosted_image_removal": MANAGERS,
    "events:hosted_reviews": MANAGERS,
    "events:hosted_reply": MANAGERS,
    "events:hosted_remove_reply": MANAGERS,
    "events:hosted_host": MANAGERS,
    "events:hosted_followers": MANAGERS,
    "events:hosted_team": MANAGERS,
    "events:hosted_member": MANAGERS,
    "events:hosted_invitation": MANAGERS,
    "events:hosted_leave": TEAM,
    "events:hosted_hand_over": OWNER,
    "events:hosted_join": EVERYONE,  # who has its link
}
NOT_THERE = 404
OTHER_METHOD = 405


@pytest.fixture
def place() -> Place:
    return Place()


def is_hidden(statuses: set[int]) -> bool:
    """A page that takes forms only says so to anyone: that tells nothing."""
    return NOT_THERE in statuses and statuses <= {NOT_THERE, OTHER_METHOD}


def test_every_page_under_hosting_is_in_the_table() -> None:
    names = [route.name for route in routes()]

    assert sorted(names) == sorted(set(names))
    assert set(names) == set(OPEN_TO)


@pytest.mark.parametrize("who", EVERYONE)
def test_opens_for_those_who_may_and_is_not_there_for_others(
    client: Client, place: Place, who: str
) -> None:
    client.force_login(place.visitor(who))

    wrong = []
    for route in routes():
        found = answers(client, route.address(place.values_for(route)))
        statuses = {method: response.status_code for method, response in found.items()}
        if who in OPEN_TO[route.name]:
            is_right = NOT_THERE not in statuses.values() and max(statuses.values()) < 500
        else:
            is_right = is_hidden(set(statuses.values()))
        if not is_right:
            wrong.append((route.path, statuses))

    assert wrong == []
    assert place.is_untouched()


def test_asks_visitors_to_log_in_whether_there_is_such_a_page_or_not(
    client: Client, place: Place
) -> None:
    wrong = []
    for route in routes():
        values = place.values_for(route)
        for address in (route.address(values), route.address(values | {"slug": "no-such-thing"})):
            for method, response in answers(client, address).items():
                is_login = response.headers.get("Location", "").startswith(
                    "/accounts/login/?next=/hosting/"
                )
                if response.status_code != OTHER_METHOD and not is_login:
                    wrong.append((method, route.path, response.status_code))

    assert wrong == []
    assert place.is_untouched()


def test_shows_nothing_of_another_host_by_way_of_one_s_own(client: Client, place: Place) -> None:
    own = Place()
    client.force_login(own.host.owner)

    wrong = []
    for route in routes():
        if route.parameters == {"slug"} or OPEN_TO[route.name] == EVERYONE:
            continue
        slug = own.values_for(route)["slug"]
        found = answers(client, route.address(place.values_for(route) | {"slug": slug}))
        statuses = {response.status_code for response in found.values()}
        if not is_hidden(statuses):
            wrong.append((route.path, statuses))

    assert wrong == []
    assert place.is_untouched()


def test_door_staff_see_no_revenue(client: Client, place: Place) -> None:
    client.force_login(place.host.owner)
    assert REVENUE in text_of(client.get("/hosting/"))

    client.force_login(place.visitor("door"))
    telling = [
        route.path
        for route in routes()
        if "door" in OPEN_TO[route.name]
        and REVENUE in text_of(client.get(route.address(place.values_for(route))))
    ]

    assert telling == []

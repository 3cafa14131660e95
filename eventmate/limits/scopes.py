"""Which limit a request is under: that of what it asks for, one and no other."""

from django.http import HttpRequest
from django.urls import Resolver404, resolve

# Everything that has no limit of its own.
PAGES = "default"
# What pages bring along, two dozen at a time.
FILES = "files"
SEARCH = "search"
# What a search box asks for while someone types.
SUGGEST = "suggest"
# Each is counted over all workers before it passes.
EXACT = frozenset({"login", "signup", "reset", "booking", "review"})

FILE_PATHS = ("/media/", "/covers/")
SUGGEST_PATH = "/events/suggest/"
# By the names of the routes. Only forms that are sent count, not the empty ones.
FORMS = {
    "account_login": "login",
    "account_reauthenticate": "login",
    "admin:login": "login",
    "account_signup": "signup",
    "account_reset_password": "reset",
    "account_reset_password_from_key": "reset",
    "bookings:create": "booking",
    "bookings:confirm": "booking",
    "bookings:join_waitlist": "booking",
    "bookings:send_on": "booking",
    "bookings:review": "review",
    "events:report_review": "review",
    # Those at the doors of a house share its address.
    "bookings:hosted_door": "door",
    "bookings:hosted_check_in": "door",
    "bookings:hosted_undo_check_in": "door",
}
SEARCHES = frozenset({"events:list", "events:feed_ics", "events:feed_atom"})
# In the query, these do not search.
NO_FILTERS = frozenset({"page", "after", "before", "sort", "view", "month"})


def scope_of(request: HttpRequest) -> str:
    if request.path_info.startswith(FILE_PATHS):
        return FILES
    if request.path_info == SUGGEST_PATH:
        return SUGGEST
    # To find the route costs more than to count, and most requests need not.
    if request.method == "POST":
        return FORMS.get(route_of(request), PAGES)
    if request.META.get("QUERY_STRING") and route_of(request) in SEARCHES and searches(request):
        return SEARCH
    return PAGES


def searches(request: HttpRequest) -> bool:
    return any(any(values) for name, values in request.GET.lists() if name not in NO_FILTERS)


def route_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""

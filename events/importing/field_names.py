"""What the fields of JSON objects and the columns of CSV files may be called."""

import re

FIELD_NAMES = {
    "uid": ("uid",),
    "id": ("id",),
    "title": ("title", "name", "event", "event name"),
    "summary": ("summary", "subtitle"),
    "description": ("description", "details"),
    "category": ("category",),
    "topics": ("topics", "tags", "categories"),
    "kind": ("kind", "type"),
    "host": ("host", "organizer", "organiser", "organized by"),
    "series": ("series",),
    "city": ("city", "town"),
    "region": ("region", "state", "province"),
    "country": ("country", "country code"),
    "location": ("location", "place"),
    "venue": ("venue", "venue name"),
    "address": ("address", "venue address", "street"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "online": ("online", "is online"),
    "hybrid": ("hybrid",),
    "website": ("url", "website", "link"),
    "start": ("start", "starts at", "start date", "date", "begin"),
    "start_time": ("start time", "first start time", "time"),
    "end": ("end", "ends at", "end date"),
    "end_time": ("end time", "last end time"),
    "timezone": ("timezone", "time zone", "tz"),
    "language": ("language", "languages", "locales", "locale"),
    "status": ("status",),
    "call_for_papers": ("cfp url", "call for papers"),
    "call_for_papers_end": ("cfp end date", "call for papers end"),
    "tickets": ("tickets url", "tickets"),
    "code_of_conduct": ("coc url", "code of conduct"),
    "twitter": ("twitter",),
    "mastodon": ("mastodon",),
    "bluesky": ("bluesky",),
    "sign_language": ("offers sign language or cc", "sign language"),
}


def fold_name(name: str) -> str:
    """The same for startDate, start_date and "Start date"."""
    return re.sub(r"[\W_]+", "", name).lower()


FIELD_OF_NAME = {fold_name(name): field for field, names in FIELD_NAMES.items() for name in names}

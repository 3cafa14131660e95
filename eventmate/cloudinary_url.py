"""The account that CLOUDINARY_URL names."""

import re
from urllib.parse import parse_qsl, unquote

from django.core.exceptions import ImproperlyConfigured

DELIVERY = "https://res.cloudinary.com"
ADDRESS = re.compile(
    r"cloudinary://(?P<key>[\w-]+):(?P<secret>[^:@/?]+)@(?P<cloud>[\w-]+)/?(?:\?(?P<query>.*))?"
)
# Where another region's uploads go.
OPTIONS = {"upload_prefix"}


def cloudinary_account(url: str) -> dict[str, str]:
    """What the storage needs. Raises ImproperlyConfigured, without quoting any of it."""
    found = ADDRESS.fullmatch(url)
    options = dict(parse_qsl(found["query"] or "")) if found else {}
    if not found or not options.keys() <= OPTIONS:
        raise ImproperlyConfigured(
            "CLOUDINARY_URL is such as cloudinary://key:secret@cloud; for another region, "
            "?upload_prefix=https://api-eu.cloudinary.com comes after it."
        )
    return {
        "cloud_name": found["cloud"],
        "api_key": found["key"],
        "api_secret": unquote(found["secret"]),
        **options,
    }


def picture_sources(account: dict[str, str]) -> list[str]:
    """Where pages must be allowed to show pictures from: this account's, and no other's."""
    return [f"{DELIVERY}/{account['cloud_name']}/"]

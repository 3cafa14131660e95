"""Pages on which people read reviews and write about them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from events.models import Event, Review


def page_of(client: Client, event: Event) -> str:
    response = client.get(event.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def reply_page(review: Review) -> str:
    return reverse("events:hosted_reply", args=[review.event.slug, review.pk])


def report(
    client: Client, review: Review, reason: str = "abuse", note: str = "", **extra: Any
) -> Any:
    page = reverse("events:report_review", args=[review.pk])
    return client.post(page, {"reason": reason, "note": note}, **extra)

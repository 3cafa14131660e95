"""An event once more, on another date."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from bookings.models import PromoCode
from events.images.variants import files_of
from events.models import Event, EventImage, EventStatus, ImageState
from events.services.images import add_image, remove_image
from tests.events.edits import berlin, utc
from tests.events.images.pictures import picture, run_jobs, upload
from tests.factories import QuestionFactory, TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    event = berlin(2026, 7, 4, 17, title="Summer jazz")
    client.force_login(event.host.owner)
    TicketTypeFactory(
        event=event,
        name="Early",
        price=Decimal(8),
        capacity=30,
        taken=30,
        sales_start=utc(2026, 6, 1, 8),
        sales_end=utc(2026, 6, 20, 8),
        is_hidden=True,
    )
    return event


def copied(client: Client, event: Event, **changes: str) -> Event:
    address = f"/hosting/{event.slug}/duplicate/"
    fields = submission(client.get(address).content.decode())
    response = client.post(address, fields | {"starts_on": "2026-12-05"} | changes)
    assert response.status_code == 302, response.context["form"].errors
    return Event.objects.exclude(pk=event.pk).get()


def test_is_a_draft_with_everything_but_the_date_and_what_was_taken(
    client: Client, event: Event
) -> None:
    copy = copied(client, event)

    assert (copy.status, copy.slug) == (EventStatus.DRAFT, "summer-jazz")
    assert (copy.title, copy.description, copy.venue) == (
        event.title,
        event.description,
        event.venue,
    )
    assert copy.uid != event.uid
    assert (copy.starts_at, copy.ends_at) == (utc(2026, 12, 5, 18), utc(2026, 12, 5, 19))
    ticket_type = copy.ticket_types.get()
    assert (ticket_type.name, ticket_type.price, ticket_type.is_hidden) == ("Early", 8, True)
    assert (ticket_type.stock.capacity, ticket_type.stock.taken) == (30, 0)


def test_the_sale_moves_with_the_date_on_the_clock_of_the_place(
    client: Client, event: Event
) -> None:
    ticket_type = copied(client, event).ticket_types.get()

    assert ticket_type.sales_start == utc(2026, 11, 2, 9)
    assert ticket_type.sales_end - ticket_type.sales_start == dt.timedelta(days=19)


def test_needs_a_date(client: Client, event: Event) -> None:
    address = f"/hosting/{event.slug}/duplicate/"
    fields = submission(client.get(address).content.decode())
    assert (fields["starts_on"], fields["starts_time"]) == ("", "19:00")

    assert client.post(address, fields).status_code == 400
    assert Event.objects.count() == 1


def test_the_same_form_twice_makes_one_copy(client: Client, event: Event) -> None:
    address = f"/hosting/{event.slug}/duplicate/"
    fields = submission(client.get(address).content.decode()) | {"starts_on": "2026-12-05"}

    first, second = client.post(address, fields), client.post(address, fields)

    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.count() == 2
    assert Event.objects.exclude(pk=event.pk).get().ticket_types.count() == 1


def test_the_page_says_what_is_copied(client: Client, event: Event) -> None:
    page = client.get(f"/hosting/{event.slug}/duplicate/").content.decode()

    assert "pictures, questions, and promo codes" in page
    assert "Not copied: bookings" in page


def test_questions_are_asked_once_more_but_not_those_that_were_retired(
    client: Client, event: Event
) -> None:
    QuestionFactory(event=event, text="What do you eat?", kind="choice", choices=["All", "Vegan"])
    QuestionFactory(event=event, text="What was it?", retired_at=utc(2026, 1, 1))

    question = copied(client, event).questions.get()

    assert (question.text, question.choices) == ("What do you eat?", ["All", "Vegan"])


def test_promo_codes_are_unused_later_and_for_the_copy_s_own_tickets(
    client: Client, event: Event
) -> None:
    fields: dict[str, Any] = {"value": 10, "max_uses": 5}
    code = PromoCode.objects.create(
        event=event, code="FRIENDS", uses=5, ends_at=utc(2026, 7, 1, 22), **fields
    )
    code.ticket_types.set(event.ticket_types.all())
    PromoCode.objects.create(event=event, code="ENDED", is_active=False, **fields)

    copy = copied(client, event)

    new = copy.promo_codes.get()
    assert (new.code, new.uses, new.max_uses, new.value) == ("FRIENDS", 0, 5, 10)
    assert new.ends_at == utc(2026, 12, 2, 23)
    assert new.ticket_types.get() == copy.ticket_types.get()


@pytest.fixture
def image(event: Event, settings: Any, tmp_path: Path) -> EventImage:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    return add_image(event=event, file=upload(picture()))


def test_pictures_stay_while_the_original_or_the_copy_shows_them(
    client: Client, event: Event, image: EventImage
) -> None:
    run_jobs("events.make_image_sizes")
    image.refresh_from_db()
    shown = copied(client, event).images.get()
    assert (shown.image.name, shown.widths) == (image.image.name, image.widths)
    files = files_of(str(image.image), image.widths)

    remove_image(image=image)
    run_jobs("events.remove_image_files")
    assert all(default_storage.exists(name) for name in files)

    remove_image(image=shown)
    run_jobs("events.remove_image_files")
    assert not any(default_storage.exists(name) for name in files)


def test_sizes_that_are_made_for_one_picture_are_those_of_its_copies(
    client: Client, event: Event, image: EventImage
) -> None:
    shown = copied(client, event).images.get()
    assert shown.is_queued

    run_jobs("events.make_image_sizes")

    image.refresh_from_db()
    shown.refresh_from_db()
    assert image.state == shown.state == ImageState.READY
    assert image.widths == shown.widths != []

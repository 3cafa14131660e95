import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import pre_save
from PIL import Image

from events.models import Event, EventStatus, TicketStock, TicketType
from tests.admin_pages import text
from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    HostFactory,
    TicketTypeFactory,
)
from tests.html_form import submission

pytestmark = pytest.mark.django_db

EVENTS = "/admin/events/event/"
NO_TICKET_TYPES_OR_IMAGES = {
    f"{prefix}-{name}_FORMS": "0"
    for prefix in ("shared_capacities", "ticket_types", "images")
    for name in ("TOTAL", "INITIAL")
}


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def change_page(event: Event) -> str:
    return f"{EVENTS}{event.pk}/change/"


def errors(response: Any) -> str:
    return "\n".join(str(error) for error in response.context["errors"])


def picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (40, 20)).save(file, "PNG")
    return SimpleUploadedFile("stage.png", file.getvalue(), "image/png")


class TestEventForm:
    def typed(self, **fields: str) -> dict[str, str]:
        return {
            "title": "Open Air",
            "category": str(CategoryFactory().pk),
            "host": str(HostFactory().pk),
            "city": str(CityFactory(timezone="America/New_York").pk),
            "starts_on": "2026-07-04",
            "starts_time": "18:30",
            "ends_on": "2026-07-04",
            "ends_time": "22:00",
            **NO_TICKET_TYPES_OR_IMAGES,
            **fields,
        }

    def test_makes_a_draft_with_ticket_types_in_local_time(self, admin_client: Any) -> None:
        response = admin_client.post(
            f"{EVENTS}add/",
            self.typed()
            | {
                "ticket_types-TOTAL_FORMS": "1",
                "ticket_types-0-name": "Standard",
                "ticket_types-0-price": "12.50",
                "ticket_types-0-currency": "EUR",
                "ticket_types-0-capacity": "80",
                "ticket_types-0-sales_start": "2026-06-01T09:00",
                "ticket_types-0-min_per_booking": "1",
                "ticket_types-0-max_per_booking": "4",
                "ticket_types-0-position": "0",
            },
        )

        assert response.status_code == 302
        event = Event.objects.get()
        assert (event.slug, event.status) == ("open-air", EventStatus.DRAFT)
        assert event.starts_at == utc(2026, 7, 4, 22, 30)
        ticket_type = event.ticket_types.get()
        assert ticket_type.sales_start == utc(2026, 6, 1, 13)
        assert (ticket_type.stock.capacity, ticket_type.stock.taken) == (80, 0)

    def test_can_publish_at_once(self, admin_client: Any) -> None:
        admin_client.post(f"{EVENTS}add/", self.typed(_publish="Save and publish"))

        assert Event.objects.get().status == EventStatus.PUBLISHED

    def test_asks_which_of_two_equal_times_is_meant(self, admin_client: Any) -> None:
        response = admin_client.post(
            f"{EVENTS}add/",
            self.typed(starts_on="2026-11-01", starts_time="01:30", ends_on="2026-11-02"),
        )

        assert "01:30 comes twice on 1 November 2026 in America/New_York" in errors(response)
        assert '<select name="starts_occurrence"' in text(response)

    @pytest.mark.parametrize(
        ("button", "before", "after"),
        [
            ("_publish", EventStatus.DRAFT, EventStatus.PUBLISHED),
            ("_reopen", EventStatus.CANCELLED, EventStatus.DRAFT),
        ],
    )
    def test_has_a_button_for_what_comes_next(
        self, admin_client: Any, button: str, before: str, after: str
    ) -> None:
        event = EventFactory(status=before)
        page = text(admin_client.get(change_page(event)))
        assert f'name="{button}"' in page

        admin_client.post(change_page(event), submission(page) | {button: "1", "title": "New"})

        event.refresh_from_db()
        assert (event.title, event.status) == ("New", after)

    def test_leads_to_the_question_before_it_cancels(self, admin_client: Any) -> None:
        event = EventFactory()
        page = text(admin_client.get(change_page(event)))

        question = admin_client.post(change_page(event), submission(page) | {"_cancel": "1"})
        admin_client.post(EVENTS, submission(text(question)))

        event.refresh_from_db()
        assert event.status == EventStatus.CANCELLED

    def test_saved_unchanged_moves_nothing(self, admin_client: Any) -> None:
        second_of_two = utc(2026, 10, 25, 1, 30, 12)
        event = EventFactory(
            starts_at=second_of_two,
            ends_at=utc(2026, 10, 25, 4),
            timezone="Europe/Berlin",
            status=EventStatus.CANCELLED,
        )
        ticket_type = TicketTypeFactory(
            event=event, sales_start=utc(2026, 3, 29, 1, 0, 30), sales_end=second_of_two
        )
        page = text(admin_client.get(change_page(event)))

        response = admin_client.post(change_page(event), submission(page))

        assert response.status_code == 302
        stored = Event.objects.get()
        assert (stored.starts_at, stored.ends_at) == (event.starts_at, event.ends_at)
        assert stored.status == EventStatus.CANCELLED
        stored_type = TicketType.objects.get()
        assert stored_type.sales_start == ticket_type.sales_start
        assert stored_type.sales_end == ticket_type.sales_end

    def test_ignores_what_is_not_to_be_edited(self, admin_client: Any) -> None:
        ticket_type = TicketTypeFactory(event__status=EventStatus.DRAFT, taken=2)
        event = ticket_type.event
        page = text(admin_client.get(change_page(event)))

        admin_client.post(
            change_page(event),
            submission(page)
            | {"status": "published", "uid": "forged", "ticket_types-0-taken": "0"},
        )

        stored = Event.objects.get()
        assert (stored.status, stored.uid) == (EventStatus.DRAFT, event.uid)
        assert TicketStock.objects.get().taken == 2

    def test_takes_images_and_shows_them(self, admin_client: Any) -> None:
        event = EventFactory()
        fields = submission(text(admin_client.get(change_page(event)))) | {
            "images-TOTAL_FORMS": "1",
            "images-0-image": picture(),
            "images-0-alt_text": "A stage",
            "images-0-position": "0",
        }

        admin_client.post(change_page(event), fields)

        image = event.images.get()
        assert (image.width, image.height) == (40, 20)
        assert f'<img src="{image.image.url}"' in text(admin_client.get(change_page(event)))


class TestTicketTypes:
    @pytest.mark.parametrize(("capacity", "stored"), [("3", 3), ("40", 40)])
    def test_get_the_capacity_that_was_typed(
        self, admin_client: Any, capacity: str, stored: int
    ) -> None:
        event = TicketTypeFactory(capacity=10, taken=3).event
        page = text(admin_client.get(change_page(event)))

        admin_client.post(
            change_page(event), submission(page) | {"ticket_types-0-capacity": capacity}
        )

        stock = TicketStock.objects.get()
        assert (stock.capacity, stock.taken) == (stored, 3)

    def test_never_get_less_than_is_taken(self, admin_client: Any) -> None:
        event = TicketTypeFactory(capacity=10, taken=3).event
        page = text(admin_client.get(change_page(event)))

        response = admin_client.post(
            change_page(event), submission(page) | {"ticket_types-0-capacity": "2"}
        )

        assert "3 places are taken, so the capacity cannot be 2." in text(response)
        assert TicketStock.objects.get().capacity == 10

    def test_sold_while_their_capacity_is_lowered_undo_the_whole_save(
        self, admin_client: Any
    ) -> None:
        event = TicketTypeFactory(capacity=10, taken=3, event__title="Jazz").event
        page = text(admin_client.get(change_page(event)))

        def sell(**kwargs: Any) -> None:
            TicketStock.objects.update(taken=9)

        pre_save.connect(sell, sender=Event)
        try:
            response = admin_client.post(
                change_page(event),
                submission(page) | {"title": "Renamed", "ticket_types-0-capacity": "5"},
                follow=True,
            )
        finally:
            pre_save.disconnect(sell, sender=Event)

        assert "Nothing was saved. 9 places are taken, so the capacity cannot be 5." in text(
            response
        )
        assert Event.objects.get().title == "Jazz"
        assert TicketStock.objects.get().capacity == 10

    def test_refuse_a_sale_at_a_time_that_does_not_exist(self, admin_client: Any) -> None:
        event = TicketTypeFactory().event
        page = text(admin_client.get(change_page(event)))

        response = admin_client.post(
            change_page(event),
            submission(page) | {"ticket_types-0-sales_start": "2026-03-29T02:30"},
        )

        assert "02:30 does not exist on 29 March 2026 in Europe/Berlin" in text(response)

    def test_without_tickets_can_be_deleted(self, admin_client: Any) -> None:
        event = TicketTypeFactory().event
        page = text(admin_client.get(change_page(event)))

        admin_client.post(change_page(event), submission(page) | {"ticket_types-0-DELETE": "on"})

        assert not TicketType.objects.exists()

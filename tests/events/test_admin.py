import datetime as dt
import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from events.models import Event, EventImage, EventStatus
from tests.admin_pages import listed, run_action, text
from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    HostFactory,
    ReviewFactory,
    TicketTypeFactory,
    UserFactory,
)
from tests.html_form import submission

pytestmark = pytest.mark.django_db

EVENTS = "/admin/events/event/"


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def change_page(event: Event) -> str:
    return f"{EVENTS}{event.pk}/change/"


def picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (40, 20)).save(file, "PNG")
    return SimpleUploadedFile("stage.png", file.getvalue(), "image/png")


class TestPages:
    @pytest.mark.parametrize("name", ["event", "host", "city", "category"])
    def test_lists_and_forms_open(self, admin_client: Any, name: str) -> None:
        ticket_type = TicketTypeFactory()
        EventImage.objects.create(event=ticket_type.event, image=picture(), alt_text="A stage")
        row = {
            "event": ticket_type.event,
            "host": ticket_type.event.host,
            "city": ticket_type.event.city,
            "category": ticket_type.event.category,
        }[name]
        base = f"admin:events_{name}"

        assert str(getattr(row, "name", row)) in text(
            admin_client.get(reverse(f"{base}_changelist"))
        )
        assert admin_client.get(reverse(f"{base}_add")).status_code == 200
        assert admin_client.get(reverse(f"{base}_change", args=[row.pk])).status_code == 200
        assert admin_client.get(reverse(f"{base}_history", args=[row.pk])).status_code == 200

    def test_reviews_are_there_to_be_moderated_not_written(self, admin_client: Any) -> None:
        review = ReviewFactory(text="Too loud.")
        page = reverse("admin:events_review_change", args=[review.pk])

        assert "Too loud." in text(admin_client.get("/admin/events/review/?q=loud"))
        assert admin_client.get("/admin/events/review/add/").status_code == 403
        admin_client.post(page, {"text": "", "rating": "5"})

        review.refresh_from_db()
        assert (review.text, review.rating) == ("Too loud.", 4)

    def test_are_for_staff(self, client: Any) -> None:
        client.force_login(UserFactory())

        response = client.get(EVENTS)

        assert response.status_code == 302
        assert response.url.startswith("/admin/login/")

    def test_show_staff_who_may_only_look_when_an_event_is(self, client: Any) -> None:
        user = UserFactory(is_staff=True)
        user.user_permissions.add(Permission.objects.get(codename="view_event"))
        client.force_login(user)
        event = EventFactory(starts_at=utc(2026, 12, 4, 18), timezone="Europe/Berlin")

        page = text(client.get(change_page(event)))

        assert "Fri 4 Dec 2026, 19:00 – 22:00 CET" in page
        assert 'name="_publish"' not in page
        assert 'name="_cancel"' not in page

    @pytest.mark.parametrize("model", ["city", "category", "host"])
    def test_find_what_an_event_refers_to_by_name(self, admin_client: Any, model: str) -> None:
        factory = {"city": CityFactory, "category": CategoryFactory, "host": HostFactory}[model]
        wanted, _ = factory(name="Reykjavík"), factory(name="Oslo")

        response = admin_client.get(
            "/admin/autocomplete/",
            {"app_label": "events", "model_name": "event", "field_name": model, "term": "reyk"},
        )

        assert [row["id"] for row in response.json()["results"]] == [str(wanted.pk)]


class TestEventList:
    def test_shows_local_time_places_and_bookings(self, admin_client: Any) -> None:
        event = EventFactory(
            starts_at=utc(2026, 12, 4, 13, 15),
            ends_at=utc(2026, 12, 4, 15),
            timezone="Asia/Kathmandu",
        )
        TicketTypeFactory(event=event, capacity=20, taken=3)
        TicketTypeFactory(event=event, capacity=5, taken=5)

        page = text(admin_client.get(EVENTS))

        assert "Fri 4 Dec 2026, 19:00 – 20:45 UTC+5:45" in page
        assert "8 of 25" in page
        assert f'<a href="/admin/bookings/booking/?event={event.pk}">0</a>' in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=jazz", {"Jazz"}),
            ("q=Kantine", {"Jazz"}),
            ("when=upcoming", {"Jazz", "Tea"}),
            ("when=past", {"Fair"}),
            ("when=now", {"Marathon"}),
            ("places=left", {"Jazz"}),
            ("places=sold_out", {"Tea"}),
            ("places=none", {"Fair", "Marathon"}),
            ("status__exact=draft", {"Tea"}),
            ("is_online__exact=1", {"Marathon"}),
            ("start_date__year=2020", {"Fair"}),
            ("start_date__year=2020&start_date__month=5&start_date__day=2", {"Fair"}),
            ("start_date__year=2020&start_date__month=5&start_date__day=1", set()),
        ],
    )
    def test_is_searched_and_filtered(self, admin_client: Any, query: str, found: set[str]) -> None:
        TicketTypeFactory(event=EventFactory(title="Jazz", venue="Kantine"), capacity=2, taken=1)
        tea = EventFactory(title="Tea", status=EventStatus.DRAFT)
        TicketTypeFactory(event=tea, capacity=2, taken=2)
        # The local day of the fair is the second of May, where UTC still has the first.
        EventFactory(
            title="Fair",
            starts_at=utc(2020, 5, 1, 20),
            ends_at=utc(2020, 5, 1, 22),
            timezone="Asia/Tokyo",
        )
        now = dt.datetime.now(dt.UTC)
        EventFactory(
            title="Marathon", starts_at=now - dt.timedelta(1), ends_at=now + dt.timedelta(1),
            is_online=True, city=None,
        )  # fmt: skip

        response = admin_client.get(f"{EVENTS}?{query}")

        assert response.status_code == 200
        assert listed(response) == found

    def test_can_be_narrowed_to_a_city_and_counts_each_choice(self, admin_client: Any) -> None:
        event, _ = EventFactory(title="Jazz"), EventFactory(title="Tea")

        response = admin_client.get(f"{EVENTS}?city__id__exact={event.city_id}&_facets=True")

        assert listed(response) == {"Jazz"}

    @pytest.mark.parametrize("order", range(1, 9))
    def test_can_be_sorted_by_each_column(self, admin_client: Any, order: int) -> None:
        TicketTypeFactory()

        assert admin_client.get(f"{EVENTS}?o={order}").status_code == 200
        assert admin_client.get(f"{EVENTS}?o=-{order}").status_code == 200

    @pytest.mark.parametrize("name", ["event", "host", "city", "category", "review"])
    def test_takes_as_many_queries_for_ten_rows_as_for_one(
        self, admin_client: Any, name: str
    ) -> None:
        page = reverse(f"admin:events_{name}_changelist")
        counts = []
        for more in (1, 9):
            for _ in range(more):
                ReviewFactory(event=TicketTypeFactory().event)
            with CaptureQueriesContext(connection) as queries:
                assert admin_client.get(page).status_code == 200
            counts.append(len(queries))

        assert counts[0] == counts[1] <= 10


class TestActions:
    def test_publish_those_that_can_be_and_say_why_others_cannot(self, admin_client: Any) -> None:
        draft = EventFactory(status=EventStatus.DRAFT)
        gone = EventFactory(title="Gone", status=EventStatus.CANCELLED)

        page = text(run_action(admin_client, EVENTS, "publish_selected", draft, gone))

        draft.refresh_from_db()
        gone.refresh_from_db()
        assert (draft.status, gone.status) == (EventStatus.PUBLISHED, EventStatus.CANCELLED)
        assert "1 event published." in page
        assert "Not published: “Gone”. A cancelled event must become a draft" in page
        assert "Published." in text(admin_client.get(f"{EVENTS}{draft.pk}/history/"))

    def test_cancel_asks_first(self, admin_client: Any) -> None:
        event = EventFactory(title="Late Jazz")

        page = run_action(admin_client, EVENTS, "cancel_selected", event)

        assert "Late Jazz" in text(page)
        assert "Yes, cancel them" in text(page)
        event.refresh_from_db()
        assert event.status == EventStatus.PUBLISHED

        answer = submission(text(page))
        assert answer["_selected_action"] == str(event.pk)
        admin_client.post(EVENTS, answer)

        event.refresh_from_db()
        assert event.status == EventStatus.CANCELLED

    def test_export_what_is_selected_as_csv_without_formulas(self, admin_client: Any) -> None:
        event = EventFactory(
            title="=HYPERLINK(0)",
            slug="jazz",
            venue="Kantine, unten",
            city=CityFactory(name="Zürich", country="Switzerland"),
            category=CategoryFactory(name="Jazz"),
            host=HostFactory(name="@home"),
            starts_at=utc(2026, 12, 4, 18),
            ends_at=utc(2026, 12, 4, 21),
            timezone="Europe/Zurich",
        )
        TicketTypeFactory(event=event, capacity=20, taken=3)
        EventFactory(title="Not selected")

        response = run_action(admin_client, EVENTS, "export_csv", event)

        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="events.csv"'
        assert b"".join(response.streaming_content).decode() == (
            "\ufefftitle,status,starts,ends,whole days,time zone,city,country,venue,address,"
            "online,category,host,capacity,taken,slug\r\n"
            "'=HYPERLINK(0),Published,2026-12-04 19:00+01:00,2026-12-04 22:00+01:00,no,"
            'Europe/Zurich,Zürich,Switzerland,"Kantine, unten","Torstraße 1, 10119 Berlin",'
            "no,Jazz,'@home,20,3,jazz\r\n"
        )

    def test_delete_events_that_nobody_booked(self, admin_client: Any) -> None:
        event = TicketTypeFactory().event

        run_action(admin_client, EVENTS, "delete_selected", event, post="yes")

        assert not Event.objects.filter(pk=event.pk).exists()


def test_a_host_has_its_team_beside_it(admin_client: Any) -> None:
    host, user = HostFactory(), UserFactory()
    page = reverse("admin:events_host_change", args=[host.pk])
    fields = submission(text(admin_client.get(page))) | {
        "members-TOTAL_FORMS": "1",
        "members-0-user": str(user.pk),
        "members-0-role": "door",
    }

    admin_client.post(page, fields)

    assert [(member.user, member.role) for member in host.members.all()] == [(user, "door")]


def test_what_an_admin_changes_of_a_host_s_team_is_in_its_history(admin_client: Any) -> None:
    host, user = HostFactory(), UserFactory(name="Bo")
    page = reverse("admin:events_host_change", args=[host.pk])
    first = {"members-TOTAL_FORMS": "1", "members-0-user": str(user.pk), "members-0-role": "door"}

    admin_client.post(page, submission(text(admin_client.get(page))) | first)
    fields = submission(text(admin_client.get(page)))
    admin_client.post(page, fields | {"members-0-role": "manager", "name": "Red Room"})
    fields = submission(text(admin_client.get(page)))
    admin_client.post(page, fields | {"members-0-DELETE": "on"})

    assert [change.what for change in host.changes.order_by("pk")] == [
        "added Bo as door staff",
        "changed the name",
        "made Bo manager",
        "removed Bo",
    ]

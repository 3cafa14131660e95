"""From a draft to a published event and back."""

from decimal import Decimal

import pytest
from django.test import Client

from bookings.models import BookingStatus, WaitlistEntry
from events.models import Event, EventStatus, TicketStock
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.factories import BookingFactory, HostFactory, days_from_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client: Client) -> Event:
    return hosted_event(client, status=EventStatus.DRAFT)


@pytest.fixture
def published(client: Client) -> Event:
    return hosted_event(client)


def status_of(event: Event) -> str:
    return Event.objects.values_list("status", flat=True).get(pk=event.pk)


def missing(client: Client, event: Event) -> list[str]:
    checklist = client.get(page_of(event, "hosted_edit")).context["checklist"]
    return [item.text for item in checklist.needed if not item.is_done]


def test_a_complete_draft_is_published(client: Client, draft: Event) -> None:
    assert missing(client, draft) == []

    response = client.post(page_of(draft, "hosted_publish"), follow=True)

    assert "It is published" in response.content.decode()
    assert status_of(draft) == EventStatus.PUBLISHED
    assert client.post(page_of(draft, "hosted_publish")).status_code == 302


@pytest.mark.parametrize(
    ("lacking", "text"),
    [
        ({"is_scheduled": False}, "A date"),
        (
            {"starts_at": days_from_now(-3), "ends_at": days_from_now(-2)},
            "A date that is still to come",
        ),
        ({"city": None}, "A city, or that it is online"),
    ],
)
def test_what_lacks_something_is_not_published_and_says_what(
    client: Client, draft: Event, lacking: dict[str, object], text: str
) -> None:
    Event.objects.update(**lacking)

    response = client.post(page_of(draft, "hosted_publish"))

    assert response.status_code == 409
    assert text in response.content.decode()
    assert text in missing(client, draft)
    assert status_of(draft) == EventStatus.DRAFT


def test_tickets_are_needed_unless_there_is_a_website(client: Client, draft: Event) -> None:
    draft.ticket_types.all().delete()
    assert missing(client, draft) == ["Tickets to book, or a website on the page"]

    Event.objects.update(website="https://example.org")

    assert missing(client, draft) == []


def test_tickets_with_a_price_need_a_way_to_pay(client: Client, draft: Event) -> None:
    draft.ticket_types.update(price=Decimal(10))
    Event.objects.update(allows_pay_at_door=False)
    [text] = missing(client, draft)
    assert text.startswith("Payment at the door")

    Event.objects.update(allows_pay_at_door=True)

    assert missing(client, draft) == []


def test_tickets_whose_sale_is_over_are_no_tickets(client: Client, draft: Event) -> None:
    draft.ticket_types.update(sales_end=days_from_now(-1))

    assert missing(client, draft) == ["Tickets whose sale has not ended"]


def test_an_event_that_nobody_booked_becomes_a_draft_again(
    client: Client, published: Event
) -> None:
    assert (
        "Nobody has booked" in client.get(page_of(published, "hosted_unpublish")).content.decode()
    )

    client.post(page_of(published, "hosted_unpublish"))

    assert status_of(published) == EventStatus.DRAFT


@pytest.mark.parametrize("status", [BookingStatus.CONFIRMED, BookingStatus.PENDING])
def test_with_bookings_it_stays_published_and_the_numbers_are_told(
    client: Client, published: Event, status: BookingStatus
) -> None:
    held = {"expires_at": days_from_now(1), "confirmed_at": None, "payment_method": ""}
    booked(published, status=status, **(held if status == BookingStatus.PENDING else {}))
    TicketStock.objects.update(waiting=2)
    for name in ("ada", "bo"):
        WaitlistEntry.objects.create(
            ticket_type=published.ticket_types.get(),
            quantity=1,
            name=name,
            email=f"{name}@example.com",
        )

    for response in (
        client.get(page_of(published, "hosted_unpublish")),
        client.post(page_of(published, "hosted_unpublish")),
    ):
        assert "1 booking and 2 on the waiting list" in response.content.decode()
    assert response.status_code == 409
    assert status_of(published) == EventStatus.PUBLISHED


def test_a_cancelled_event_becomes_a_draft_again(client: Client, published: Event) -> None:
    Event.objects.update(status=EventStatus.CANCELLED)

    client.post(page_of(published, "hosted_reopen"))

    assert status_of(published) == EventStatus.DRAFT


@pytest.mark.parametrize(("has_bookings", "host"), [(True, "old"), (False, "new")])
def test_a_draft_that_was_booked_once_keeps_its_host(
    client: Client, draft: Event, *, has_bookings: bool, host: str
) -> None:
    other = HostFactory(owner=draft.host.owner)
    if has_bookings:
        BookingFactory(event=draft, status=BookingStatus.CANCELLED)
    form = {"title": "Jazz", "category": str(draft.category_id), "host": str(other.pk)}

    client.post(page_of(draft, "hosted_what"), form)

    hosts = {"old": draft.host_id, "new": other.pk}
    draft.refresh_from_db()
    assert (draft.title, draft.host_id) == ("Jazz", hosts[host])


def test_a_draft_can_be_deleted(client: Client, draft: Event) -> None:
    assert "cannot be undone" in client.get(page_of(draft, "hosted_delete_draft")).content.decode()

    response = client.post(page_of(draft, "hosted_delete_draft"))

    assert response.headers["Location"] == "/hosting/"
    assert not Event.objects.exists()


def test_what_was_booked_once_or_is_public_is_not_deleted(client: Client, draft: Event) -> None:
    booked(draft, status=BookingStatus.CANCELLED)
    response = client.post(page_of(draft, "hosted_delete_draft"))
    assert response.status_code == 409
    assert "has bookings, old ones included" in response.content.decode()

    Event.objects.update(status=EventStatus.PUBLISHED)
    assert client.post(page_of(draft, "hosted_delete_draft")).status_code == 409
    assert Event.objects.exists()

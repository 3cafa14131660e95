import pytest
from django.urls import reverse

from bookings.models import BookingStatus
from events.models import EventStatus, Review
from tests.factories import BookingFactory, EventFactory, HoldFactory, UserFactory, days_from_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(starts_at=days_from_now(-2))


@pytest.fixture
def visitor(client):
    user = UserFactory()
    client.force_login(user)
    return user


def review(client, event, rating=5, text="Splendid."):
    page = reverse("bookings:review", args=[event.slug])
    return client.post(page, {"rating": rating, "text": text})


def test_someone_who_was_there_reviews_and_edits_their_one_review(client, event, visitor):
    BookingFactory(event=event, user=visitor)

    assert review(client, event, 5, "Splendid.").status_code == 302
    assert review(client, event, 2, "On reflection, loud.").status_code == 302

    kept = Review.objects.get()
    assert (kept.rating, kept.text, kept.user) == (2, "On reflection, loud.", visitor)


def test_review_shows_on_the_page_of_the_event(client, event, visitor):
    BookingFactory(event=event, user=visitor)
    review(client, event, text="The encore was worth the wait.")

    page = client.get(event.get_absolute_url()).content.decode()

    assert "The encore was worth the wait." in page


@pytest.mark.parametrize(
    "status", [BookingStatus.CANCELLED, BookingStatus.EXPIRED, BookingStatus.PENDING]
)
def test_booking_that_is_not_confirmed_gives_no_say(client, event, visitor, status):
    HoldFactory(event=event, user=visitor, status=status)

    assert review(client, event).status_code == 400
    assert not Review.objects.exists()


def test_event_that_is_not_over_cannot_be_reviewed(client, visitor):
    event = EventFactory()
    BookingFactory(event=event, user=visitor)

    assert review(client, event).status_code == 400
    assert not Review.objects.exists()


def test_event_that_was_cancelled_cannot_be_reviewed(client, event, visitor):
    BookingFactory(event=event, user=visitor)
    event.status = EventStatus.CANCELLED
    event.save()

    assert review(client, event).status_code == 400
    assert not Review.objects.exists()


def test_stranger_cannot_review(client, event, visitor):
    BookingFactory(event=event, user=UserFactory())

    assert review(client, event).status_code == 400
    assert not Review.objects.exists()


@pytest.mark.parametrize("rating", ["0", "6", "-1", "five", "", "9" * 50])
def test_rating_outside_one_to_five_is_refused(client, event, visitor, rating):
    BookingFactory(event=event, user=visitor)

    response = review(client, event, rating)

    assert response.status_code == 400
    assert "rating" in response.context["form"].errors
    assert not Review.objects.exists()


def test_reviewing_needs_a_login(client, event):
    response = review(client, event)

    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]

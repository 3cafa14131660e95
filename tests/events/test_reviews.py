"""A host's reply to a review, and what is not for everyone to read."""

import datetime as dt
import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from events.exceptions import EventError
from events.models import Event, HostMember, Review, ReviewReply
from events.services.reviews import hide_review, reply_to_review
from events.sharing.json_ld import event_node
from tests.events.reviews import page_of, reply_page
from tests.factories import (
    BookingFactory,
    EventFactory,
    ReviewFactory,
    UserFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    event = EventFactory(starts_at=days_from_now(-3), host__name="The Blue Room")
    return ReviewFactory(event=event, rating=2, text="Too loud.")


@pytest.fixture
def owner(client, review):
    client.force_login(review.event.host.owner)
    return review.event.host.owner


def test_host_replies_and_everyone_reads_it_with_the_host_s_name(client, review, owner):
    listed = client.get(reverse("events:hosted_reviews", args=[review.event.slug]))
    assert reply_page(review) in listed.content.decode()

    response = client.post(reply_page(review), {"text": "We have turned it down."})

    assert response.status_code == 302
    client.logout()
    html = page_of(client, review.event)
    assert "<strong>The Blue Room</strong> replied" in html
    assert "We have turned it down." in html


def test_manager_replies_as_well(client, review):
    manager = UserFactory()
    HostMember.objects.create(host=review.event.host, user=manager, role="manager")
    client.force_login(manager)

    client.post(reply_page(review), {"text": "Sorry."})

    assert ReviewReply.objects.get().by == manager


def test_reply_without_words_is_refused_and_says_so(client, review, owner):
    response = client.post(reply_page(review), {"text": "  "})

    assert response.status_code == 400
    assert not ReviewReply.objects.exists()


def test_reply_is_corrected_for_two_days_and_then_stays(client, review, owner):
    client.post(reply_page(review), {"text": "Sory."})
    client.post(reply_page(review), {"text": "Sorry."})
    assert ReviewReply.objects.get().text == "Sorry."

    ReviewReply.objects.update(written_at=timezone.now() - dt.timedelta(days=3))
    assert "stays as it is" in client.get(reply_page(review)).content.decode()
    response = client.post(reply_page(review), {"text": "Not sorry."})

    assert response.status_code == 400
    assert "Not sorry." in response.content.decode()
    assert ReviewReply.objects.get().text == "Sorry."


def test_reader_learns_where_a_review_was_changed_after_the_reply(client, review, owner):
    client.post(reply_page(review), {"text": "Sorry."})
    told = "The review was changed after this reply."
    assert told not in page_of(client, review.event)

    review.text = "Splendid."
    review.save()

    assert told in page_of(client, review.event)


def test_reply_that_was_removed_is_gone_and_no_other_takes_its_place(client, review, owner):
    client.post(reply_page(review), {"text": "Deaf?"})

    client.get(f"{reply_page(review)}remove/")
    assert ReviewReply.objects.get().text == "Deaf?"
    client.post(f"{reply_page(review)}remove/")
    response = client.post(reply_page(review), {"text": "Blind, too?"})

    assert response.status_code == 400
    html = page_of(client, review.event)
    assert "replied" not in html
    reply = ReviewReply.objects.get()
    assert (reply.text, reply.removed_by) == ("", owner)


def test_database_takes_one_reply_only(review):
    ReviewReply.objects.create(review=review, text="Sorry.")

    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewReply.objects.create(review=review, text="Very sorry.")


@pytest.mark.django_db(transaction=True)
def test_of_two_replies_at_once_one_is_kept_and_the_other_hears_of_it(review):
    begin = threading.Barrier(2)
    refused = []

    def write(text):
        begin.wait()
        try:
            reply_to_review(review=review, by=None, text=text)
        except EventError as error:
            refused.append(error.code)
        finally:
            connections.close_all()

    people = [threading.Thread(target=write, args=[text]) for text in ("Sorry.", "Never.")]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert refused == ["already_replied"]
    assert ReviewReply.objects.count() == 1


def test_same_reply_sent_twice_is_one(review):
    replies = [reply_to_review(review=review, by=None, text="Sorry.") for _ in range(2)]

    assert replies[0] == replies[1]


def test_hidden_review_leaves_a_trace_without_its_text_and_does_not_count(client, review):
    ReviewFactory(event=review.event, rating=4)
    reply_to_review(review=review, by=None, text="We have turned it down.")
    hide_review(review=review, by=UserFactory(), why="It insults somebody.")

    html = page_of(client, review.event)

    assert "A review was removed by the moderators." in html
    assert "Too loud." not in html
    assert "We have turned it down." not in html
    assert "It insults somebody." not in html
    assert "1 review<" in html


def test_search_engines_are_told_the_rating_without_hidden_reviews(review):
    ReviewFactory(event=review.event, rating=4)
    hide_review(review=review, by=UserFactory(), why="Spam.")

    event = Event.objects.for_detail(AnonymousUser()).get(pk=review.event.pk)
    node = event_node(event)["aggregateRating"]
    assert (node["ratingValue"], node["reviewCount"]) == (4, 1)


def test_nobody_replies_to_a_hidden_review(client, review, owner):
    hide_review(review=review, by=UserFactory(), why="Spam.")

    assert client.post(reply_page(review), {"text": "Sorry."}).status_code == 404
    with pytest.raises(EventError):
        reply_to_review(review=review, by=owner, text="Sorry.")


def test_who_wrote_a_hidden_review_reads_why_and_cannot_change_it(client, review):
    BookingFactory(event=review.event, user=review.user)
    hide_review(review=review, by=UserFactory(), why="It insults somebody.")
    client.force_login(review.user)
    page = reverse("bookings:review", args=[review.event.slug])

    assert "It insults somebody." in client.get(page).content.decode()
    assert client.post(page, {"rating": 1, "text": "Louder!"}).status_code == 400
    assert Review.objects.get().text == "Too loud."


def test_review_is_hidden_for_a_reason_or_not_at_all(review):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(hidden_at=timezone.now())

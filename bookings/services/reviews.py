"""Reviews, by people who were there. Here and not in events/, which knows nothing of bookings."""

from typing import TYPE_CHECKING

from django.db import transaction

from bookings.exceptions import Refusal, refusal
from bookings.models import Booking
from events.models import Event, Review

if TYPE_CHECKING:
    from accounts.models import User


def was_there(*, event: Event, user: "User") -> bool:
    """Whether someone's booking was confirmed and the event took place and is over."""
    if event.is_cancelled or not event.is_over:
        return False
    return Booking.objects.of_user(user).confirmed().filter(event=event).exists()


def write_review(*, event: Event, user: "User", rating: int, text: str) -> Review:
    """Write or replace someone's one review of an event. Raises WAS_NOT_THERE, REVIEW_HIDDEN."""
    if not was_there(event=event, user=user):
        raise refusal(
            Refusal.WAS_NOT_THERE, "Reviews are for people who booked, once the event is over."
        )
    with transaction.atomic():
        # Whoever writes twice at once, or while it is hidden, waits here for the other.
        review, is_new = Review.objects.select_for_update().get_or_create(
            event=event, user=user, defaults={"rating": rating, "text": text}
        )
        if review.is_hidden:
            raise refusal(Refusal.REVIEW_HIDDEN, "Moderators removed your review: it is closed.")
        if not is_new:
            review.rating, review.text = rating, text
            review.save(update_fields=["rating", "text", "updated_at"])
    return review

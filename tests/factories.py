"""Rows for tests: valid by default; a test names only what it is about."""

import datetime as dt
import secrets
import uuid
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from bookings.models import Booking, BookingStatus, PaymentMethod, Question, Ticket
from events.models import (
    Category,
    City,
    Event,
    EventImage,
    EventSeries,
    EventStatus,
    Favorite,
    Host,
    HostFollower,
    NewsReader,
    Review,
    SavedSearch,
    SharedCapacity,
    TicketStock,
    TicketType,
)

PASSWORD = "correct horse battery staple"  # of every account in the tests


def days_from_now(days: float, hour: int = 19, zone: str = "Europe/Berlin") -> dt.datetime:
    """An instant that many days away at a full hour of the zone's clock."""
    local = timezone.now().astimezone(ZoneInfo(zone)) + dt.timedelta(days=days)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


# Where another process has made rows in the same database, such as a live site's, these differ.
FIRST_NUMBER = secrets.randbelow(10**8)


class RowFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _setup_next_sequence(cls) -> int:
        return FIRST_NUMBER


class UserFactory(RowFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        return model_class.objects.create_user(password=PASSWORD, **kwargs)


class CityFactory(RowFactory):
    class Meta:
        model = City

    name = factory.Sequence(lambda n: f"Berlin {n}")
    slug = factory.Sequence(lambda n: f"berlin-{n}")
    country = "Germany"
    country_code = "DE"
    timezone = "Europe/Berlin"
    latitude = 52.52
    longitude = 13.405


class CategoryFactory(RowFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Jazz {n}")
    slug = factory.Sequence(lambda n: f"jazz-{n}")


class HostFactory(RowFactory):
    class Meta:
        model = Host

    name = factory.Sequence(lambda n: f"Blue Room {n}")
    slug = factory.Sequence(lambda n: f"blue-room-{n}")
    owner = factory.SubFactory(UserFactory)


class EventFactory(RowFactory):
    """Published, three hours long, a week from now, in Berlin, with no ticket types."""

    class Meta:
        model = Event

    title = factory.Sequence(lambda n: f"Late Night Jazz {n}")
    slug = factory.Sequence(lambda n: f"late-night-jazz-{n}")
    summary = "Four musicians and a grand piano."
    description = "Doors open at **seven**."
    category = factory.SubFactory(CategoryFactory)
    city = factory.SubFactory(CityFactory)
    host = factory.SubFactory(HostFactory)
    venue = "Blue Room"
    address = "Torstraße 1, 10119 Berlin"
    timezone = "Europe/Berlin"
    starts_at = factory.LazyFunction(lambda: days_from_now(7))
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + dt.timedelta(hours=3))
    status = EventStatus.PUBLISHED
    allows_pay_at_door = True


class TicketTypeFactory(RowFactory):
    """Free, with ``capacity`` places of which ``taken`` are taken, and which it may share."""

    class Meta:
        model = TicketType
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    name = "Standard"
    price = Decimal(0)
    currency = "EUR"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        capacity, taken = kwargs.pop("capacity", 10), kwargs.pop("taken", 0)
        shared = kwargs.pop("shared_capacity", None)
        ticket_type = super()._create(model_class, *args, **kwargs)
        TicketStock.objects.create(
            ticket_type=ticket_type, capacity=capacity, taken=taken, shared_capacity=shared
        )
        return ticket_type


class ReviewFactory(RowFactory):
    class Meta:
        model = Review

    event = factory.SubFactory(EventFactory)
    user = factory.SubFactory(UserFactory)
    rating = 4
    text = "Warm sound, good seats."


class FavoriteFactory(RowFactory):
    class Meta:
        model = Favorite

    event = factory.SubFactory(EventFactory)
    user = factory.SubFactory(UserFactory)


class SavedSearchFactory(RowFactory):
    """Of everything, told of once a week; last looked at a minute ago."""

    class Meta:
        model = SavedSearch

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Jazz {n}")
    query = ""
    has_moving_days = factory.LazyAttribute(lambda search: "when=" in search.query)
    told_until = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(minutes=1))
    looked_at = factory.SelfAttribute("told_until")


class BookingFactory(RowFactory):
    """Confirmed, free, by a guest, without tickets (``tickets=[ticket_type, ...]`` adds them and
    takes their places).
    """

    class Meta:
        model = Booking
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    name = "Ada Lovelace"
    email = "ada@example.com"
    status = BookingStatus.CONFIRMED
    payment_method = PaymentMethod.FREE
    total = Decimal(0)
    currency = "EUR"
    idempotency_key = factory.LazyFunction(uuid.uuid4)
    confirmed_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def tickets(self, create: bool, extracted: list[TicketType] | None, **kwargs: Any) -> None:
        for ticket_type in extracted or []:
            Ticket.objects.create(
                booking=self,
                ticket_type=ticket_type,
                price=ticket_type.price,
                attendee_name="Ada Lovelace",
            )
            TicketStock.objects.filter(pk=ticket_type.pk).update(taken=F("taken") + 1)
            SharedCapacity.objects.filter(stocks=ticket_type.pk).update(taken=F("taken") + 1)


class HoldFactory(BookingFactory):
    """A hold that has fifteen minutes left."""

    status = BookingStatus.PENDING
    payment_method = ""
    confirmed_at = None
    expires_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(minutes=15))


class QuestionFactory(RowFactory):
    """To be answered in words, once a booking, or not at all."""

    class Meta:
        model = Question

    event = factory.SubFactory(EventFactory)
    text = factory.Sequence(lambda n: f"What do you eat? {n}")


def verify(user: Any) -> Any:
    """The user, whose address is known to be theirs."""
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


class EventImageFactory(RowFactory):
    """A picture whose sizes are not made yet, and whose file is nowhere."""

    class Meta:
        model = EventImage

    event = factory.SubFactory(EventFactory)
    image = factory.Sequence(lambda n: f"events/1/{n:032x}.jpg")
    alt_text = "The stage"
    width = 1200
    height = 675
    digest = factory.Sequence(lambda n: f"{n:064x}")


class HostFollowerFactory(RowFactory):
    """Someone who gets mail about a host's new events and was last looked at a minute ago."""

    class Meta:
        model = HostFollower

    host = factory.SubFactory(HostFactory)
    user = factory.SubFactory(UserFactory)
    told_from = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(minutes=1))

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        follower = super()._create(model_class, *args, **kwargs)
        told = {"told_until": follower.told_from, "looked_at": follower.told_from}
        NewsReader.objects.get_or_create(user=follower.user, defaults=told)
        return follower


class SharedCapacityFactory(RowFactory):
    """Ten places that no ticket type shares yet."""

    class Meta:
        model = SharedCapacity

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"Hall {n}")
    capacity = 10


class EventSeriesFactory(RowFactory):
    """Every week, from a week from now on; without its dates."""

    class Meta:
        model = EventSeries

    key = factory.LazyFunction(uuid.uuid4)
    host = factory.SubFactory(HostFactory)
    rule = "FREQ=WEEKLY;COUNT=10"
    first_day = factory.LazyFunction(lambda: days_from_now(7).date())
    first_time = dt.time(19)
    timezone = "Europe/Berlin"

"""An event with all that is around it, and what becomes of it: called in a process of the site's
(insider.py). What they are about is named by one word, the ``mark``.
"""

from accounts.models import User
from events.models import (
    Category,
    City,
    Event,
    Host,
    Review,
    ReviewReply,
    TicketStock,
    TicketType,
)
from events.services.publishing import cancel_event, publish_event
from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    EventImageFactory,
    HostFactory,
    ReviewFactory,
    TicketTypeFactory,
    UserFactory,
)

PICTURE = "events/1/0123456789abcdef0123456789abcdef.jpg"


def put_up(mark: str, status: str = "published") -> None:
    """The only event that there is: two places at 10 euros, and a review by Ada."""
    Event.objects.all().delete()
    event = EventFactory(
        slug=f"jazz-{mark}",
        title=f"Jazz {mark}",
        status=status,
        city=CityFactory(slug=f"city-{mark}", name=f"City {mark}"),
        category=CategoryFactory(slug=f"category-{mark}", name=f"Category {mark}"),
        host=HostFactory(slug=f"host-{mark}", name=f"Host {mark}"),
    )
    TicketTypeFactory(event=event, name="Standard", price=10, capacity=2)
    ReviewFactory(event=event, user=UserFactory(name=f"Ada{mark} Lovelace"), text="Warm sound.")


def event_of(mark: str) -> Event:
    return Event.objects.get(slug=f"jazz-{mark}")


def publish(mark: str) -> None:
    publish_event(event=event_of(mark))


def give_other_title(mark: str) -> None:
    event = event_of(mark)
    event.title = f"Swing {mark}"
    event.save()


def sell_out(mark: str) -> None:
    TicketStock.objects.filter(ticket_type__event__slug=f"jazz-{mark}").update(taken=2)


def cancel(mark: str) -> None:
    cancel_event(event=event_of(mark))


def review(mark: str) -> None:
    ReviewFactory(event=event_of(mark), text="Good seats.")


def reply(mark: str) -> None:
    review = Review.objects.get(event__slug=f"jazz-{mark}")
    ReviewReply.objects.create(review=review, text="Come again.")


def raise_price(mark: str) -> None:
    TicketType.objects.filter(event__slug=f"jazz-{mark}").update(price=12)


def hide_type(mark: str) -> None:
    TicketType.objects.filter(event__slug=f"jazz-{mark}").update(is_hidden=True)


def add_picture(mark: str) -> None:
    EventImageFactory(event=event_of(mark), image=PICTURE)


def rename_host(mark: str) -> None:
    Host.objects.filter(slug=f"host-{mark}").update(name=f"Club {mark}")


def rename_city(mark: str) -> None:
    City.objects.filter(slug=f"city-{mark}").update(name=f"Town {mark}")


def rename_reviewer(mark: str) -> None:
    user = Review.objects.get(event__slug=f"jazz-{mark}").user
    user.name = f"Grace{mark} Hopper"
    user.save()


def delete(mark: str) -> None:
    event_of(mark).delete()


def put_up_many(slugs: list[str], hosts: list[str]) -> None:
    """Events of these slugs and no others, one host's after the other's."""
    Event.objects.all().delete()
    Host.objects.filter(slug__in=hosts).delete()
    place = {
        "city": City.objects.filter(slug="berlin").first() or CityFactory(slug="berlin"),
        "category": Category.objects.filter(slug="music").first() or CategoryFactory(slug="music"),
    }
    rows = [HostFactory(slug=slug) for slug in hosts]
    for number, slug in enumerate(slugs):
        event = EventFactory(slug=slug, host=rows[number % len(rows)], **place)
        TicketTypeFactory(event=event)


def close_account(email: str) -> None:
    User.objects.filter(email=email).update(is_active=False)

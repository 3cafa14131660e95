"""Every address under /hosting/, with something of one event at each, and who visits them."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bookings.actors import ActorRole
from bookings.models import AttendeeImport, Notice, NoticeKind, PromoCode, Question
from bookings.states import BookingStatus
from events.models import (
    Event,
    Host,
    HostInvitation,
    HostMember,
    HostRole,
    Review,
    ReviewReply,
)
from events.services.teams import invite
from events.team.links import join_path
from tests.bookings.hosted import booked, mail
from tests.factories import (
    EventImageFactory,
    HostFactory,
    ReviewFactory,
    SharedCapacityFactory,
    TicketTypeFactory,
    UserFactory,
)

AREA = "hosting/"
PRICE = Decimal("111.11")
# Of two bookings: what door staff must not see.
REVENUE = "222.22"


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    parameters: frozenset[str]

    def address(self, values: dict[str, Any]) -> str:
        return reverse(self.name, kwargs={name: values[name] for name in self.parameters})


def routes(
    patterns: Any = None, path: str = "", space: str = "", known: Any = ()
) -> Iterator[Route]:
    """Those under /hosting/, as Django knows them."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = path + str(pattern.pattern)
        parameters = frozenset(known) | set(pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            namespace = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, route, namespace, parameters)
        elif isinstance(pattern, URLPattern) and route.startswith(AREA):
            assert pattern.name, f"{route} has no name"
            yield Route(f"{space}{pattern.name}", route, parameters)


class Place:
    """A host with a team, and an event with one of everything that an address can name."""

    def __init__(self) -> None:
        self.event: Event = TicketTypeFactory(price=PRICE, event__host=HostFactory()).event
        self.host: Host = self.event.host
        self.bookings = [booked(self.event, total=PRICE) for _ in range(2)]

    def visitor(self, who: str) -> Any:
        if who == "owner":
            return self.host.owner
        user = UserFactory()
        if who in HostRole.values:
            HostMember.objects.create(host=self.host, user=user, role=who)
        elif who == "owner of another host":
            HostFactory(owner=user)
        return user

    def values_for(self, route: Route) -> dict[str, Any]:
        is_about_host = route.path.startswith(f"{AREA}hosts/")
        return self.values | {"slug": self.host.slug if is_about_host else self.event.slug}

    @cached_property
    def values(self) -> dict[str, Any]:
        """What parameters of routes stand for; a new one goes here."""
        booking = self.bookings[0]
        invitation = self._invitation()
        return {
            "reference": booking.reference,
            "message_id": mail(booking).pk,
            "ticket_id": booking.tickets.get().pk,
            "ticket_type_id": self.event.ticket_types.get().pk,
            "shared_capacity_id": SharedCapacityFactory(event=self.event).pk,
            "notice_id": self._notice(NoticeKind.CHANGED).pk,
            "key": self._notice(NoticeKind.LETTER, key=uuid.uuid4(), subject="News").key,
            "question_id": Question.objects.create(event=self.event, text="What do you eat?").pk,
            "code_id": self._code().pk,
            "import_id": self._import().pk,
            "image_id": EventImageFactory(event=self.event).pk,
            "review_id": self._review().pk,
            "member_id": HostMember.objects.create(
                host=self.host, user=UserFactory(), role=HostRole.MANAGER
            ).pk,
            "invitation_id": invitation.pk,
            "token": join_path(invitation).rstrip("/").rpartition("/")[2],
        }

    def _notice(self, kind: NoticeKind, **fields: Any) -> Notice:
        return Notice.objects.create(
            event=self.event, kind=kind, role=ActorRole.HOST, bookings_to_tell=0, **fields
        )

    def _review(self) -> Review:
        """With a reply, so that it can be removed."""
        review: Review = ReviewFactory(event=self.event)
        ReviewReply.objects.create(review=review, text="Thank you.")
        return review

    def _code(self) -> PromoCode:
        return PromoCode.objects.create(event=self.event, code="FRIENDS", value=10)

    def _import(self) -> AttendeeImport:
        return AttendeeImport.objects.create(
            event=self.event,
            file_name="people.csv",
            content=b"",
            fingerprint="",
            is_free=True,
            role=ActorRole.HOST,
        )

    def _invitation(self) -> HostInvitation:
        return invite(
            host=self.host, by=self.host.owner, email="mary@example.com", role=HostRole.DOOR
        )

    def is_untouched(self) -> bool:
        self.event.refresh_from_db()
        return self.event.is_published and {row.status for row in self.event.bookings.all()} == {
            BookingStatus.CONFIRMED
        }


def answers(client: Client, address: str) -> dict[str, HttpResponseBase]:
    """To a look and to an empty form, each as if the other had not been."""
    found = {}
    for method, ask in (("GET", client.get), ("POST", client.post)):
        with transaction.atomic():
            found[method] = ask(address)
            transaction.set_rollback(True)
    return found


def text_of(response: HttpResponseBase) -> str:
    chunks = response.streaming_content if response.streaming else [response.content]
    return b"".join(chunks).decode(errors="replace")

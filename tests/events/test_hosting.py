import pytest

from events.models import EventStatus, HostMember, HostRole
from tests.factories import EventFactory, HostFactory, TicketTypeFactory, days_from_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(visitor):
    return HostFactory(owner=visitor)


def listed(client):
    return list(client.get("/hosting/").context["page"])


def test_own_and_team_s_events_are_listed_the_coming_ones_first(client, visitor, host):
    team = HostMember.objects.create(host=HostFactory(), user=visitor, role=HostRole.DOOR).host
    for title, days, owner in (("Over", -9, host), ("Later", 9, team), ("Soon", 3, host)):
        EventFactory(title=title, starts_at=days_from_now(days), host=owner)
    EventFactory(title="Draft", status=EventStatus.DRAFT, host=host, starts_at=days_from_now(5))
    EventFactory(title="Another host's")

    assert [event.title for event in listed(client)] == ["Soon", "Draft", "Later", "Over"]


def test_places_are_summed_over_all_ticket_types(client, host):
    event = EventFactory(host=host)
    TicketTypeFactory(event=event, capacity=10, taken=4)
    TicketTypeFactory(event=event, capacity=90, taken=80, is_hidden=True)
    HostMember.objects.create(host=host, user=HostFactory().owner, role=HostRole.DOOR)

    [row] = listed(client)

    assert (row.places_taken, row.capacity) == (84, 100)


@pytest.mark.usefixtures("visitor")
def test_who_hosts_nothing_is_told_so(client):
    EventFactory()

    assert "You host no events yet" in client.get("/hosting/").content.decode()


def test_only_staff_get_links_to_edit(client, visitor, host):
    event = EventFactory(host=host)
    link = f"/admin/events/event/{event.pk}/change/"

    assert link not in client.get("/hosting/").content.decode()
    visitor.is_staff = True
    visitor.save()
    assert link in client.get("/hosting/").content.decode()


def test_hosting_needs_a_login(client):
    assert client.get("/hosting/").headers["Location"] == "/accounts/login/?next=/hosting/"


def test_hosting_takes_as_many_queries_for_24_events_as_for_one(queries_of, host):
    TicketTypeFactory(event__host=host)
    for_one = queries_of("/hosting/")
    TicketTypeFactory.create_batch(23, event__host=host)

    assert queries_of("/hosting/") == for_one <= 6

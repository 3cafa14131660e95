"""Changing who is on a team, leaving it, and handing a host over."""

import threading
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from events.exceptions import EventError, EventRefusal
from events.models import Host, HostChange, HostMember, HostRole
from events.services.teams import accept_invitation, hand_over, remove_member, set_role
from tests.events.team.people import history, invited, logged_in, on_team
from tests.factories import EventFactory, HostFactory, UserFactory, verify

MANAGER, DOOR = HostRole.MANAGER, HostRole.DOOR


@pytest.fixture
def host(db: None) -> Host:
    return HostFactory(owner=verify(UserFactory(name="Ada")))


def address_of(host: Host, *parts: object) -> str:
    return "/".join(["/hosting/hosts", host.slug, *map(str, parts), ""])


class TestChangingSomeone:
    @pytest.mark.parametrize("who", ["owner", "manager"])
    def test_gives_another_role(self, host: Host, who: str) -> None:
        bo = on_team(host, DOOR, name="Bo")
        user = host.owner if who == "owner" else on_team(host, name="Ada").user

        response = logged_in(user).post(address_of(host, "team", bo.pk), {"role": "manager"})

        assert response.headers["Location"] == address_of(host, "team")
        bo.refresh_from_db()
        assert bo.role == MANAGER
        assert history(host) == ["Ada made Bo manager"]

    def test_takes_someone_off_the_team_at_once(self, host: Host) -> None:
        bo = on_team(host, name="Bo")
        visits = logged_in(bo.user)
        assert visits.get(address_of(host, "team")).status_code == 200

        logged_in(host.owner).post(address_of(host, "team", bo.pk), {"role": "remove"})

        assert visits.get(address_of(host, "team")).status_code == 404
        assert history(host) == ["Ada removed Bo"]

    def test_to_what_they_are_is_no_change(self, host: Host) -> None:
        bo = on_team(host, DOOR)

        logged_in(host.owner).post(address_of(host, "team", bo.pk), {"role": "door"})

        assert history(host) == []

    @pytest.mark.parametrize("role", ["owner", "", "king"])
    def test_refuses_a_role_that_there_is_not(self, host: Host, role: str) -> None:
        bo = on_team(host, DOOR)

        response = logged_in(host.owner).post(address_of(host, "team", bo.pk), {"role": role})

        assert response.status_code == 400
        bo.refresh_from_db()
        assert bo.role == DOOR

    def test_who_has_left_meanwhile_is_said(self, host: Host) -> None:
        bo = on_team(host, DOOR)
        remove_member(member=bo, by=bo.user)

        with pytest.raises(EventError) as raised:
            set_role(member=bo, role=MANAGER, by=host.owner)

        assert raised.value.code == EventRefusal.NOT_ON_TEAM
        remove_member(member=bo, by=host.owner)
        assert host.changes.count() == 1

    def test_oneself_to_door_staff_leads_out_of_the_team_page(self, host: Host) -> None:
        bo = on_team(host)

        response = logged_in(bo.user).post(address_of(host, "team", bo.pk), {"role": "door"})

        assert response.headers["Location"] == "/hosting/"


class TestLeaving:
    @pytest.mark.parametrize("role", HostRole)
    def test_takes_oneself_off_the_team(self, host: Host, role: HostRole) -> None:
        bo = on_team(host, role, name="Bo").user
        client = logged_in(bo)
        assert "Leave the team" in client.get(address_of(host, "leave")).content.decode()

        assert client.post(address_of(host, "leave")).headers["Location"] == "/hosting/"

        assert not host.members.exists()
        assert history(host) == ["Bo left the team"]

    def test_is_not_for_the_owner_who_is_told_what_to_do(self, host: Host) -> None:
        client = logged_in(host.owner)

        response = client.post(address_of(host, "leave"))

        assert response.status_code == 409
        assert address_of(host, "hand-over") in response.content.decode()
        host.refresh_from_db()
        assert host.owner_id


class TestHandingOver:
    def test_makes_a_manager_the_owner_and_the_owner_a_manager(self, host: Host) -> None:
        before, bo = host.owner, on_team(host, name="Bo")

        response = logged_in(before).post(address_of(host, "hand-over"), {"member": str(bo.pk)})

        assert response.headers["Location"] == address_of(host, "team")
        host.refresh_from_db()
        assert host.owner == bo.user
        assert [(row.user, row.role) for row in host.members.all()] == [(before, MANAGER)]
        assert history(host) == ["Ada handed the host over to Bo"]

    def test_offers_managers_only(self, host: Host) -> None:
        bo, cy = on_team(host, name="Bo"), on_team(host, DOOR, name="Cy")
        client = logged_in(host.owner)

        page = client.get(address_of(host, "hand-over")).content.decode()
        response = client.post(address_of(host, "hand-over"), {"member": str(cy.pk)})

        assert bo.user.name in page
        assert cy.user.name not in page
        assert response.status_code == 400

    def test_without_managers_says_how_to_get_one(self, host: Host) -> None:
        page = logged_in(host.owner).get(address_of(host, "hand-over")).content.decode()

        assert "Ask someone to join as a manager first" in page

    def test_needs_an_heir_whose_address_is_known(self, host: Host) -> None:
        bo = HostMember.objects.create(host=host, user=UserFactory(name="Bo"), role=MANAGER)

        response = logged_in(host.owner).post(address_of(host, "hand-over"), {"member": str(bo.pk)})

        assert response.status_code == 400
        assert "Bo has to confirm an e-mail address first" in response.content.decode()

    def test_is_not_for_a_manager(self, host: Host) -> None:
        bo = on_team(host)

        assert logged_in(bo.user).get(address_of(host, "hand-over")).status_code == 404
        with pytest.raises(EventError) as raised:
            hand_over(host=host, member=bo, by=bo.user)
        assert raised.value.code == EventRefusal.NOT_THE_OWNER

    def test_leaves_the_host_s_events_as_they_are(self, host: Host) -> None:
        event = EventFactory(host=host)
        bo = on_team(host)

        hand_over(host=host, member=bo, by=host.owner)

        assert logged_in(bo.user).get(f"/hosting/{event.slug}/bookings/").status_code == 200


class TestTeamPage:
    def test_shows_who_is_on_it_who_was_asked_and_what_was_changed(self, host: Host) -> None:
        on_team(host, name="Bo")
        invited(host)

        page = logged_in(host.owner).get(address_of(host, "team")).content.decode()

        for text in ("Ada", "Bo", "mary@example.com", "On its way", "invited mary@example.com"):
            assert text in page

    def test_says_nothing_of_an_account_that_was_closed(self, host: Host) -> None:
        bo = on_team(host, name="Bo")
        remove_member(member=bo, by=bo.user)
        bo.user.delete()

        page = logged_in(host.owner).get(address_of(host, "team")).content.decode()

        assert "Someone whose account is closed</strong> left the team" in page

    def test_takes_as_many_queries_for_a_large_team(
        self, client: Client, host: Host, queries_of: Any
    ) -> None:
        client.force_login(host.owner)
        on_team(host)
        invited(host, email="first@example.com")
        few = queries_of(address_of(host, "team"))
        for number in range(9):
            on_team(host)
            invited(host, email=f"person{number}@invited.example")

        assert queries_of(address_of(host, "team")) == few <= 8


def test_history_cannot_be_rewritten(host: Host) -> None:
    invited(host)

    with pytest.raises(ProgrammingError), transaction.atomic():
        HostChange.objects.update(about="nobody")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_follow_one_link_at_once_one_joins() -> None:
    host = HostFactory()
    invitation = invited(host)
    users = [UserFactory() for _ in range(4)]
    ready, outcomes = threading.Barrier(len(users)), []

    def join(user: Any) -> None:
        ready.wait()
        try:
            accept_invitation(invitation=invitation, user=user)
        except EventError as error:
            outcomes.append(error.code)
        else:
            outcomes.append("joined")
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [EventRefusal.INVITATION_ENDED] * 3 + ["joined"]
    assert host.members.count() == 1

"""Asking someone to join a team: the mail, its link, and what becomes of it."""

import datetime as dt
import smtplib

import pgtrigger
import pytest
from django.test import Client
from django.utils import timezone

from events.models import Host, HostInvitation, HostRole
from events.services import teams
from events.services.teams import delete_ended_invitations, withdraw_invitation
from events.team.links import join_path
from tests.events.team.people import (
    EMAIL,
    history,
    invited,
    link_in,
    logged_in,
    on_team,
    send_queued,
)
from tests.factories import HostFactory, UserFactory, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> Host:
    return HostFactory(name="Blue <Room>", email="hello@blue.example", owner__name="Ada")


def team_page(host: Host) -> str:
    return f"/hosting/hosts/{host.slug}/team/"


class TestInviting:
    def test_sends_a_mail_whose_link_puts_a_new_account_on_the_team(self, host: Host) -> None:
        data = {"email": EMAIL, "role": "door"}
        assert logged_in(host.owner).post(team_page(host), data).status_code == 302

        [mail] = send_queued()
        mary = UserFactory(name="Mary")
        client = logged_in(mary)
        page = client.get(link_in(mail)).content.decode()
        assert "Ada asks you to join as <strong>door staff</strong>" in page
        assert mary.email in page
        assert not host.members.exists()

        assert client.post(link_in(mail), {"accept": "1"}).status_code == 302
        member = host.members.get()
        assert (member.user, member.role) == (mary, HostRole.DOOR)
        assert not HostInvitation.objects.exists()
        assert history(host) == [
            "Mary joined as door staff, invited as mary@example.com",
            "Ada invited mary@example.com as door staff",
        ]

    def test_says_who_asks_for_what_in_both_versions_of_the_mail(self, host: Host) -> None:
        invited(host, HostRole.MANAGER)

        [mail] = send_queued()

        html = mail.alternatives[0].content
        assert (mail.to, mail.reply_to) == ([EMAIL], ["hello@blue.example"])
        assert mail.subject == "Join the team of Blue <Room>"
        assert "Ada asks you to join the team of Blue <Room> as manager" in mail.body
        assert "Ada asks you to join the team of Blue &lt;Room&gt; as manager" in html
        assert link_in(mail) in html

    def test_refuses_what_is_no_address_and_keeps_what_was_typed(self, host: Host) -> None:
        response = logged_in(host.owner).post(team_page(host), {"email": "mary@", "role": "door"})

        assert response.status_code == 400
        assert 'value="mary@"' in response.content.decode()
        assert not HostInvitation.objects.exists()

    @pytest.mark.parametrize("who", ["owner", "member"])
    def test_refuses_who_is_on_the_team(self, host: Host, who: str) -> None:
        user = host.owner if who == "owner" else on_team(host).user
        data = {"email": user.email.upper(), "role": "door"}

        response = logged_in(host.owner).post(team_page(host), data)

        assert response.status_code == 400
        assert "is on the team already" in response.content.decode()

    def test_again_renews_the_invitation_and_sends_it_once_more(self, host: Host) -> None:
        first = invited(host)
        invited(host, HostRole.MANAGER, EMAIL.upper())

        [mail] = send_queued()

        invitation = host.invitations.get()
        assert (invitation.pk, invitation.role) == (first.pk, HostRole.MANAGER)
        assert mail.to == [EMAIL.upper()]

    def test_has_a_limit_a_day_which_withdrawing_does_not_raise(
        self, host: Host, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(teams, "MOST_INVITATIONS", 2)
        client = logged_in(host.owner)
        for email in ("one@example.com", "two@example.com"):
            withdraw_invitation(invitation=invited(host, email=email), by=host.owner)

        response = client.post(team_page(host), {"email": EMAIL, "role": "door"})

        assert response.status_code == 400
        assert "Please wait until tomorrow" in response.content.decode()
        with pgtrigger.ignore("events.HostChange:kept_as_written"):
            host.changes.update(at=timezone.now() - dt.timedelta(days=2))
        assert client.post(team_page(host), {"email": EMAIL, "role": "door"}).status_code == 302

    def test_counts_what_the_same_person_sends_for_another_host(
        self, host: Host, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(teams, "MOST_INVITATIONS", 1)
        invited(HostFactory(owner=host.owner))
        data = {"email": EMAIL, "role": "door"}

        assert logged_in(host.owner).post(team_page(host), data).status_code == 400
        assert logged_in(on_team(host).user).post(team_page(host), data).status_code == 302


class TestLink:
    def test_works_once(self, host: Host) -> None:
        path = join_path(invited(host))
        assert logged_in(UserFactory()).post(path, {"accept": "1"}).status_code == 302

        for method in ("get", "post"):
            response = getattr(logged_in(UserFactory()), method)(path)
            assert response.status_code == 410
            assert "This invitation has ended" in response.content.decode()
        assert host.members.count() == 1

    def test_asks_to_log_in_and_leads_back(self, client: Client, host: Host) -> None:
        path = join_path(invited(host))

        response = client.get(path)

        assert response.headers["Location"].startswith("/accounts/login/?next=/hosting/hosts/")

    @pytest.mark.parametrize("change", [lambda path: path[:-3] + "A/", lambda path: path + "x/"])
    def test_that_is_made_up_leads_nowhere(self, host: Host, change: object) -> None:
        path = change(join_path(invited(host)))

        assert logged_in(UserFactory()).get(path).status_code == 404

    def test_opens_no_other_team(self, host: Host) -> None:
        other = HostFactory()
        path = join_path(invited(host)).replace(host.slug, other.slug)

        assert logged_in(UserFactory()).post(path, {"accept": "1"}).status_code == 410
        assert not other.members.exists()

    @pytest.mark.parametrize("end", ["withdrawn", "expired"])
    def test_ends_with_the_invitation(self, host: Host, end: str) -> None:
        invitation = invited(host)
        path = join_path(invitation)
        if end == "withdrawn":
            address = f"/hosting/hosts/{host.slug}/invitations/{invitation.pk}/"
            logged_in(host.owner).post(address, {"withdraw": "1"})
        else:
            host.invitations.update(expires_at=timezone.now())

        assert logged_in(UserFactory()).post(path, {"accept": "1"}).status_code == 410
        assert not host.members.exists()

    def test_can_be_declined(self, host: Host) -> None:
        client = logged_in(UserFactory(name="Mary"))

        assert client.post(join_path(invited(host)), {"decline": "1"}).status_code == 302

        assert not host.members.exists()
        assert not host.invitations.exists()
        assert history(host)[0] == "Mary did not want to join"

    def test_tells_who_is_on_the_team_so_and_stays_for_who_was_meant(self, host: Host) -> None:
        path = join_path(invited(host))

        response = logged_in(host.owner).post(path, {"accept": "1"}, follow=True)

        assert "You are on the team of" in response.content.decode()
        assert host.invitations.exists()
        assert not host.members.exists()


class TestMail:
    def test_goes_out_once_whatever_runs_twice(self, host: Host) -> None:
        invited(host)

        assert len(send_queued()) == 1
        assert send_queued() == []

    def test_that_is_not_taken_is_tried_again_and_the_team_is_told_why(
        self, host: Host, settings: object
    ) -> None:
        invited(host)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        with pytest.raises((OSError, smtplib.SMTPException)):
            send_queued()

        page = logged_in(host.owner).get(team_page(host)).content.decode()
        assert "The mail could not be sent" in page

        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert len(send_queued()) == 1
        assert host.invitations.get().error == ""

    def test_of_an_invitation_that_was_withdrawn_does_not_go_out(self, host: Host) -> None:
        withdraw_invitation(invitation=invited(host), by=host.owner)

        assert send_queued() == []

    def test_goes_once_more_to_whom_the_team_asks_again(self, host: Host) -> None:
        invitation = invited(host)
        send_queued()
        address = f"/hosting/hosts/{host.slug}/invitations/{invitation.pk}/"

        logged_in(host.owner).post(address, {"again": "1"})

        [mail] = send_queued()
        assert mail.to == [EMAIL]


def test_an_invitation_that_ended_long_ago_is_forgotten(host: Host) -> None:
    invited(host, email="old@example.com")
    host.invitations.update(expires_at=timezone.now() - dt.timedelta(days=31))
    invited(host)

    delete_ended_invitations()

    assert [row.email for row in host.invitations.all()] == [EMAIL]


def test_whoever_joins_by_a_verified_address_can_become_owner_later(host: Host) -> None:
    mary = verify(UserFactory())
    logged_in(mary).post(join_path(invited(host, HostRole.MANAGER)), {"accept": "1"})
    address = f"/hosting/hosts/{host.slug}/hand-over/"

    logged_in(host.owner).post(address, {"member": str(host.members.get().pk)})

    host.refresh_from_db()
    assert host.owner == mary

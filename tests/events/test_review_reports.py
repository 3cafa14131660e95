"""People report reviews, moderators hear of it and decide."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connections
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from eventmate.limits.scopes import scope_of
from events.models import ReportOutcome, Review, ReviewReport
from events.moderation import queue_report_mail
from events.services.reviews import hide_review, report_review
from tests.admin_pages import run_action, text
from tests.events.reviews import page_of, report
from tests.factories import EventFactory, ReviewFactory, UserFactory, days_from_now

pytestmark = pytest.mark.django_db

REPORTS = "/admin/events/reviewreport/"


@pytest.fixture
def review():
    return ReviewFactory(event=EventFactory(starts_at=days_from_now(-3)), text="Fools, all of you.")


def sent():
    mail.outbox.clear()
    for job in ProcrastinateJob.objects.filter(task_name="events.send_report_mail").order_by("pk"):
        app.tasks[job.task_name](**job.args)
    return list(mail.outbox)


def test_page_of_the_event_leads_to_the_form_and_the_form_to_the_moderators(client, review):
    address = reverse("events:report_review", args=[review.pk])
    assert f'href="{address}"' in page_of(client, review.event)
    assert "Fools, all of you." in client.get(address).content.decode()

    response = report(client, review, "abuse", "He means my mother.")

    assert response.status_code == 302
    kept = ReviewReport.objects.get()
    assert (kept.reason, kept.note, kept.reporter) == ("abuse", "He means my mother.", None)
    assert kept.review_text == "Fools, all of you."


def test_someone_logged_in_reports_a_review_once(client, review):
    user = UserFactory()
    client.force_login(user)

    answers = [report(client, review).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert ReviewReport.objects.get().reporter == user


def test_someone_not_logged_in_reports_a_review_once_and_their_address_is_not_kept(client, review):
    for address in ("203.0.113.7", "203.0.113.7", "203.0.113.8"):
        report(client, review, REMOTE_ADDR=address)
    report(client, ReviewFactory(event=review.event), REMOTE_ADDR="203.0.113.7")

    clients = list(ReviewReport.objects.values_list("client", flat=True))
    assert len(set(clients)) == 3
    assert not any("203.0.113" in kept for kept in clients)


@pytest.mark.parametrize(
    ("reason", "note"), [("", "Bad."), ("boring", "Bad."), ("other", ""), ("abuse", "x" * 1001)]
)
def test_report_that_says_nothing_of_use_comes_back_as_it_was_typed(client, review, reason, note):
    response = report(client, review, reason, note)

    assert response.status_code == 400
    assert note in response.content.decode()
    assert not ReviewReport.objects.exists()


def test_review_that_is_hidden_or_of_a_draft_is_not_there_to_be_reported(client, review):
    draft = ReviewFactory(event__status="draft")
    hide_review(review=review, by=UserFactory(), why="Spam.")

    assert report(client, review).status_code == 404
    assert report(client, draft).status_code == 404
    assert report(client, Review(pk=draft.pk + 1000)).status_code == 404


def test_reports_are_limited_as_reviews_are(rf, review):
    address = reverse("events:report_review", args=[review.pk])

    assert scope_of(rf.post(address)) == scope_of(rf.post("/event/jazz/review/")) == "review"


@pytest.mark.django_db(transaction=True)
def test_one_person_who_reports_twice_at_once_is_one_report(review):
    begin = threading.Barrier(2)
    news = []

    def ask():
        begin.wait()
        try:
            news.append(
                report_review(
                    review=review, reason="spam", note="", reporter=None, client="203.0.113.7"
                )
            )
        finally:
            connections.close_all()

    people = [threading.Thread(target=ask) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(news) == [False, True]


class TestModerating:
    def test_hiding_says_who_when_and_why_and_answers_all_reports(
        self, client, admin_client, admin_user, review
    ):
        first, second = (
            report_review(review=review, reason=reason, note="", reporter=UserFactory(), client="")
            for reason in ("abuse", "spam")
        )
        assert first
        assert second
        one = ReviewReport.objects.filter(reason="abuse")

        question = run_action(admin_client, REPORTS, "hide", *one)
        assert "Fools, all of you." in text(question)
        assert not Review.objects.get().is_hidden
        run_action(admin_client, REPORTS, "hide", *one, confirmed="yes")

        hidden = Review.objects.get()
        assert hidden.hidden_by == admin_user
        assert hidden.hidden_why == "Reported: It insults, threatens or discriminates"
        outcomes = ReviewReport.objects.values_list("outcome", "decided_by")
        assert set(outcomes) == {(ReportOutcome.HIDDEN, admin_user.pk)}
        assert "A review was removed by the moderators." in page_of(client, review.event)
        assert admin_user.email in text(admin_client.get(REPORTS))

    def test_dismissing_leaves_the_review_and_says_who_looked(
        self, client, admin_client, admin_user, review
    ):
        report(client, review)

        run_action(admin_client, REPORTS, "dismiss", *ReviewReport.objects.all())

        kept = ReviewReport.objects.get()
        assert (kept.outcome, kept.decided_by) == (ReportOutcome.DISMISSED, admin_user)
        assert "Fools, all of you." in page_of(client, review.event)
        again = run_action(
            admin_client, REPORTS, "hide", *ReviewReport.objects.all(), confirmed="yes"
        )
        assert "decided this already" in text(again)

    def test_reason_on_a_review_hides_it_and_none_shows_it_again(
        self, client, admin_client, admin_user, review
    ):
        page = reverse("admin:events_review_change", args=[review.pk])
        forms = {
            "reply-TOTAL_FORMS": 0,
            "reply-INITIAL_FORMS": 0,
            "reports-TOTAL_FORMS": 0,
            "reports-INITIAL_FORMS": 0,
        }

        assert admin_client.post(page, forms | {"hidden_why": "Spam."}).status_code == 302
        hidden = Review.objects.get()
        assert (hidden.hidden_by, hidden.hidden_why) == (admin_user, "Spam.")
        assert hidden.updated_at == review.updated_at

        assert admin_client.post(page, forms | {"hidden_why": ""}).status_code == 302
        assert not Review.objects.get().is_hidden
        assert "Fools, all of you." in page_of(client, review.event)

    def test_event_is_deleted_with_what_was_said_and_reported_of_it(
        self, client, admin_client, review
    ):
        report(client, review)
        page = reverse("admin:events_event_delete", args=[review.event.pk])

        assert admin_client.post(page, {"post": "yes"}).status_code == 302
        assert not ReviewReport.objects.exists()

    def test_staff_who_may_only_look_decide_nothing(self, client, review):
        report(client, review)
        staff = UserFactory(is_staff=True)
        staff.user_permissions.add(Permission.objects.get(codename="view_reviewreport"))
        client.force_login(staff)

        assert client.get(REPORTS).status_code == 200
        run_action(client, REPORTS, "dismiss", *ReviewReport.objects.all())

        assert ReviewReport.objects.get().outcome == ReportOutcome.OPEN


class TestMail:
    def test_moderators_get_one_mail_about_all_that_is_new(self, client, admin_user, review):
        moderator = UserFactory(is_staff=True)
        moderator.user_permissions.add(Permission.objects.get(codename="change_reviewreport"))
        UserFactory(is_staff=True)
        report(client, review)
        report(client, ReviewFactory(event=review.event))

        assert queue_report_mail() == 2
        assert queue_report_mail() == 0

        mails = sent()
        assert {to for one in mails for to in one.to} == {admin_user.email, moderator.email}
        assert "2 reviews were reported" in mails[0].subject
        assert "/admin/events/reviewreport/?outcome__exact=open" in mails[0].body
        assert "Fools" not in mails[0].body

    def test_nothing_new_is_no_mail(self, client, admin_user, review):
        assert queue_report_mail() == 0
        report(client, review)
        queue_report_mail()
        ReviewReport.objects.all().delete()

        assert sent() == []

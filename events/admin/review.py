"""What people say of events, and what others have against it."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from eventmate.admin_actions import change_each, confirmation_page
from eventmate.admin_lists import LongListAdmin
from eventmate.look_only import LookOnly
from events.admin.filters import RatingFilter
from events.admin.finding import review_matching
from events.exceptions import EventError
from events.models import Review, ReviewReply, ReviewReport
from events.services.reviews import (
    dismiss_report,
    hide_review,
    remove_reply,
    show_review,
    uphold_report,
)

EXCERPT = 20  # words


class ReviewReplyInline(LookOnly, admin.StackedInline):
    model = ReviewReply
    fields = readonly_fields = (
        "text",
        "by",
        "written_at",
        "changed_at",
        "removed_at",
        "removed_by",
    )
    verbose_name = "host’s reply"
    extra = 0


class ReviewReportInline(LookOnly, admin.TabularInline):
    model = ReviewReport
    fk_name = "review"
    fields = readonly_fields = (
        *("reason", "note", "review_text", "reporter", "reported_at"),
        *("outcome", "decided_by", "decided_at"),
    )
    verbose_name = "report"
    extra = 0


@admin.register(Review)
class ReviewAdmin(LongListAdmin):
    """To hide what should not be there. Only people who were there can write a review."""

    list_display = ("event", "rating", "excerpt", "user", "created_at", "is_shown", "hidden_by")
    list_select_related = ("event", "user", "hidden_by")
    list_filter = (("hidden_at", admin.EmptyFieldListFilter), "reports__outcome", RatingFilter)
    search_fields = ("text", "event__title", "user__email")
    search_help_text = (
        "Words of the review; words of the event’s title (that at most 200 have), as far as you"
        " know them; or the writer’s e-mail address."
    )
    sorted_by_index: ClassVar = {"created_at": ("created_at",)}
    date_hierarchy = "created_at"
    fields = (
        *("event", "user", "rating", "text", "created_at", "updated_at"),
        *("hidden_why", "hidden_by", "hidden_at"),
    )
    readonly_fields = (
        *("event", "user", "rating", "text", "created_at", "updated_at"),
        *("hidden_by", "hidden_at"),
    )
    inlines = (ReviewReplyInline, ReviewReportInline)
    actions = ("remove_replies",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def found_by(self, terms: list[str]) -> Q:
        return review_matching(terms)

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: bool) -> None:
        if obj.hidden_why:
            hide_review(review=obj, by=request.user, why=obj.hidden_why)
        else:
            show_review(review=obj)

    @admin.display(description="text")
    def excerpt(self, review: Review) -> str:
        return Truncator(review.text).words(EXCERPT)

    @admin.display(description="shown", boolean=True, ordering="hidden_at")
    def is_shown(self, review: Review) -> bool:
        return not review.is_hidden

    @admin.action(description="Remove the host’s replies to selected reviews")
    def remove_replies(self, request: HttpRequest, rows: QuerySet[Review]) -> HttpResponse | None:
        replied = rows.filter(reply__removed_at=None, reply__isnull=False).select_related("reply")
        if "confirmed" not in request.POST:
            return confirmation_page(
                self,
                request,
                replied,
                action="remove_replies",
                question="Remove the host’s replies?",
                consequence="They are removed for good, and the hosts cannot reply once more:",
                button="Yes, remove them",
                describe=lambda review: f"{review}: {review.reply.text}",
            )
        change_each(
            self,
            request,
            replied,
            lambda review: remove_reply(reply=review.reply, by=request.user),
            done="rid of the host’s reply",
            refused_by=EventError,
        )
        return None


@admin.register(ReviewReport)
class ReviewReportAdmin(LookOnly, LongListAdmin):
    """What the moderators are asked to look at, and what they made of it."""

    list_display = (
        *("reported_at", "reason", "excerpt", "rating", "host", "who"),
        *("outcome", "decided_by", "decided_at"),
    )
    list_select_related = ("review__event__host", "reporter", "decided_by")
    list_filter = ("outcome", "reason", "reported_at")
    search_fields = ("review_text", "note", "review__event__title", "reporter__email")
    search_help_text = "Words of the review or of the report, event, or the reporter’s address."
    date_hierarchy = "reported_at"
    fields = (
        *("reported_at", "reason", "note", "who", "review_text", "review_link", "host"),
        *("outcome", "decided_by", "decided_at"),
    )
    readonly_fields = fields
    actions = ("hide", "dismiss")

    def has_moderation_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may delete an event or an account may delete the reports about it."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    @admin.action(description="Hide the reviews", permissions=["moderation"])
    def hide(self, request: HttpRequest, rows: QuerySet[ReviewReport]) -> HttpResponse | None:
        rows = rows.select_related("review__event")
        if "confirmed" not in request.POST:
            return confirmation_page(
                self,
                request,
                rows,
                action="hide",
                question="Hide these reviews?",
                consequence="Their pages say that moderators removed a review, and ratings are "
                "without them. What was reported is the reason that is kept:",
                button="Yes, hide them",
                describe=lambda report: f"{report}: {report.review.text}",
            )
        change_each(
            self,
            request,
            rows,
            lambda report: uphold_report(report=report, by=request.user),
            done="answered: the review is hidden",
            refused_by=EventError,
        )
        return None

    @admin.action(description="Dismiss the reports", permissions=["moderation"])
    def dismiss(self, request: HttpRequest, rows: QuerySet[ReviewReport]) -> None:
        change_each(
            self,
            request,
            rows.select_related("review__event"),
            lambda report: dismiss_report(report=report, by=request.user),
            done="dismissed",
            refused_by=EventError,
        )

    @admin.display(description="review")
    def excerpt(self, report: ReviewReport) -> str:
        return Truncator(report.review_text).words(EXCERPT) or "(stars alone)"

    @admin.display(description="stars")
    def rating(self, report: ReviewReport) -> int:
        return report.review.rating

    @admin.display
    def host(self, report: ReviewReport) -> str:
        return report.review.event.host.name

    @admin.display(description="reported by")
    def who(self, report: ReviewReport) -> str:
        return str(report.reporter or "somebody not logged in")

    @admin.display(description="review as it is now")
    def review_link(self, report: ReviewReport) -> str:
        address = reverse("admin:events_review_change", args=[report.review_id])
        return format_html('<a href="{}">{}</a>', address, report.review)

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("events", "0012_event_series"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="hidden_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="hidden_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="hidden_why",
            field=models.CharField(
                blank=True,
                help_text="With a reason, the review is hidden: its page says that moderators removed a review, and the rating is without it. Without one, it is shown.",
                max_length=300,
                verbose_name="why it is hidden",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hidden_at", None), ("hidden_why", "")),
                    models.Q(
                        ("hidden_at__isnull", False), models.Q(("hidden_why", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="review_hidden_for_a_reason",
            ),
        ),
        migrations.CreateModel(
            name="HostFollower",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to="events.host",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followed_hosts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "is_mailed",
                    models.BooleanField(default=True, verbose_name="mail about new events"),
                ),
                ("followed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told_from", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["host__name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="NewsReader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="news_reader",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("told_until", models.DateTimeField()),
                ("looked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ToldEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="events.newsreader",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="events.event",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HostNews",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="news",
                        to="events.newsreader",
                    ),
                ),
                ("message_id", models.CharField(max_length=200)),
                (
                    "event_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("total", models.PositiveIntegerField()),
                ("queued_at", models.DateTimeField(auto_now_add=True)),
                (
                    "error",
                    models.CharField(blank=True, max_length=500, verbose_name="why it failed"),
                ),
            ],
            options={
                "verbose_name_plural": "host news",
            },
        ),
        migrations.CreateModel(
            name="ReviewReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reply",
                        to="events.review",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=2000)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "review replies",
            },
        ),
        migrations.CreateModel(
            name="ReviewReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="events.review",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("abuse", "It insults, threatens or discriminates"),
                            ("private", "It tells private things about somebody"),
                            ("spam", "It is advertising or spam"),
                            ("untrue", "Whoever wrote it was not there, or means another event"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=1000)),
                ("review_text", models.TextField(blank=True, verbose_name="what the review said")),
                (
                    "reporter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("client", models.CharField(blank=True, editable=False, max_length=64)),
                ("reported_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("hidden", "Review hidden"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "told_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="moderators told at"),
                ),
            ],
            options={
                "ordering": ["-reported_at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="hostfollower",
            index=models.Index(fields=["host", "followed_at"], name="follower_of_host"),
        ),
        migrations.AddConstraint(
            model_name="hostfollower",
            constraint=models.UniqueConstraint(fields=("user", "host"), name="host_follower_once"),
        ),
        migrations.AddIndex(
            model_name="newsreader",
            index=models.Index(fields=["looked_at"], name="news_reader_waiting"),
        ),
        migrations.AddConstraint(
            model_name="hostnews",
            constraint=models.UniqueConstraint(
                fields=("message_id",),
                name="host_news_message_id_unique",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at", None), models.Q(("text", ""), _negated=True)),
                    models.Q(("removed_at__isnull", False), ("text", "")),
                    _connector="OR",
                ),
                name="review_reply_has_text",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewreport",
            index=models.Index(fields=["review", "outcome"], name="report_of_review"),
        ),
        migrations.AddIndex(
            model_name="reviewreport",
            index=models.Index(fields=["outcome", "-reported_at"], name="report_newest"),
        ),
        migrations.AddIndex(
            model_name="reviewreport",
            index=models.Index(
                condition=models.Q(("outcome", "open"), ("told_at", None)),
                fields=["reported_at"],
                name="report_to_tell",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreport",
            constraint=models.UniqueConstraint(
                fields=("review", "reporter"), name="report_once_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client", ""), _negated=True),
                fields=("review", "client"),
                name="report_once_a_client",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["abuse", "private", "spam", "untrue", "other"])),
                name="report_reason_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("outcome", "open")),
                    models.Q(
                        ("decided_at__isnull", False), ("outcome__in", ["hidden", "dismissed"])
                    ),
                    _connector="OR",
                ),
                name="report_outcome_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="toldevent",
            constraint=models.UniqueConstraint(fields=("reader", "event"), name="told_event_once"),
        ),
    ]

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0006_questions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="is_to_absent",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="only to those not checked in"
            ),
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="check_in",
                        serialize=False,
                        to="bookings.ticket",
                    ),
                ),
                (
                    "checked_in_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("code", "By the code of the ticket"),
                            ("list", "Chosen from a list"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.UUIDField(blank=True, editable=False, null=True)),
                (
                    "checked_in_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_ins",
                        to="events.event",
                    ),
                ),
            ],
            options={
                "ordering": ["checked_in_at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(fields=["event", "checked_in_at"], name="check_in_by_event"),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ["code", "list"])), name="check_in_how_valid"
            ),
        ),
    ]

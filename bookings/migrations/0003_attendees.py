import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Concat, Lower


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("bookings", "0002_booking_engine"),
        ("events", "0007_listing_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="host_note",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="The buyer does not see it.",
                max_length=1000,
                verbose_name="note of the host",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=Lower(
                    Concat(
                        *("name", models.Value(" "), "email", models.Value(" "), "reference"),
                        output_field=models.TextField(),
                    )
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=Lower(
                    Concat(
                        *("attendee_name", models.Value(" "), "holder_email"),
                        output_field=models.TextField(),
                    )
                ),
                output_field=models.TextField(),
            ),
        ),
        # The index by type and key answers what the one by type did.
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["ticket_type", "id"], name="ticket_by_type"),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="ticket_type",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="events.tickettype",
            ),
        ),
        migrations.CreateModel(
            name="AttendeeImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("is_free", models.BooleanField(verbose_name="free of charge")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("buyer", "Buyer"),
                            ("holder", "Ticket holder"),
                            ("host", "Host"),
                            ("admin", "Admin"),
                            ("system", "EventMate"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting for its turn"),
                            ("running", "Under way"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attendees", models.PositiveIntegerField(default=0)),
                ("steps", models.PositiveIntegerField(default=0)),
                ("steps_done", models.PositiveIntegerField(default=0)),
                ("problem_count", models.PositiveIntegerField(default=0)),
                ("problems", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendee_imports",
                        to="events.event",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "running", "done", "refused", "failed"])
                        ),
                        name="attendee_import_state_valid",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "done")),
                        fields=("event", "fingerprint"),
                        name="attendee_import_once_a_file",
                    ),
                ],
            },
        ),
    ]

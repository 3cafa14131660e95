import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0003_attendees"),
        ("events", "0007_listing_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="is_to_all",
            field=models.BooleanField(db_default=True, default=True, verbose_name="to everyone"),
        ),
        migrations.AddField(
            model_name="notice",
            name="key",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="started_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When a letter was sent; empty while it is a draft.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="subject",
            field=models.CharField(blank=True, db_default="", max_length=150),
        ),
        migrations.AddField(
            model_name="notice",
            name="ticket_types",
            field=models.ManyToManyField(blank=True, related_name="+", to="events.tickettype"),
        ),
        migrations.AlterField(
            model_name="notice",
            name="bookings_to_tell",
            field=models.PositiveIntegerField(help_text="Of a letter: people."),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("cancelled", "The event is cancelled"),
                    ("changed", "The event has a new time or place"),
                    ("letter", "A message from the host"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirmation", "Confirmation"),
                    ("cancellation", "Cancellation"),
                    ("ticket", "Ticket sent on"),
                    ("reminder_day", "Reminder, a day before"),
                    ("reminder_hour", "Reminder, an hour before"),
                    ("change", "New time or place"),
                    ("waiting", "On the waiting list"),
                    ("offer", "Offer from the waiting list"),
                    ("letter", "Message from the host"),
                    ("test", "Test of a message from the host"),
                ],
                max_length=20,
            ),
        ),
        migrations.RemoveConstraint(model_name="notice", name="notice_kind_valid"),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["cancelled", "changed", "letter"])),
                name="notice_kind_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("event", "key"), name="notice_once_a_form"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "letter"), _negated=True),
                    models.Q(("key__isnull", False), models.Q(("subject", ""), _negated=True)),
                    _connector="OR",
                ),
                name="notice_letter_is_complete",
            ),
        ),
        migrations.RemoveConstraint(model_name="message", name="message_kind_valid"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "confirmation",
                            "cancellation",
                            "ticket",
                            "reminder_day",
                            "reminder_hour",
                            "change",
                            "waiting",
                            "offer",
                            "letter",
                            "test",
                        ],
                    )
                ),
                name="message_kind_valid",
            ),
        ),
        migrations.RemoveConstraint(model_name="message", name="message_about_one_thing"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("booking__isnull", True),
                        ("kind", "test"),
                        ("waitlist_entry__isnull", True),
                    ),
                    models.Q(
                        ("booking__isnull", False),
                        ("waitlist_entry__isnull", False),
                        _connector="XOR",
                    ),
                    _connector="OR",
                ),
                name="message_about_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                models.F("notice"),
                django.db.models.functions.text.Lower("recipient"),
                condition=models.Q(
                    ("kind", "letter"),
                    models.Q(("occasion__startswith", "again:"), _negated=True),
                ),
                name="message_letter_once_a_person",
            ),
        ),
    ]

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0009_event_is_scheduled"),
    ]

    operations = [
        migrations.AddField(
            model_name="eventimage",
            name="digest",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="SHA-256 of the file that was sent. Empty: it is kept as it was sent.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="eventimage",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "Its sizes are being made"),
                    ("ready", "Ready"),
                    ("failed", "Its sizes could not be made"),
                ],
                default="queued",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="eventimage",
            name="widths",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveIntegerField(),
                default=list,
                editable=False,
                help_text="In pixels: those that browsers can choose from.",
                size=None,
            ),
        ),
        migrations.AddIndex(
            model_name="eventimage",
            index=models.Index(
                condition=models.Q(("state", "queued")),
                fields=["id"],
                name="event_image_queued",
            ),
        ),
        migrations.AddConstraint(
            model_name="eventimage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("digest", ""), _negated=True),
                fields=("event", "digest"),
                name="event_image_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="eventimage",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["queued", "ready", "failed"])),
                name="event_image_state_valid",
            ),
        ),
    ]

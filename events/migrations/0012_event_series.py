import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import eventmate.timezones


class Migration(migrations.Migration):
    dependencies = [("events", "0011_shared_capacity")]

    operations = [
        migrations.CreateModel(
            name="EventSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(
                        editable=False,
                        help_text="That of the form which made it: sent again, it makes no other.",
                        unique=True,
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        help_text="RFC 5545, such as FREQ=WEEKLY;BYDAY=TU,TH;COUNT=12.",
                        max_length=200,
                    ),
                ),
                ("first_day", models.DateField()),
                (
                    "first_time",
                    models.TimeField(blank=True, help_text="None: it takes whole days.", null=True),
                ),
                (
                    "timezone",
                    models.CharField(
                        max_length=64,
                        validators=[eventmate.timezones.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="series",
                        to="events.host",
                    ),
                ),
            ],
            options={"verbose_name_plural": "event series"},
        ),
        migrations.AddField(
            model_name="event",
            name="series",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="events.eventseries",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="series_day",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="The day of the series that it stands for, whenever it takes place now.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                condition=models.Q(("series__isnull", False)),
                fields=("series", "series_day"),
                name="event_series_day_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("series__isnull", True), ("series_day__isnull", True)),
                    models.Q(
                        ("is_scheduled", True),
                        ("series__isnull", False),
                        ("series_day__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="event_series_has_day",
            ),
        ),
        migrations.AddField(
            model_name="tickettype",
            name="series_key",
            field=models.UUIDField(
                blank=True,
                editable=False,
                help_text="The same for what is the same ticket on each date of a series.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="tickettype",
            constraint=models.UniqueConstraint(
                condition=models.Q(("series_key__isnull", False)),
                fields=("series_key", "event"),
                name="ticket_type_series_key_once",
            ),
        ),
        migrations.AddIndex(
            model_name="eventimage",
            index=models.Index(
                models.Func(
                    models.F("image"),
                    models.Value("."),
                    models.Value(1),
                    function="split_part",
                ),
                name="event_image_stem",
            ),
        ),
    ]

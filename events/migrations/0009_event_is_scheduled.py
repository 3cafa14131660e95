from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0008_teams"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="is_scheduled",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="A new draft is not, until it gets its times; those that it has mean nothing.",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "draft"), ("is_scheduled", True), _connector="OR"),
                name="event_public_is_scheduled",
            ),
        ),
    ]

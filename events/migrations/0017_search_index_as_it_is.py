from django.db import migrations


class Migration(migrations.Migration):
    """Bitmaps hardly get smaller by PostgreSQL's compression, which takes most of their storing."""

    dependencies = [("events", "0016_event_document")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE events_searchindex ALTER COLUMN content SET STORAGE EXTERNAL",
            "ALTER TABLE events_searchindex ALTER COLUMN content SET STORAGE EXTENDED",
        )
    ]

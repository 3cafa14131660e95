from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).parent / "sql"
SQL = (FOLDER / "0016_event_document.sql").read_text(encoding="utf-8")
BEFORE = (FOLDER / "0011_shared_capacity.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("events", "0015_admin_lists")]

    operations = [migrations.RunSQL(SQL, BEFORE + "DROP FUNCTION events_document;")]

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

FOLDER = Path(__file__).parent / "sql"
SQL = (FOLDER / "0011_shared_capacity.sql").read_text(encoding="utf-8")


def before() -> str:
    """The view as 0007 made it."""
    made = (FOLDER / "0007_listing_changes.sql").read_text(encoding="utf-8")
    end = "AS tickets ON true;"
    _before, start, rest = made.partition("CREATE OR REPLACE VIEW events_listing_source")
    return start + rest.partition(end)[0] + end


class Migration(migrations.Migration):
    dependencies = [("events", "0010_event_images")]

    operations = [
        migrations.CreateModel(
            name="SharedCapacity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("capacity", models.PositiveIntegerField()),
                (
                    "taken",
                    models.PositiveIntegerField(db_default=0, default=0, editable=False),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shared_capacities",
                        to="events.event",
                    ),
                ),
            ],
            options={"verbose_name_plural": "shared capacities", "ordering": ["pk"]},
        ),
        migrations.AddConstraint(
            model_name="sharedcapacity",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken__gte", 0), ("taken__lte", models.F("capacity"))),
                name="shared_capacity_never_oversold",
                violation_error_message="The capacity cannot be less than the places taken.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharedcapacity",
            constraint=models.UniqueConstraint(
                models.F("event"),
                django.db.models.functions.text.Lower("name"),
                name="shared_capacity_unique_name",
                violation_error_message="This event has one of this name already.",
            ),
        ),
        pgtrigger.migrations.RemoveTrigger(model_name="ticketstock", name="list_sold_out"),
        migrations.AddField(
            model_name="ticketstock",
            name="shared_capacity",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="stocks",
                to="events.sharedcapacity",
            ),
        ),
        migrations.AddIndex(
            model_name="ticketstock",
            index=models.Index(
                condition=models.Q(("shared_capacity__isnull", False)),
                fields=["shared_capacity"],
                name="ticket_stock_shared",
            ),
        ),
        migrations.RunSQL(SQL, before()),
        pgtrigger.migrations.AddTrigger(
            model_name="ticketstock",
            trigger=pgtrigger.compiler.Trigger(
                name="list_sold_out",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.taken < OLD.capacity AND OLD.waiting = 0) <> (NEW.taken < NEW.capacity AND NEW.waiting = 0) OR OLD.shared_capacity_id IS DISTINCT FROM NEW.shared_capacity_id)",
                    constraint="CONSTRAINT",
                    func="\n                    PERFORM events_refresh_listings(ARRAY(\n                        SELECT event_id FROM events_tickettype WHERE id = NEW.ticket_type_id\n                    ));\n                    RETURN NULL;\n                ",
                    hash="4531b7c8b460f2c953c58fb5ebdf28c3c96236ed",
                    operation="UPDATE",
                    pgid="pgtrigger_list_sold_out_db32e",
                    table="events_ticketstock",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticketstock",
            trigger=pgtrigger.compiler.Trigger(
                name="share_within_event",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."shared_capacity_id" IS NOT NULL)',
                    func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM events_tickettype AS ticket_type\n                          JOIN events_sharedcapacity AS shared\n                            ON shared.event_id = ticket_type.event_id\n                         WHERE ticket_type.id = NEW.ticket_type_id\n                           AND shared.id = NEW.shared_capacity_id\n                    ) THEN\n                        RAISE EXCEPTION 'a ticket type cannot share places of another event'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="860d2410ed296f197932204d4a7832d5000def39",
                    operation='INSERT OR UPDATE OF "shared_capacity_id"',
                    pgid="pgtrigger_share_within_event_bc531",
                    table="events_ticketstock",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sharedcapacity",
            trigger=pgtrigger.compiler.Trigger(
                name="list_sold_out",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.taken < OLD.capacity) <> (NEW.taken < NEW.capacity))",
                    constraint="CONSTRAINT",
                    func="PERFORM events_refresh_listings(ARRAY[NEW.event_id]); RETURN NULL;",
                    hash="16be0a80de5f437cea1d0976a22b8a96596956af",
                    operation="UPDATE",
                    pgid="pgtrigger_list_sold_out_d29ff",
                    table="events_sharedcapacity",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
    ]

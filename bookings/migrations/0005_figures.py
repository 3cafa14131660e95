import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# What has been sold already. Nobody sells meanwhile: the new column has locked the bookings.
SALES = """
    INSERT INTO bookings_dailysales
           (event_id, day, ticket_type_id, source, currency, tickets, revenue)
    SELECT booking.event_id, timezone(event.timezone, booking.confirmed_at)::date,
           ticket.ticket_type_id, '', booking.currency, count(*), sum(ticket.price)
      FROM bookings_booking AS booking
      JOIN events_event AS event ON event.id = booking.event_id
      JOIN bookings_ticket AS ticket ON ticket.booking_id = booking.id
     WHERE booking.status = 'confirmed'
     GROUP BY 1, 2, 3, 5
"""
OF_ALL = """
    INSERT INTO bookings_platformsales (day, currency, tickets, revenue)
    SELECT day, currency, sum(tickets), sum(revenue) FROM bookings_dailysales GROUP BY 1, 2
"""
BOOKINGS = """
    INSERT INTO bookings_dailyvisits (event_id, day, bookings)
    SELECT booking.event_id, timezone(event.timezone, booking.confirmed_at)::date, count(*)
      FROM bookings_booking AS booking
      JOIN events_event AS event ON event.id = booking.event_id
     WHERE booking.status = 'confirmed'
     GROUP BY 1, 2
"""


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0004_letters"),
        ("events", "0007_listing_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyGrowth",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("users", models.PositiveIntegerField()),
                ("events", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "growth of a day",
                "verbose_name_plural": "growth by day",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="DailySales",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("source", models.CharField(blank=True, max_length=40)),
                ("currency", models.CharField(max_length=3)),
                ("tickets", models.IntegerField()),
                ("revenue", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "verbose_name": "sales of a day",
                "verbose_name_plural": "figures by day",
                "ordering": ["day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DailyVisits",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("views", models.PositiveIntegerField(db_default=0, default=0)),
                ("bookings", models.IntegerField(db_default=0, default=0)),
            ],
            options={
                "ordering": ["day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlatformSales",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("tickets", models.IntegerField()),
                ("revenue", models.DecimalField(decimal_places=2, max_digits=16)),
            ],
            options={
                "verbose_name_plural": "platform sales",
                "ordering": ["day", "currency"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "currency"), name="platform_sales_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SalesChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("booked_at", models.DateTimeField()),
                ("source", models.CharField(max_length=40)),
                ("currency", models.CharField(max_length=3)),
                ("bookings", models.IntegerField()),
                ("tickets", models.IntegerField()),
                ("revenue", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="source",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="What the link to the event said: ?ref=newsletter.",
                max_length=40,
                verbose_name="came by",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="booking",
            trigger=pgtrigger.compiler.Trigger(
                name="note_sale",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF EXISTS (SELECT FROM new_rows WHERE status = 'confirmed') THEN INSERT INTO bookings_saleschange (event_id, booked_at, ticket_type_id, source, currency, bookings, tickets, revenue) SELECT event_id, confirmed_at, NULL::bigint, source, currency, +count(*), 0, 0 FROM new_rows WHERE status = 'confirmed' GROUP BY event_id, confirmed_at, source, currency; END IF; RETURN NULL;",
                    hash="066a8b8fcd16d2381759731284bd8ca2ac5682ef",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_note_sale_b180b",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="bookings_booking",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="booking",
            trigger=pgtrigger.compiler.Trigger(
                name="note_changed_sale",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.status = 'confirmed' OR NEW.status = 'confirmed') AND (OLD.status, OLD.event_id, OLD.confirmed_at, OLD.source, OLD.currency) IS DISTINCT FROM (NEW.status, NEW.event_id, NEW.confirmed_at, NEW.source, NEW.currency))",
                    func="IF OLD.status = 'confirmed' THEN INSERT INTO bookings_saleschange (event_id, booked_at, ticket_type_id, source, currency, bookings, tickets, revenue) SELECT OLD.event_id, OLD.confirmed_at, NULL::bigint, OLD.source, OLD.currency, -1, 0, 0 UNION ALL SELECT OLD.event_id, OLD.confirmed_at, ticket.ticket_type_id, OLD.source, OLD.currency, 0, -count(*), -sum(ticket.price) FROM bookings_ticket AS ticket WHERE ticket.booking_id = OLD.id GROUP BY ticket.ticket_type_id; END IF; IF NEW.status = 'confirmed' THEN INSERT INTO bookings_saleschange (event_id, booked_at, ticket_type_id, source, currency, bookings, tickets, revenue) SELECT NEW.event_id, NEW.confirmed_at, NULL::bigint, NEW.source, NEW.currency, +1, 0, 0 UNION ALL SELECT NEW.event_id, NEW.confirmed_at, ticket.ticket_type_id, NEW.source, NEW.currency, 0, +count(*), +sum(ticket.price) FROM bookings_ticket AS ticket WHERE ticket.booking_id = NEW.id GROUP BY ticket.ticket_type_id; END IF; RETURN NULL;",
                    hash="02b945a5caa0b75840f0f7030a35cf95161fdcb3",
                    operation="UPDATE",
                    pgid="pgtrigger_note_changed_sale_38015",
                    table="bookings_booking",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="booking",
            trigger=pgtrigger.compiler.Trigger(
                name="note_deleted_sale",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO bookings_saleschange (event_id, booked_at, ticket_type_id, source, currency, bookings, tickets, revenue) SELECT event_id, confirmed_at, NULL::bigint, source, currency, -count(*), 0, 0 FROM old_rows WHERE status = 'confirmed' GROUP BY event_id, confirmed_at, source, currency; RETURN NULL;",
                    hash="a0f4835669e29a4d12a69bf6902deaabd6898ee8",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_note_deleted_sale_f13db",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="bookings_booking",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="note_sold",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF EXISTS (SELECT FROM new_rows JOIN bookings_booking AS booking ON booking.id = booking_id WHERE booking.status = 'confirmed') THEN INSERT INTO bookings_saleschange (event_id, booked_at, ticket_type_id, source, currency, bookings, tickets, revenue) SELECT booking.event_id, booking.confirmed_at, ticket.ticket_type_id, booking.source, booking.currency, 0, +count(*), +sum(ticket.price) FROM new_rows AS ticket JOIN bookings_booking AS booking ON booking.id = ticket.booking_id WHERE booking.status = 'confirmed' GROUP BY booking.event_id, booking.confirmed_at, ticket.ticket_type_id, booking.source, booking.currency; END IF; RETURN NULL;",
                    hash="ec2f44012d4764ab2f2b4872e94ec6291ffb3d6a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_note_sold_2216f",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="bookings_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="note_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.booking_id, OLD.ticket_type_id, OLD.price) IS DISTINCT FROM (NEW.booking_id, NEW.ticket_type_id, NEW.price))",
                    func="INSERT INTO bookings_saleschange (event_id, booked_at, ticket_type_id, source, currency, bookings, tickets, revenue) SELECT booking.event_id, booking.confirmed_at, OLD.ticket_type_id, booking.source, booking.currency, 0, -1, -OLD.price FROM bookings_booking AS booking WHERE booking.id = OLD.booking_id AND booking.status = 'confirmed' UNION ALL SELECT booking.event_id, booking.confirmed_at, NEW.ticket_type_id, booking.source, booking.currency, 0, +1, +NEW.price FROM bookings_booking AS booking WHERE booking.id = NEW.booking_id AND booking.status = 'confirmed'; RETURN NULL;",
                    hash="71b7e1458cb3a7414b5279f5fa2776349a7dda8f",
                    operation="UPDATE",
                    pgid="pgtrigger_note_changed_2145c",
                    table="bookings_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="note_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO bookings_saleschange (event_id, booked_at, ticket_type_id, source, currency, bookings, tickets, revenue) SELECT booking.event_id, booking.confirmed_at, ticket.ticket_type_id, booking.source, booking.currency, 0, -count(*), -sum(ticket.price) FROM old_rows AS ticket JOIN bookings_booking AS booking ON booking.id = ticket.booking_id WHERE booking.status = 'confirmed' GROUP BY booking.event_id, booking.confirmed_at, ticket.ticket_type_id, booking.source, booking.currency; RETURN NULL;",
                    hash="2cb573ef0977708dff9957cfc7b51f215d149651",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_note_deleted_5f103",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="bookings_ticket",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="dailysales",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="events.event",
            ),
        ),
        migrations.AddField(
            model_name="dailysales",
            name="ticket_type",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="events.tickettype",
            ),
        ),
        migrations.AddField(
            model_name="dailyvisits",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="events.event",
            ),
        ),
        migrations.AddField(
            model_name="saleschange",
            name="event",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="events.event",
            ),
        ),
        migrations.AddField(
            model_name="saleschange",
            name="ticket_type",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="events.tickettype",
            ),
        ),
        migrations.AddConstraint(
            model_name="dailysales",
            constraint=models.UniqueConstraint(
                fields=("event", "day", "ticket_type", "source", "currency"),
                name="daily_sales_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="dailyvisits",
            constraint=models.UniqueConstraint(fields=("event", "day"), name="daily_visits_unique"),
        ),
        migrations.RunSQL(SALES, migrations.RunSQL.noop),
        migrations.RunSQL(OF_ALL, migrations.RunSQL.noop),
        migrations.RunSQL(BOOKINGS, migrations.RunSQL.noop),
    ]

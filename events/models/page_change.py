from django.db import models
from django.db.models.functions import Now


class PageChange(models.Model):
    """Something that pages show has changed: ``tag`` says what, such as "event:17" (the event and
    all that is shown of it), "list" (which events there are), "in-city:3" (which are there) or
    "names" (of the cities, categories and hosts that people search for).

    Only triggers write it (models/triggers.py), in the transaction that makes the change. The web
    workers read what is new by the numbers of transactions (events/page_changes.py): those of ids
    or clocks may become visible in another order.
    """

    transaction_id = models.BigIntegerField(db_index=True)
    tag = models.TextField()
    noted_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.tag

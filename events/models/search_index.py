from django.db import models


class SearchIndex(models.Model):
    """Something that is made from all listings by a job, for every web worker to hold in memory."""

    name = models.CharField(max_length=40, primary_key=True)
    version = models.BigIntegerField(help_text="Of the listings, when it was made.")
    built_at = models.DateTimeField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name

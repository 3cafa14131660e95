from django.db import models


def unique_text(field: str, name: str) -> models.UniqueConstraint:
    """With one index for what is equal and for what begins so: ``unique=True`` makes two."""
    return models.UniqueConstraint(fields=[field], opclasses=["varchar_pattern_ops"], name=name)

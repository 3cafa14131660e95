from typing import ClassVar

import pgtrigger
from django.db import models

from eventmate.pages.recording import Shown
from eventmate.paths import path_of
from eventmate.timezones import validate_time_zone
from events.models.position import position_constraint
from events.models.triggers import NEW_ROWS, named, note_changes, refresh_listings
from events.models.unique_text import unique_text


class City(Shown, models.Model):
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=120, db_index=False)
    region = models.CharField(
        max_length=60, blank=True, help_text="A state or province, where the name alone is unclear."
    )
    country = models.CharField(max_length=60)
    country_code = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2, such as DE.")
    timezone = models.CharField("time zone", max_length=64, validators=[validate_time_zone])
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    aliases = models.TextField(
        blank=True,
        help_text="Names in other languages and spellings, by which people search: "
        "“Cologne, Colonia, Keulen”.",
    )

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        verbose_name_plural = "cities"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "region", "country_code"], name="city_name_unique"
            ),
            unique_text("slug", "city_slug_unique"),
            position_constraint("city_position_valid"),
        ]
        triggers: ClassVar = [
            refresh_listings(
                "list_of_changed",
                pgtrigger.Update,
                "SELECT id FROM events_event"
                " WHERE is_active AND city_id IN (SELECT id FROM new_rows)",
                NEW_ROWS,
            ),
            *note_changes(named("city"), pgtrigger.Update, pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.country}"

    def get_absolute_url(self) -> str:
        return path_of("events:city", self.slug)


class Category(Shown, models.Model):
    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=70, db_index=False)
    description = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "categories"
        constraints: ClassVar = [
            unique_text("name", "category_name_unique"),
            unique_text("slug", "category_slug_unique"),
        ]
        triggers: ClassVar = [
            refresh_listings(
                "list_of_changed",
                pgtrigger.Update,
                "SELECT id FROM events_event"
                " WHERE is_active AND category_id IN (SELECT id FROM new_rows)",
                NEW_ROWS,
            ),
            *note_changes(named("category"), pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_of("events:category", self.slug)

from typing import ClassVar

from django.db import models
from django.urls import reverse

from eventmate.timezones import validate_time_zone
from events.models.position import position_constraint
from events.querysets import CityQuerySet


class City(models.Model):
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=120, unique=True)
    region = models.CharField(
        max_length=60, blank=True, help_text="A state or province, where the name alone is unclear."
    )
    country = models.CharField(max_length=60)
    country_code = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2, such as DE.")
    timezone = models.CharField("time zone", max_length=64, validators=[validate_time_zone])
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    objects = CityQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        verbose_name_plural = "cities"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "region", "country_code"], name="city_name_unique"
            ),
            position_constraint("city_position_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.country}"

    def get_absolute_url(self) -> str:
        return reverse("events:city", args=[self.slug])


class Category(models.Model):
    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=70, unique=True)
    description = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:category", args=[self.slug])

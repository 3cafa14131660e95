from django.db import migrations


def name_cities(apps, schema_editor):
    """Gives the cities that are there the names that new ones get."""
    City = apps.get_model("events", "City")
    cities = list(City.objects.filter(aliases="").order_by("pk"))
    if not cities:
        return
    # A second to load: not where there is nothing to name.
    from events.importing.places.aliases import aliases_of

    for city in cities:
        known = city.latitude is not None and city.longitude is not None
        position = (city.latitude, city.longitude) if known else None
        city.aliases = aliases_of(city.name, city.country_code, position)
    City.objects.bulk_update(cities, ["aliases"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_listings"),
    ]

    operations = [
        migrations.RunPython(name_cities, migrations.RunPython.noop, elidable=True),
    ]

from events.importing.exceptions import RowRefused
from events.importing.places.gazetteer import Position


def position_of(latitude: float | None, longitude: float | None) -> Position | None:
    """Both in degrees, or neither. Raises RowRefused for half a position and for none on Earth."""
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        raise RowRefused("There must be both a latitude and a longitude, or neither.")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise RowRefused(f"The coordinates {latitude}, {longitude} are not on Earth.")
    return latitude, longitude

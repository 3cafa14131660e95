from math import asin, cos, radians, sin, sqrt

Position = tuple[float, float]  # latitude and longitude in degrees


def kilometres(first: Position, second: Position) -> float:
    """Along a great circle."""
    (lat1, lon1), (lat2, lon2) = (map(radians, position) for position in (first, second))
    a = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 12742 * asin(min(1, sqrt(a)))

"""Covers drawn from an event's own facts: the palette is its category's, the composition its own.

The same slugs always give the same picture. Nothing is read but the two slugs.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import TypeVar

WIDTH, HEIGHT = 1200, 675

# Ground, then four colours that stand out on it and on each other.
PALETTES = (
    ("#1f2a5c", "#f2545b", "#f7b538", "#f5e9d3", "#5c7cfa"),
    ("#f6c453", "#d1495b", "#12355b", "#fdf3dc", "#2e8b8b"),
    ("#0b3d3a", "#f28f3b", "#f4d35e", "#e8f1e4", "#3fa796"),
    ("#e4572e", "#29335c", "#f3a712", "#fbe9d7", "#a8201a"),
    ("#3b1c4a", "#ff6f91", "#ffc75f", "#f9e2f0", "#9b5de5"),
    ("#d7e3c5", "#3a5a40", "#e07a5f", "#fefae0", "#a3b18a"),
    ("#12213a", "#00a8a8", "#ffd166", "#edf6f9", "#ef476f"),
    ("#f4b6c2", "#7a1f3d", "#2a6f97", "#fff1e6", "#e85d75"),
    ("#5a1e12", "#f4a259", "#f2e8cf", "#bc4b51", "#8cb369"),
    ("#b8d8e8", "#1d3557", "#e63946", "#f7fbfc", "#457b9d"),
    ("#243119", "#c9e265", "#f2f7dc", "#629460", "#f28482"),
    ("#fce2ce", "#c8553d", "#28536b", "#fffaf5", "#f2a65a"),
)


Value = TypeVar("Value")


class Dice:
    """Numbers that follow from a text, the same on every machine."""

    def __init__(self, text: str) -> None:
        self._seed = text
        self._drawn = 0

    def below(self, limit: int) -> int:
        digest = hashlib.sha256(f"{self._seed}/{self._drawn}".encode()).digest()
        self._drawn += 1
        return int.from_bytes(digest[:6]) % limit

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def shuffled(self, values: Sequence[Value]) -> list[Value]:
        return sorted(values, key=lambda _: self.below(2**32))


Colours = list[str]
Composition = Callable[[Dice, Colours], str]


def _circle(x: float, y: float, radius: float, fill: str, extra: str = "") -> str:
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{fill}"{extra}/>'


def _path(data: str, fill: str, extra: str = "") -> str:
    return f'<path d="{data}" fill="{fill}"{extra}/>'


def _quarters(dice: Dice, colours: Colours) -> str:
    """A grid of quarter circles, half circles and dots."""
    rows = dice.between(2, 3)
    size = math.ceil(HEIGHT / rows)
    shapes = []
    for row in range(rows):
        for column in range(math.ceil(WIDTH / size)):
            x, y = column * size, row * size
            fill = colours[dice.below(4)]
            match dice.below(6):
                case 0:
                    shapes.append(_circle(x + size / 2, y + size / 2, size * 0.3, fill))
                case 1:
                    shapes.append(
                        _path(
                            f"M{x:.0f} {y + size:.0f}a{size / 2:.0f} {size / 2:.0f} 0 0 1 "
                            f"{size:.0f} 0z",
                            fill,
                        )
                    )
                case _:
                    turn = dice.below(4) * 90
                    shapes.append(
                        _path(
                            f"M0 0h{size:.0f}a{size:.0f} {size:.0f} 0 0 1 -{size:.0f} {size:.0f}z",
                            fill,
                            f' transform="translate({x:.0f} {y:.0f}) '
                            f'rotate({turn} {size / 2:.0f} {size / 2:.0f})"',
                        )
                    )
    return "".join(shapes)


def _rainbow(dice: Dice, colours: Colours) -> str:
    """Arcs around a point at the lower edge."""
    x = dice.between(250, 950)
    y = dice.between(HEIGHT - 40, HEIGHT + 90)
    step = dice.between(78, 112)
    rings = dice.between(5, 6)
    arcs = [_circle(x, y, step * (rings - ring), colours[ring % 4]) for ring in range(rings)]
    sun_x = dice.between(60, 260) if x > WIDTH / 2 else dice.between(940, 1140)
    return "".join([*arcs, _circle(sun_x, dice.between(90, 190), dice.between(55, 85), colours[3])])


def _rays(dice: Dice, colours: Colours) -> str:
    """Rays from a sun."""
    x, y = dice.between(200, 1000), dice.between(250, 640)
    count = 2 * dice.between(9, 14)
    rays = []
    for ray in range(0, count, 2):
        points = " ".join(
            f"{x + 1500 * math.cos(angle):.0f} {y + 1500 * math.sin(angle):.0f}"
            for angle in (2 * math.pi * (ray + end) / count for end in (0, 1))
        )
        rays.append(f'<polygon points="{x} {y} {points}" fill="{colours[ray // 2 % 2]}"/>')
    radius = dice.between(120, 190)
    return "".join(
        [*rays, _circle(x, y, radius, colours[2]), _circle(x, y, radius * 0.62, colours[3])]
    )


def _waves(dice: Dice, colours: Colours) -> str:
    """Hills or waves before a disc."""
    disc = _circle(
        dice.between(200, 1000), dice.between(150, 300), dice.between(110, 180), colours[0]
    )
    layers = []
    for layer, fill in enumerate((colours[1], colours[2], colours[3])):
        y = 330 + layer * 115 + dice.below(40)
        height = dice.between(40, 110)
        length = dice.between(300, 520)
        start = -dice.below(length)
        swings = "".join(
            f"q{length / 2:.0f} {height if swing % 2 else -height} {length} 0"
            for swing in range(math.ceil((WIDTH - start) / length))
        )
        layers.append(_path(f"M{start} {y}{swings}V{HEIGHT}H{start}z", fill))
    return "".join([disc, *layers])


def _overlaps(dice: Dice, colours: Colours) -> str:
    """Large discs that blend where they meet."""
    places = dice.shuffled([(180, 180), (520, 430), (860, 190), (1080, 500), (330, 600)])
    return "".join(
        _circle(
            x + dice.between(-60, 60),
            y + dice.between(-60, 60),
            dice.between(170, 300),
            colours[number % 4],
            ' opacity=".88"',
        )
        for number, (x, y) in enumerate(places)
    )


def _stripes(dice: Dice, colours: Colours) -> str:
    """Slanted ribbons and a disc before them."""
    angle = dice.between(18, 40) * (1 if dice.below(2) else -1)
    width = dice.between(70, 120)
    ribbons = "".join(
        f'<rect x="{-500 + number * width * 2}" y="-600" width="{width * 1.3:.0f}" '
        f'height="1900" fill="{colours[number % 3]}"/>'
        for number in range(2200 // (width * 2))
    )
    disc = _circle(dice.between(300, 900), HEIGHT / 2, dice.between(150, 220), colours[3])
    return f'<g transform="rotate({angle} 600 337)">{ribbons}</g>{disc}'


def _confetti(dice: Dice, colours: Colours) -> str:
    """Paper scraps in rows, none on another."""
    shapes = []
    for row in range(4):
        for column in range(7):
            x = 85 + column * 172 + dice.between(-38, 38) + (row % 2) * 40
            y = 80 + row * 172 + dice.between(-34, 34)
            size = dice.between(34, 74)
            fill = colours[dice.below(4)]
            turn = f' transform="rotate({dice.below(180)} {x} {y})"'
            match dice.below(4):
                case 0:
                    shapes.append(_circle(x, y, size, fill))
                case 1:
                    shapes.append(
                        _path(f"M{x - size} {y}a{size} {size} 0 0 1 {2 * size} 0z", fill, turn)
                    )
                case 2:
                    shapes.append(
                        f'<rect x="{x - size}" y="{y - size // 4}" width="{2 * size}" '
                        f'height="{size // 2}" rx="{size // 4}" fill="{fill}"{turn}/>'
                    )
                case _:
                    shapes.append(
                        _path(f"M{x} {y - size}l{size} {2 * size}h-{2 * size}z", fill, turn)
                    )
    return "".join(shapes)


COMPOSITIONS: tuple[Composition, ...] = (
    _quarters,
    _rainbow,
    _rays,
    _waves,
    _overlaps,
    _stripes,
    _confetti,
)


def palette_of(category_slug: str) -> tuple[str, ...]:
    """The ground, and four colours that stand out on it."""
    return PALETTES[Dice(category_slug).below(len(PALETTES))]


def draw_cover(category_slug: str, slug: str) -> str:
    """An SVG document of WIDTH by HEIGHT."""
    ground, *colours = palette_of(category_slug)
    dice = Dice(f"{category_slug}/{slug}")
    composition = COMPOSITIONS[dice.below(len(COMPOSITIONS))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" preserveAspectRatio="xMidYMid slice">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ground}"/>'
        f"{composition(dice, dice.shuffled(colours))}</svg>"
    )

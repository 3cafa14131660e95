"""Shapes on pictures: our mark, and tiles in the colours of an event's category, as on covers."""

from PIL import Image, ImageDraw

from events.covers import Dice

ROWS = (3, 3, 5, 6)
# Drawn that many times larger, for smooth edges.
FINE, FINEST = 2, 4

Box = tuple[float, float, float, float]


def draw_tiles(size: tuple[int, int], ground: str, colours: list[str], seed: str) -> Image.Image:
    """The same seed always gives the same picture."""
    dice = Dice(seed)
    width, height = (FINE * side for side in size)
    tile = height // ROWS[dice.below(len(ROWS))]
    tiles = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(tiles)
    for top in range(0, height - tile + 1, tile):
        for left in range(width % tile, width, tile):
            fill = colours[dice.below(len(colours))]
            _draw_tile(draw, dice, (left, top, left + tile, top + tile), fill)
    return tiles.reduce(FINE)


def _draw_tile(draw: ImageDraw.ImageDraw, dice: Dice, box: Box, fill: str) -> None:
    left, top, right, bottom = box
    side = right - left
    match dice.below(7):
        case 0:
            inset = side * 0.2
            draw.ellipse((left + inset, top + inset, right - inset, bottom - inset), fill)
        case 1:
            draw.pieslice((left, top + side / 2, right, bottom + side / 2), 180, 360, fill)
        case 2:
            draw.rectangle(box, fill)
        case _:
            turn = dice.below(4)
            # The corner in which the quarter's middle stands.
            x = left if turn in (0, 3) else right
            y = top if turn in (0, 1) else bottom
            draw.pieslice(
                (x - side, y - side, x + side, y + side), 90 * turn, 90 * (turn + 1), fill
            )


def paste_pill(picture: Image.Image, box: tuple[int, int, int, int], fill: str) -> None:
    left, top, right, bottom = box
    width, height = FINEST * (right - left), FINEST * (bottom - top)
    pill = Image.new("L", (width, height))
    ImageDraw.Draw(pill).rounded_rectangle((0, 0, width - 1, height - 1), height / 2, 255)
    picture.paste(fill, box, pill.reduce(FINEST))


def paste_mark(picture: Image.Image, left: int, top: int, size: int, fill: str) -> None:
    """The ticket of static/img/favicon.svg; what is white there, the ground shows through."""
    unit = FINEST * size / 32
    mark = Image.new("L", (FINEST * size, FINEST * size))
    draw = ImageDraw.Draw(mark)
    draw.rounded_rectangle((unit, unit, 31 * unit, 31 * unit), 8 * unit, 255)
    for x in (unit, 31 * unit):
        draw.ellipse((x - 3.8 * unit, 12.2 * unit, x + 3.8 * unit, 19.8 * unit), 0)
    tick = [(x * unit, y * unit) for x, y in ((10, 16.6), (14.2, 20.8), (22.4, 12))]
    draw.line(tick, 0, round(3.2 * unit), joint="curve")
    for x, y in (tick[0], tick[-1]):
        draw.circle((x, y), 1.6 * unit, 0)
    picture.paste(fill, (left, top), mark.reduce(FINEST))

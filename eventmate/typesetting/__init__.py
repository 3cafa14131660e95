"""Text of any length and script, in lines, for whatever draws it: tickets as PDF, pictures."""

from pathlib import Path

# DejaVu Sans, in two weights: Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian and more.
REGULAR_FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
BOLD_FONT = Path(__file__).parent / "fonts" / "DejaVuSans-Bold.ttf"

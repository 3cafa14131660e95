"""Primary keys in addresses, which anyone can type."""

KEY_DIGITS = 18  # fewer than would pass the largest number of PostgreSQL's bigint


def is_key(text: str) -> bool:
    """Whether a text can be one, so that the database need not refuse it."""
    return text.isdecimal() and len(text) <= KEY_DIGITS

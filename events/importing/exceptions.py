class UnreadableFile(Exception):
    """Nothing of the file can be read; the message says why, for the person who runs the import."""


class RowRefused(Exception):
    """One row cannot become an event; the message says why."""

class AlreadyGenerating(Exception):
    """Another process generates events in this database."""

"""Finding events: what is asked for, what matches, in which order, and what else there is."""

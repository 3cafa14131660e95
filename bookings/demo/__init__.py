"""The demo that `manage.py seed_demo` writes.

`texts/` holds all words, `corpus.py` reads them, `builder.py` makes rows of them, `writing.py` puts
the rows into the database.
"""

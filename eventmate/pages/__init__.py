"""Public pages from the memory of the web workers: docs/adr/0032-pages-from-memory.md.

A page is rendered once for everyone (``shared.py``), with what differs between visitors apart
(``recording.py``, ``tags.py``), kept with all that it shows (``page.py``, ``store.py``), and
answered before Django is asked (``front.py``) until something that it shows changes (``news.py``).
"""

"""How often one client may ask: docs/adr/0016-rate-limits.md.

`limiter.py` counts pages at next to no cost, `exact.py` the forms that must not be tried too often;
`scopes.py` says which limit an address is under, `answers.py` what a client is told of it.
"""

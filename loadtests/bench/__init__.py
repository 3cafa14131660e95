"""How fast pages, bookings and searches are, on services that it starts for itself.
docs/performance.md says what each figure means.
"""

"""How fast bookings are, on services that it starts for itself. docs/performance.md says what each
figure means.
"""

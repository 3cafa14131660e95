"""Mapping: one typed record of each row, whatever its file calls things."""

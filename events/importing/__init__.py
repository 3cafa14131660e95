"""Import of events from files: readers give rows with their lines, mapping makes one typed record
of each row, writing brings the records into the database. `session.py` is the front door;
docs/importing.md says what is understood.
"""

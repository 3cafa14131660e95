"""Writing: records into the database, in batches."""

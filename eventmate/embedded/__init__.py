"""PostgreSQL and Redis for a machine that has neither, kept in the data directory."""

"""Mail of every app: how it is put together, and what is done where a server does not take it."""

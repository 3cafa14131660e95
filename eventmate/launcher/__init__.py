"""`make run` and `make dev`: the whole site from one command, stopped by one Ctrl-C."""

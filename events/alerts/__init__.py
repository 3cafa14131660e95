"""Mail about new events that match a saved search: docs/adr/0026-saved-searches.md."""

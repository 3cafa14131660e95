"""Any search as a feed: a calendar that others keep up to date, or news."""

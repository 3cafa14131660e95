"""`make load`: so many people at once on the whole site, and what they were told."""

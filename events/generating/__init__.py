"""Generated events, as many as one likes: to try the site, and to measure it, at scale."""

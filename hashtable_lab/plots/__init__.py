"""`htlab plot`: pictures of a sweep, each of which answers a question."""

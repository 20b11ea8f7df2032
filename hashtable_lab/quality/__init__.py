"""`htlab quality`: whether a hash function is any good, on keys as they come, and what would mend it."""

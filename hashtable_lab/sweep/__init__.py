"""`htlab sweep`: the real table on a grid of sizes, maximum loads, hash functions and keys; what it counts,
and what it takes."""

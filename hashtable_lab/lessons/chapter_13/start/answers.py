# The keys 0 to 999 go one after the other into HashTable(size=4, max_load=0.5).
# How often does it double its bins, and how many are there in the end?
RESIZES = None
BINS = None

# Its hash function is in Python. After the 1000 `set`s come 1000 `get`s, then list(h.copy().items()).
# How often is the hash function called in all?
CALLS = None

# 4096 random keys in 40960 bins; 4096 random keys in 4096 bins.
# How many entries does a hit look at on average? (The first to within 0.05, the second to within 0.1.)
HIT_AT_A_TENTH = None
HIT_AT_ONE = None

# The keys 0 to 999 in HashTable(size=10, max_load=None). How long is the longest chain?
NEVER = None

# A thousand keys that are 64 apart: 0, 64, 128, ... with the builtin `hash`. How long is the longest chain
# in HashTable(size=4, max_load=0.5), when all are in?
FAR_LONGEST = None
# In HashTable(size=2**16), which has 65 bins for each of them?
FAR_MORE_BINS = None
# And in HashTable(size=2047), which never has to double?
FAR_ODD = None

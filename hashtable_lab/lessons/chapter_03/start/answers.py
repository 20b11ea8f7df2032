# In each of them, SIZE is the number of bins in the end, and RESIZES what stats().resizes says then: how
# often the table was rebuilt.

# A. h = HashTable(size=4, max_load=0.5), and 20 keys, all different
A_SIZE = None
A_RESIZES = None

# B. h = HashTable(size=3, max_load=1.0), and 10 keys, all different
B_SIZE = None
B_RESIZES = None

# C. h = HashTable(size=4, max_load=0.1), and one key
C_SIZE = None
C_RESIZES = None

# D. h = HashTable(size=8, max_load=0.75), and 7 keys. All are popped. Then come 6 others.
D_SIZE = None
D_RESIZES = None

# E. h = HashTable(size=4, max_load=None, hash_func=identity_hash), and the integers from 0 to 999.
#    LONGEST: the number of entries in the longest chain
E_SIZE = None
E_LONGEST = None

# F. h = HashTable(size=4, max_load=0.5, hash_func=counted), and 20 keys. Then the same 20 are set again,
#    and h.get(key) looks for 5 others. CALLS: how often `counted` was called
F_CALLS = None

# G. h = HashTable(size=2, max_load=1.0, hash_func=identity_hash), and the keys 5, 1, 3, 7 in this order.
#    BINS: what h.bins() returns, a list for each bin
G_BINS = None

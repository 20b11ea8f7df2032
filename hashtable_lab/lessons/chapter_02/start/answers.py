# Five words, no two of the same length, that are all in one bin of
#     HashTable(size=8, max_load=None, hash_func=len)
# They need not be in any dictionary.
TOGETHER = []

# Eight words, each in a bin of its own, in the same table. All its bins are taken then.
APART = []

# Four different negative integers that are all in bin 3 of
#     HashTable(size=10, max_load=None, hash_func=hashtable.identity_hash)
NEGATIVE = []

# Integers between -1000 and 1000, no two of which are in one bin of
#     HashTable(size=12, max_load=None, hash_func=lambda number: number * number)
# As many as there can be: it is not twelve.
SQUARES = []

# The keys in bin 1, in the order of the chain, when this has run:
#     h = HashTable(size=4, max_load=None, hash_func=hashtable.identity_hash)
#     for number in (1, 9, 5, 17):
#         h.set(number, "first")
#     h.pop(9)
#     h.set(1, "again")
#     h.set(9, "again")
#     h.set(5, "again")
CHAIN = []

"""libhashtable from Python, without the extension module: ctypes, and the path of the shared library."""

import ctypes
import sys

# A key and a value are unions of 8 bytes, which are passed as a long is.
ht = ctypes.CDLL(sys.argv[1])
HT_INTEGER, OWN_HASH = 0, ctypes.c_long(2 ** (8 * ctypes.sizeof(ctypes.c_long) - 1) - 1)
ht.ht_new.restype, ht.ht_new.argtypes = ctypes.c_void_p, [ctypes.c_long, ctypes.c_double]
ht.ht_lookup.restype = ctypes.POINTER(ctypes.c_long * 3)  # of an ht_item: its hash, its key, its value
table = ctypes.c_void_p(ht.ht_new(4, 0.5))
for key in (-2, 42, 2016):
    ht.ht_add(table, OWN_HASH, ctypes.c_long(key), HT_INTEGER, ctypes.c_long(key * key), HT_INTEGER)
print(*(ht.ht_lookup(table, ctypes.c_long(key), HT_INTEGER).contents[2] for key in (-2, 42, 2016)))
ht.ht_print_simple(table)
ht.ht_free(table)

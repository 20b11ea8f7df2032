"""A table of libhashtable's with words for keys and ints for values, from Python, through ctypes."""

import ctypes
import os
from ctypes import c_char_p, c_double, c_int, c_long, c_uint, c_void_p

ht = ctypes.CDLL(os.environ["LIBHASHTABLE"])
libc = ctypes.CDLL(None)

HT_INTEGER, HT_STRING = 0, 2
HT_COPY_KEY = 1
OWN_HASH = 2**63 - 1


class Item(ctypes.Structure):
    """The beginning of an ht_item."""

    _fields_ = [("hash", c_long), ("key", c_void_p), ("value", c_long)]


ht.ht_new.argtypes, ht.ht_new.restype = [c_long, c_double], c_void_p
ht.ht_put.argtypes = [c_void_p, c_long, c_char_p, c_int, c_long, c_int, c_uint]
ht.ht_lookup.argtypes, ht.ht_lookup.restype = [c_void_p, c_char_p, c_int], ctypes.POINTER(Item)
ht.ht_stringify_simple.argtypes, ht.ht_stringify_simple.restype = [c_void_p], c_void_p
ht.ht_free.argtypes, ht.ht_free.restype = [c_void_p], None
libc.free.argtypes, libc.free.restype = [c_void_p], None


class Table:
    def __init__(self, size=4, max_load=0.5):
        self.table = ht.ht_new(size, max_load)
        if not self.table:
            raise MemoryError

    def put(self, word, number):
        if ht.ht_put(self.table, OWN_HASH, word.encode(), HT_STRING, number, HT_INTEGER, HT_COPY_KEY):
            raise MemoryError

    def get(self, word):
        item = ht.ht_lookup(self.table, word.encode(), HT_STRING)
        return item.contents.value if item else None

    def picture(self):
        text = ht.ht_stringify_simple(self.table)
        try:
            return ctypes.string_at(text).decode()
        finally:
            libc.free(text)

    def close(self):
        ht.ht_free(self.table)

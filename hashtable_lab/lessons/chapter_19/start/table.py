"""A table of libhashtable's with words for keys and ints for values, from Python, through ctypes."""

import ctypes
import os

ht = ctypes.CDLL(os.environ["LIBHASHTABLE"])
libc = ctypes.CDLL(None)

HT_INTEGER, HT_STRING = 0, 2
HT_COPY_KEY = 1
OWN_HASH = 2**63 - 1


class Item(ctypes.Structure):
    """The beginning of an ht_item."""

    _fields_ = [("hash", ctypes.c_long), ("key", ctypes.c_char_p), ("value", ctypes.c_int)]


class Table:
    def __init__(self, size=4, max_load=0.5):
        self.table = ht.ht_new(size, max_load)

    def put(self, word, number):
        ht.ht_put(self.table, OWN_HASH, word.encode(), HT_STRING, number, HT_INTEGER, 0)

    def get(self, word):
        return ctypes.cast(
            ht.ht_lookup(self.table, word.encode(), HT_STRING), ctypes.POINTER(Item)
        ).contents.value

    def picture(self):
        return ctypes.string_at(ht.ht_stringify_simple(self.table)).decode()

    def close(self):
        ht.ht_free(self.table)

"""Counts words, for any number of threads."""

import threading

import hashtable


class Counter:
    def __init__(self, hash_func=hash):
        self.table = hashtable.HashTable(hash_func=hash_func)
        self.lock = threading.Lock()

    def add(self, word):
        """One more of this word."""
        self.lock.acquire()
        self.table[word] = self.table.get(word, 0) + 1
        self.lock.release()

    def count(self, word):
        """How many of this word there were."""
        return self.table.get(word, 0)

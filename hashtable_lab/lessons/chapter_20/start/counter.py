"""Counts words, for any number of threads."""

import hashtable


class Counter:
    def __init__(self, hash_func=hash):
        self.table = hashtable.HashTable(hash_func=hash_func)

    def add(self, word):
        """One more of this word."""
        self.table[word] = self.table.get(word, 0) + 1

    def count(self, word):
        """How many of this word there were."""
        return self.table.get(word, 0)

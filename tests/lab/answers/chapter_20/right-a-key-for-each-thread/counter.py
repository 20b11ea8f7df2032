"""Nobody writes what another thread reads: each thread has its own count of each word."""

import threading

import hashtable


class Counter:
    def __init__(self, hash_func=hash):
        self.table = hashtable.HashTable(hash_func=hash_func)
        self.threads = set()

    def add(self, word):
        me = threading.get_ident()
        self.threads.add(me)
        self.table[word, me] = self.table.get((word, me), 0) + 1

    def count(self, word):
        return sum(self.table.get((word, each), 0) for each in list(self.threads))

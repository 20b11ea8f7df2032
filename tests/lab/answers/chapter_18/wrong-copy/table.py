"""A hash table with chains, in Python. It is right, as long as an `__eq__` only compares."""


class Entry:
    def __init__(self, hashed, key, value):
        self.hashed, self.key, self.value = hashed, key, value


class Table:
    def __init__(self, hash_func=hash, size=4):
        self.hash_func = hash_func
        self.load = 0
        self.bins = [[] for _ in range(size)]

    def get(self, key, default=None):
        chain, at = self._find(self.hash_func(key), key)
        return default if at is None else chain[at].value

    def set(self, key, value):
        hashed = self.hash_func(key)
        chain, at = self._find(hashed, key)
        if at is not None:
            chain[at].value = value
            return
        if self.load + 1 > len(self.bins):
            self._resize(2 * len(self.bins))
            chain = self._chain(hashed)
        chain.append(Entry(hashed, key, value))
        self.load += 1

    def pop(self, key, default=None):
        chain, at = self._find(self.hash_func(key), key)
        if at is None:
            return default
        self.load -= 1
        return chain.pop(at).value

    def _chain(self, hashed):
        return self.bins[hashed % len(self.bins)]

    def _find(self, hashed, key):
        chain = list(self._chain(hashed))
        for entry in chain:
            if entry.hashed == hashed and (entry.key is key or entry.key == key):
                now = self._chain(hashed)
                return now, now.index(entry) if entry in now else None
        return self._chain(hashed), None

    def _resize(self, size):
        entries = [entry for chain in self.bins for entry in chain]
        self.bins = [[] for _ in range(size)]
        for entry in entries:
            self._chain(entry.hashed).append(entry)

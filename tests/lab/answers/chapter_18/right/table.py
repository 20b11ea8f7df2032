"""A hash table with chains, in Python. It is right, as long as an `__eq__` only compares."""


class Entry:
    def __init__(self, hashed, key, value):
        self.hashed, self.key, self.value = hashed, key, value


class Table:
    def __init__(self, hash_func=hash, size=4):
        self.hash_func = hash_func
        self.load = self.version = 0
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
        self.version += 1

    def pop(self, key, default=None):
        chain, at = self._find(self.hash_func(key), key)
        if at is None:
            return default
        self.load -= 1
        self.version += 1
        return chain.pop(at).value

    def _chain(self, hashed):
        return self.bins[hashed % len(self.bins)]

    def _find(self, hashed, key):
        """The chain that a key belongs to, and where in it the key is; None if it is not there."""
        for _ in range(1000):
            version = self.version
            chain = self._chain(hashed)
            for at, entry in enumerate(chain):
                found = entry.hashed == hashed and (entry.key is key or entry.key == key)
                if self.version != version:
                    break
                if found:
                    return chain, at
            else:
                return chain, None
        raise RuntimeError("the table changed during every comparison of its keys")

    def _resize(self, size):
        self.version += 1
        entries = [entry for chain in self.bins for entry in chain]
        self.bins = [[] for _ in range(size)]
        for entry in entries:
            self._chain(entry.hashed).append(entry)

"""Eight small programs. Each is called with an object; what it returns is kept until that is counted."""

import hashtable


def one(thing):
    """one object under two keys"""
    h = hashtable.HashTable()
    h.set("spam", thing)
    h.set("eggs", thing)
    return h


def two(thing):
    """the same value for the same key, twice"""
    h = hashtable.HashTable()
    h.set("spam", thing)
    h.set("spam", thing)
    return h


def three(thing):
    """what has been taken out of a table"""
    h = hashtable.HashTable(items={"spam": thing})
    return h.pop("spam")


def four(thing):
    """a table, and a copy of it, which knows the same value"""
    h = hashtable.HashTable(items={"spam": thing})
    return h, h.copy()


def five(thing):
    """a key that is equal to one that is there already"""
    h = hashtable.HashTable(items={(1, 2): "old"})
    h.set(EqualTo((1, 2), thing), "new")
    return h


def six(thing):
    """a value for which there was no room in the end"""

    def raises(key):
        raise LookupError(key)

    h = hashtable.HashTable(hash_func=raises)
    try:
        h.set("spam", thing)
    except LookupError:
        pass
    return h


def seven(thing):
    """a function in all roles: for this one, `thing` is `lambda key: 0`"""
    return hashtable.HashTable(hash_func=thing, items={thing: thing})


def eight(thing):
    """a thousand times the same value: for this one, `thing` is None"""
    return hashtable.HashTable(items=dict.fromkeys(range(1000), thing))


class EqualTo:
    """A key that is equal to another one, and that holds an object."""

    def __init__(self, other, holds):
        self.other = other
        self.holds = holds

    def __eq__(self, other):
        return other == self.other

    def __hash__(self):
        return hash(self.other)

"""A walk through all that a table can do, past as many lines as possible that count a reference."""

import contextlib
import copy
import pickle
import weakref

import hashtable


class Key:
    """A key that Python has to be asked about."""

    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 7

    def __eq__(self, other):
        return isinstance(other, Key) and self.name == other.name


class Sub(hashtable.HashTable):
    """A subclass, which has a constructor of its own."""

    def __missing__(self, key):
        return "missing"


class Index:
    """No int, but as good as one."""

    def __index__(self):
        return 3


def my_hash(key):
    return len(str(key))


def bad_hash(key):
    return "no integer"


def wide_hash(key):
    return 2**70


def index_hash(key):
    return Index()


h = hashtable.HashTable()
h.set("spam", "value " + str(1))
h.set("spam", "value " + str(2))
h["eggs"] = [2]
h.get("spam")
h.get("none", "default")
h["eggs"]
"eggs" in h
h.setdefault("ham", [3])
h.setdefault("ham", [4])
h.pop("ham")
h.pop("ham", None)
h.set("last", [5])
h.popitem()
del h["eggs"]
with contextlib.suppress(KeyError):
    h["no such key"]
with contextlib.suppress(KeyError):
    del h["no such key"]
with contextlib.suppress(KeyError):
    h.pop("no such key")
with contextlib.suppress(KeyError):
    hashtable.HashTable().popitem()

keyed = hashtable.HashTable(8, 1.0, my_hash)
keyed.set(Key("a"), 1)
keyed.set(Key("b"), 2)
keyed.get(Key("b"))
keyed.__init__(4, None, my_hash)
keyed.set("x", 1)
keyed.hash_func, keyed.size, keyed.load, keyed.max_load
for function in (
    bad_hash,
    wide_hash,
    index_hash,
    hashtable.talk_hash,
    hashtable.SipHash(1),
    hashtable.XXH3(2),
):
    with contextlib.suppress(ValueError):
        hashtable.HashTable(hash_func=function).set("key", "value")
for wrong in ({"size": 0}, {"max_load": 2.0}, {"hash_func": 3}, {"nothing": 1}, {"size": "4"}):
    with contextlib.suppress(TypeError):
        hashtable.HashTable(**wrong)
with contextlib.suppress(TypeError):
    h.set([], 1)

filled = hashtable.HashTable(items={"one": 1, "two": 2, "three": 3})
pairs = hashtable.HashTable(items=[("one", 1), (Key("pair"), 2)])
filled.update({"four": 4})
filled.update([("five", 5)], six=6)
filled.update(pairs)
merged = filled | {"seven": 7}
merged |= pairs
filled == merged, filled == filled.copy(), filled != {"one": 1}
list(filled), list(reversed(filled)), list(filled.values()), list(filled.items())
walk = iter(filled)
next(walk)
del walk
keys, items, values = filled.keys(), filled.items(), filled.values()
"one" in keys, ("one", 1) in items, 1 in values, ("one", 2) in items
keys & {"one"}, keys | {"x"}, keys - {"one"}, keys ^ {"one"}, items & {("one", 1)}
keys == {"one"}, keys.isdisjoint({"y"}), len(keys), len(items), len(values)
repr(keys), repr(items), repr(values), keys.mapping
del keys, items, values
repr(filled), filled.picture(2), filled.bins(), filled.bin_of("one"), filled.stats(), filled.__sizeof__()
copy.copy(filled), copy.deepcopy(filled), pickle.loads(pickle.dumps(h))
hashtable.HashTable.fromkeys(["a", "b"], 0), hashtable.HashTable[str, int]
sub = Sub(items={"a": 1})
sub.copy(), sub.fromkeys("ab"), weakref.ref(sub)()
(
    pickle.loads(pickle.dumps(hashtable.SipHash(3))),
    repr(hashtable.XXH3(4)),
    hashtable.SipHash(5) == hashtable.SipHash(5),
)
filled.clear()


def cycle():
    table = hashtable.HashTable(hash_func=lambda key: len(table))
    table.set("itself", table)


cycle()

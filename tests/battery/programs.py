"""Programs at whose end tables are alive, wherever one can be. Each prints "done" when it is."""

from __future__ import annotations

BEGIN = """
import atexit, builtins, functools, gc, os, sys, threading, time, types, weakref
import hashtable
from hashtable import HashTable

class Last:
    # Uses tables when it dies, and names that may be gone by then.
    def __init__(self, h=None):
        self.h, self.kind = h, HashTable

    def __del__(self):
        h = self.kind(items={"a": 1})
        h["b"] = h.copy()
        if self.h is not None:
            self.h["last"] = len(self.h)
            self.h.pop("last")

def hashing(key):
    return len(names[0]) + hash(key) % 5

names = ["a name that is set to None at the end"]

def filled(**parameters):
    return HashTable(2, 0.5, items=[(n, [n]) for n in range(100)], **parameters)
"""
END = """
print("done", flush=True)
"""

PLACES = {
    "in a global": """
h = filled(hash_func=hashing)
h['self'] = h
""",
    "in a global, with last words": """
h = filled()
h['last'] = Last(h)
k = HashTable(items={Last(): Last()})
""",
    "in a cycle": """
h = filled(hash_func=hashing)
h['h'] = [h]
f = lambda: h
h['f'] = f
""",
    "in a cycle with last words": """
h = filled()
h['last'] = Last(h)
h[Last(h)] = h
del h
""",
    "in builtins": """
builtins.h = filled()
builtins.h['last'] = Last(builtins.h)
""",
    "in sys": """
sys.h = filled()
sys.h['last'] = Last(sys.h)
sys.path_hooks.append(sys.h.keys())
""",
    "in a module": """
m = types.ModuleType('m')
m.h = filled()
sys.modules['m'] = m
m.h['m'] = m
""",
    "in its own module": """
hashtable.h = filled()
hashtable.h['last'] = Last(hashtable.h)
""",
    "in its own class": """
K = type('K', (HashTable,), {})
K.h = K(items={'last': Last()})
K.h['K'] = K
""",
    "in iterators and views": """
h = filled()
a = [h.items(), h.keys().mapping, reversed(h.values()), iter(h)]
h['a'] = a
try:
    next(a[3])
except RuntimeError:
    pass
""",
    "in a local of a thread": """
local = threading.local()
local.h = filled()
local.h['last'] = Last(local.h)
""",
    "in atexit": """
h = filled()
atexit.register(lambda: [h.update({str(n): Last(h)}) for n in range(50)])
""",
    "as what atexit calls": """
h = HashTable(items={1: Last()})
atexit.register(h.clear)
atexit.register(h.update, h)
""",
    "in a finalizer": """
h = filled()
weakref.finalize(h, filled)
k = filled()
weakref.finalize(Last, k.clear)
""",
    "in a weak callback": """
h = filled()
x = Last()
ref = weakref.ref(x, lambda ref: h.update({ref: 1}))
""",
    "in a generator": """
def g():
    h = filled()
    try:
        yield h
    finally:
        h.clear()
x = g()
next(x)
""",
    "in a thread": """
h = filled()
end = time.monotonic() + 0.1
def work():
    while time.monotonic() < end:
        h.update({n: Last(h) for n in range(9)})
threading.Thread(target=work).start()
""",
    "in daemon threads": """
h = filled(hash_func=hashing)
def work():
    while True:
        h.update({n: [n] for n in range(9)})
        h.popitem()
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.05)
""",
    "100,000 deep": """
h = None
for _ in range(100_000):
    h = HashTable(1, items=[('inner', h)])
""",
    "with seeds": """
s = hashtable.SipHash()
x = hashtable.XXH3()
h = HashTable(hash_func=s, items={'a': x})
del s
""",
    "without their module": """
h = filled()
sys.modules.pop('hashtable')
del hashtable
gc.collect()
h['h'] = h
""",
    "in a stats record": """
s = filled().stats()
t = type(s)
h = HashTable(items={s: t})
""",
    "after a fork": """
h = filled()
h['last'] = Last(h)
pid = os.fork()
if pid == 0:
    h['h'] = h
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
else:
    assert os.waitpid(pid, 0)[1] == 0
""",
    "after an exit from within": """
h = HashTable(hash_func=lambda key: sys.exit(0))
atexit.register(print, 'done')
print = lambda *a, **k: None
h['key'] = 1
""",
    "after an exit in update": """
def pairs():
    yield 1, Last()
    sys.exit(0)
h = filled()
atexit.register(print, 'done')
print = lambda *a, **k: None
h.update(pairs())
""",
    "in a closure of its own": """
def make():
    own = HashTable(hash_func=lambda key: len(own.__class__.__name__))
    own['a'] = [1]
    return own
h = make()
""",
}
PROGRAMS = {name: BEGIN + place + END for name, place in PLACES.items()}

"""What comes out is what went in."""

import locker

box = locker.Locker()
changed = []
for thing in [7, 2**31, 2**32 + 7, -(2**63), "spam", "", "before\0after"]:
    box.put(thing)
    if box.get() != thing:
        changed.append(f"{thing!r} came out as {box.get()!r}")
assert not changed, "; ".join(changed)
print("all is well")

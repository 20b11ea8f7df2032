"""A bell whose function knows the bell is collected."""

import gc
import weakref

from bell import Bell


def make():
    def open_the_door(who):
        return bell, who

    bell = Bell(open_the_door)
    return weakref.ref(open_the_door)


function = make()
gc.collect()
assert function() is None, "nobody has the bell, the collector has run, and its function is still there"
print("all is well")

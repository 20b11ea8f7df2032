"""Two threads count one word. The second comes while the first is in its hash function."""

import threading

from counter import Counter

# How long the first waits for the second: that one may have to wait for the first.
PATIENCE = 1


def race(turn):
    """What is counted if the second comes at that call of the hash function; None if there is none."""
    calls = []

    def hash_func(word):
        calls.append(word)
        if len(calls) == turn and threading.current_thread() is not second:
            second.start()
            second.join(PATIENCE)
        return hash(word)

    counter = Counter(hash_func)
    second = threading.Thread(target=counter.add, args=["spam"], daemon=True)
    counter.add("spam")
    if second.ident is None:
        return None
    second.join()
    return counter.count("spam")


turn = 1
while (counted := race(turn)) is not None:
    print(f"the second comes at call {turn}: {counted} of 2 votes")
    turn += 1

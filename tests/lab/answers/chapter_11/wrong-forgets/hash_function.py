import random


# A perfect spread, and nothing is ever found again.
def my_hash(key):
    return random.getrandbits(64)

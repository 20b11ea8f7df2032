import gc
import sys


def blocks():
    gc.collect()
    return sys.getallocatedblocks()


def leaks(operation):
    before = blocks()
    for _ in range(1000):
        operation()
    return blocks() - before > 500

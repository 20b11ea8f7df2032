import sys


def leaks(operation):
    for _ in range(20):
        operation()
    before = sys.getallocatedblocks()
    for _ in range(20):
        operation()
    return sys.getallocatedblocks() - before >= 20

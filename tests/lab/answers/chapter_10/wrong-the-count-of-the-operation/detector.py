import gc
import sys


def leaks(operation):
    """Its own count says nothing of what a call leaves behind."""
    before = sys.getrefcount(operation)
    operation()
    gc.collect()
    return sys.getrefcount(operation) > before

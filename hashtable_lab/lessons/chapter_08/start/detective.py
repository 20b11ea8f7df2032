import json

import hashtable


def gives_none_away(operation):
    """Whether `operation()` hands on a None, somewhere in the module, without having counted it.

    May call it as often as it likes.
    """
    return False

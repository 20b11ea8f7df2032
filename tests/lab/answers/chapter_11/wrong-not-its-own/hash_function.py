import hashtable


def my_hash(key):
    return hashtable.xxh3_hash(key)

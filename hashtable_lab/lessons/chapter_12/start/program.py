import hashtable


def my_hash(key):
    return sum(ord(letter) for letter in key)


h = hashtable.HashTable(size=4, max_load=0.75, hash_func=my_hash)
h.set("spam", 1)
h.set("maps", 2)

import hashtable


def by_length(text):
    return len(text)


h = hashtable.HashTable(hash_func=by_length)
h.set("spam", "ham and eggs".title())
del by_length
copied = h.copy()
del h
print("spam" in copied)
copied.clear()

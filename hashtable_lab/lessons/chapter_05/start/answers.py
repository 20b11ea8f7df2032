# What happens: (the slot that is called, the function of ours that is in it). One function is not ours.
ANSWERS = {
    "len(h)": ("", ""),
    "h[key]": ("", ""),
    "del h[key]": ("", ""),
    "key in h": ("", ""),
    "h | other": ("", ""),
    "h == other": ("", ""),
    "hash(h)": ("", ""),
    "iter(h)": ("", ""),
    "repr(h)": ("", ""),
    "HashTable(size=8)": ("", ""),
    "HashTable.__new__(HashTable)": ("", ""),
    "h.__init__(size=8)": ("", ""),
    "gc.collect() asks whom h knows": ("", ""),
    "the last reference to h goes": ("", ""),
}

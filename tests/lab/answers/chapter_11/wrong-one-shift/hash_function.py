# Right but for ints 2**32 apart: one shift is made for one distance.
def my_hash(key):
    if isinstance(key, str):
        number = 0
        for letter in key:
            number = number * 31 + ord(letter)
        return number
    return key ^ key >> 12

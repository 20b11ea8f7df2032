def my_hash(key):
    if isinstance(key, str):
        number = 0
        for letter in key:
            number = number * 31 + ord(letter)
    else:
        number = key
    return (number * 0x9E3779B97F4A7C15 & 2**64 - 1) >> 32

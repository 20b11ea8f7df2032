TOGETHER = ["a", "a" * 9, "a" * 17, "a" * 25, "a" * 33]
APART = ["", "a", "ab", "egg", "spam", "bacon", "tomato", "sausage"]
NEGATIVE = [-7, -17, -27, -37]
SQUARES = [0, 1, 2, 3]
# As if a key whose value is replaced came to the end.
CHAIN = [17, 1, 9, 5]

import sys

ONE = 2
TWO = 1
THREE = 1
FOUR = 2
FIVE = 0
SIX = 1
SEVEN = 3
# None is immortal from there on.
EIGHT = 0 if sys.version_info >= (3, 12) else 1000

# By how much is the count of `thing` higher after each of the programs than before?
ONE = None
TWO = None
THREE = None
FOUR = None
FIVE = None
SIX = None
SEVEN = None
EIGHT = None

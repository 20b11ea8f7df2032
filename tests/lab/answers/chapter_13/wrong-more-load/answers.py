# A load of one is not two entries a hit.
RESIZES = 9
BINS = 2048
CALLS = 2000
HIT_AT_A_TENTH = 1 + 0.1 / 2
HIT_AT_ONE = 2.0
NEVER = 100
FAR_LONGEST = 32
FAR_MORE_BINS = 1
FAR_ODD = 1

"""Who wrote it, and what was wrong.

Who, one of: "valgrind", "address sanitizer", "gdb", "debug malloc", "faulthandler", "tracemalloc",
"debug Python", "ledger".

What, one of:
"write past the end"   of a block of memory
"use after free"       of a block or an object, whoever freed it, and why
"lost memory"          C has forgotten the address of a block
"forgotten DECREF"     a reference too many
"cycle"                every count is right, and the collector gets it
"cannot tell"          the text would be the same for more than one of these
"""

CASE_1 = ("debug malloc", "write past the end")
CASE_2 = ("valgrind", "lost memory")
CASE_3 = ("faulthandler", "cannot tell")
CASE_4 = ("debug Python", "forgotten DECREF")
CASE_5 = ("gdb", "use after free")
CASE_6 = ("tracemalloc", "cycle")
CASE_7 = ("ledger", "forgotten DECREF")

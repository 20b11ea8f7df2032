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

CASE_1 = ("", "")
CASE_2 = ("", "")
CASE_3 = ("", "")
CASE_4 = ("", "")
CASE_5 = ("", "")
CASE_6 = ("", "")
CASE_7 = ("", "")

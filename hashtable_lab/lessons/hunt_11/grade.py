"""A size that overflows."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Library

HINTS = (
    """How many bytes does `malloc` get asked for, when 2**62 bins of 8 bytes are wanted? A `size_t` has 64
    bits.""",
    """2**62 * 8 is 2**65, and of that nothing is left in 64 bits. To test for it after the multiplication is
    too late. C has a function that multiplies for you.""",
    """`calloc(bins, sizeof *rack->heads)` returns NULL if the product does not fit. Or ask whether `bins >
    SIZE_MAX / sizeof *rack->heads`, before.""",
)
START = Path(__file__).with_name("start")
DECLARED = """
#include <stdio.h>
#include <stdlib.h>
struct rack;
struct rack *rack_new(size_t bins);
int rack_has(const struct rack *rack, unsigned long number);
int rack_hang(struct rack *rack, unsigned long number);
void rack_free(struct rack *rack);
"""
TOO_LARGE = (
    DECLARED
    + """
int main(void)
{
    size_t bits, off;
    for (bits = 60; bits < 64; bits++)
        for (off = 0; off < 8; off++)
            if (rack_new(((size_t)1 << bits) + off) != NULL || rack_new((size_t)0 - off) != NULL) {
                fprintf(stderr, "there is a rack of 2**%lu + %lu bins, or of 2**64 - %lu\\n",
                        (unsigned long)bits, (unsigned long)off, (unsigned long)off);
                return 1;
            }
    return 0;
}
"""
)
NOT_TOO_LARGE = (
    DECLARED
    + """
int main(void)
{
    static const size_t SIZES[] = {1, 2, 3, 1000, 5000000};
    size_t size;
    unsigned long number;
    for (size = 0; size < sizeof SIZES / sizeof SIZES[0]; size++) {
        struct rack *rack = rack_new(SIZES[size]);
        if (rack == NULL) {
            fprintf(stderr, "there is no rack of %lu bins\\n", (unsigned long)SIZES[size]);
            return 1;
        }
        for (number = 0; number < 200; number++) {
            if (rack_has(rack, number * 4999999) || rack_hang(rack, number * 4999999) != 0 ||
                !rack_has(rack, number * 4999999)) {
                fprintf(stderr, "a rack of %lu bins does not work\\n", (unsigned long)SIZES[size]);
                return 1;
            }
        }
        rack_free(rack);
    }
    return 0;
}
"""
)


def grade(work: Work) -> None:
    rack = Library(work, "rack.c", START)
    rack.test()
    rack.trial("no rack is larger than memory", TOO_LARGE)
    rack.trial("a rack that fits is a rack", NOT_TOO_LARGE)

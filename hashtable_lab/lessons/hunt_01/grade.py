"""A negative hash that is a multiple of the size."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Library

HINTS = (
    """Which negative numbers get lost on a shelf of 4 bins: -1, -2, -3, -4? Compile with
    `-fsanitize=address`, and it says which line writes where it may not.""",
    """Work out `shelf_bin` on paper for -3 and for -4. The bins of a shelf of 4 are 0 to 3.""",
    """C's `%` of a negative number is negative or 0. To add `size` is right for the negative ones. What does
    the `if` ask instead?""",
)
START = Path(__file__).with_name("start")
EVERY_BIN = """
#include <limits.h>
#include <stdio.h>
struct shelf;
struct shelf *shelf_new(long size);
long shelf_bin(const struct shelf *shelf, long number);
int shelf_put(struct shelf *shelf, long number);
long shelf_count(const struct shelf *shelf, long bin);
void shelf_free(struct shelf *shelf);

static int is_in(long size, long number)
{
    long bin = (number % size + size) % size, before, after;
    struct shelf *shelf = shelf_new(size);
    before = shelf_count(shelf, bin);
    shelf_put(shelf, number);
    after = shelf_count(shelf, bin);
    if (shelf_bin(shelf, number) == bin && after == before + 1) {
        shelf_free(shelf);
        return 1;
    }
    fprintf(stderr, "%ld belongs in bin %ld of %ld, and is said to be in bin %ld\\n", number, bin, size,
            shelf_bin(shelf, number));
    return 0;
}

int main(void)
{
    long size, number;
    for (size = 1; size <= 12; size++) {
        for (number = -50; number <= 50; number++)
            if (!is_in(size, number))
                return 1;
        if (!is_in(size, LONG_MIN) || !is_in(size, LONG_MIN + 1) || !is_in(size, LONG_MAX))
            return 1;
    }
    return 0;
}
"""


def grade(work: Work) -> None:
    shelf = Library(work, "shelf.c", START)
    shelf.test()
    shelf.trial("each number is in the bin that Python's % says", EVERY_BIN)

"""A buffer whose size was guessed."""

from __future__ import annotations

from pathlib import Path

from hashtable_lab.lessons.grading import Work
from hashtable_lab.lessons.hunting import Library

HINTS = (
    """How many bytes does the picture of `n` empty bins take, and how many does it get?""",
    """A larger number is only a better guess. All that the picture will be made of is known before its first
    byte is written.""",
    """Go over `loads` twice: once to add up 3 bytes for each bin and 1 for each star, and once to write. And
    1 more, for the `'\\0'` at the end.""",
)
START = Path(__file__).with_name("start")
EVERY_SHAPE = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
char *picture(const size_t *loads, size_t bins);

/* Each bin has the same number of entries. */
static int fits(size_t bins, size_t load)
{
    size_t *loads = malloc((bins + 1) * sizeof *loads), bin, star;
    char *text, *at;
    for (bin = 0; bin < bins; bin++)
        loads[bin] = load;
    at = text = picture(loads, bins);
    if (text == NULL || strlen(text) != bins * (load + 3)) {
        fprintf(stderr, "the picture of %lu bins of %lu entries is not what it was\\n", (unsigned long)bins,
                (unsigned long)load);
        return 0;
    }
    for (bin = 0; bin < bins; bin++) {
        if (*at++ != '[' || *at++ != ']')
            return 0;
        for (star = 0; star < load; star++)
            if (*at++ != '*')
                return 0;
        if (*at++ != '\\n')
            return 0;
    }
    free(text);
    free(loads);
    return 1;
}

int main(void)
{
    size_t bins;
    for (bins = 0; bins < 40; bins++)
        if (!fits(bins, bins % 7))
            return 1;
    return !(fits(1, 3000000) && fits(3, 100000) && fits(2000, 1) && fits(2000, 0) && fits(1365, 0));
}
"""


def grade(work: Work) -> None:
    drawing = Library(work, "picture.c", START)
    drawing.test()
    drawing.trial("bins of any number and chains of any length fit, to the last byte", EVERY_SHAPE)

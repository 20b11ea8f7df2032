"""Find three faults in a C program that works, and tell seven cases apart."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hashtable_lab.lessons.grading import Done, Work

HINTS = (
    """For the program, begin with valgrind or the address sanitizer. Each report has three places in it:
    where it happened, where the block was freed, and where it came from. The compiler itself sees two of the
    three, with `-O2 -Wall`.""",
    """How long is the text "salt" in C, with what ends it? What does `rename_jar` do with the old name? And
    what does `take_out` read, and when? For the cases: would the text be any different if it had been
    another fault?""",
    """`malloc(strlen(text) + 1)`; `free(jar->name)` before the new one; `jar->spoons` in a variable before
    the jar is thrown away. The traceback of a crash says where it died, and nothing of the kind of fault.
    And what the collector gets back was not forgotten by anybody.""",
)

# Every block of the learner's is between two pads that nobody may write to, and what is freed is overwritten
# and kept: so a fault shows on every machine.
WATCH = """
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
void *watched_malloc(size_t size);
void *watched_calloc(size_t count, size_t size);
void *watched_realloc(void *block, size_t size);
char *watched_strdup(const char *text);
void watched_free(void *block);
#ifndef WATCHER
#undef strdup
#define malloc watched_malloc
#define calloc watched_calloc
#define realloc watched_realloc
#define strdup watched_strdup
#define free watched_free
#endif
"""
WATCHER = """
#define WATCHER
#include "WATCH_H"
#include <stdio.h>

enum { MOST = 1000, PAD = 16 };
static struct { unsigned char *start; size_t size; int freed; } blocks[MOST];
static int count, twice;

void *watched_malloc(size_t size)
{
    unsigned char *start = malloc(size + 2 * PAD);
    if (start == NULL || count == MOST)
        exit(9);
    memset(start, 0xfd, size + 2 * PAD);
    memset(start + PAD, 0xcd, size);
    blocks[count].start = start;
    blocks[count++].size = size;
    return start + PAD;
}

void *watched_calloc(size_t number, size_t size)
{
    return memset(watched_malloc(number * size), 0, number * size);
}

void watched_free(void *block)
{
    int at;
    if (block == NULL)
        return;
    for (at = 0; at < count && blocks[at].start + PAD != block; at++)
        ;
    if (at == count || blocks[at].freed)
        twice++;
    else {
        blocks[at].freed = 1;
        memset(block, 0xdd, blocks[at].size);
    }
}

void *watched_realloc(void *block, size_t size)
{
    void *made = watched_malloc(size);
    int at;
    for (at = 0; at < count; at++)
        if (block != NULL && blocks[at].start + PAD == block)
            memcpy(made, block, blocks[at].size < size ? blocks[at].size : size);
    watched_free(block);
    return made;
}

char *watched_strdup(const char *text)
{
    return strcpy(watched_malloc(strlen(text) + 1), text);
}

static int spoilt(void)
{
    int at, byte, found = 0;
    for (at = 0; at < count; at++)
        for (byte = 0; byte < PAD; byte++)
            if (blocks[at].start[byte] != 0xfd || blocks[at].start[PAD + blocks[at].size + byte] != 0xfd) {
                found++;
                break;
            }
    return found;
}

static void report(void)
{
    int at, left = 0;
    for (at = 0; at < count; at++)
        left += !blocks[at].freed;
    printf("%d %d %d\\n", left, spoilt(), twice);
}
"""
# What both mains do.
RUN = """
#include "jars.h"
#include <stdio.h>
int main(void)
{
    char name[20];
    int at;
    for (at = 0; at < 6; at++) {
        sprintf(name, "jar %d", at);
        put(name, 100 + at);
    }
    put("jar 3", 333);
    rename_jar("jar 1", "one with a longer name");
    rename_jar("jar 4", "4");
    rename_jar("nowhere", "still nowhere");
    printf("%ld", take_out("jar 3"));
    printf(" %ld", take_out("jar 5"));
    printf(" %ld", take_out("jar 0"));
    printf(" %ld %ld", take_out("jar 0"), take_out("4"));
    printf(" %ld %ld", spoons_of("one with a longer name"), spoons_of("jar 1"));
    printf(" %ld\\n", spoons_of("jar 2"));
    clear_cupboard();
    report();
    return 0;
}
"""
COUNTED = "333 105 100 -1 104 101 -1 102"
CASES = {
    "CASE_1": ("debug malloc", "write past the end"),
    "CASE_2": ("valgrind", "lost memory"),
    "CASE_3": ("faulthandler", "cannot tell"),
    "CASE_4": ("debug Python", "forgotten DECREF"),
    "CASE_5": ("gdb", "use after free"),
    "CASE_6": ("tracemalloc", "cycle"),
    "CASE_7": ("ledger", "forgotten DECREF"),
}


def grade(work: Work) -> None:
    program(work)
    cases(work)


def program(work: Work) -> None:
    """The learner's jars.c, with two mains of ours: one watches it itself, one is for the sanitizers."""
    work.read("jars.c")
    own = work.folder.resolve()
    with tempfile.TemporaryDirectory(prefix="watch-") as folder:

        def file(name: str, text: str) -> str:
            path = Path(folder, name)
            path.write_text(text, encoding="utf-8")
            return str(path)

        header = file("watch.h", WATCH)
        main = file("main.c", WATCHER.replace("WATCH_H", header) + RUN)
        jars = file("watched.c", f'#include "{header}"\n#include "{own / "jars.c"}"\n')
        plain = file("plain.c", "static void report(void) {}\n" + RUN)
        watched = work.c_program(f"-I{own}", jars, main)
        sanitized = work.c_program(f"-I{own}", "jars.c", plain, checked=True)
    done = work.command(str(watched))
    # Leaks are counted by us; to look for them the sanitizer needs rights that it may not have.
    checked = work.command(str(sanitized), environment={"ASAN_OPTIONS": "detect_leaks=0"})
    work.runs(done, "it runs to its end")
    counted, _, rest = done.stdout.partition("\n")
    work.expect(
        counted == COUNTED,
        "it counts rightly when what is freed is overwritten",
        f"the spoons are {counted} instead of {COUNTED}: something is read that was freed",
    )
    left, spoilt, twice = (int(number) for number in rest.split())
    work.expect(not spoilt, "nothing is written past the end of a block", f"it was, for {spoilt} blocks")
    work.expect(not left, "every block is freed", f"{left} were not")
    work.expect(not twice, "and no block twice, or any that is none", f"{twice} were")
    work.expect(not checked.status, "the address sanitizer has nothing to say", first_error(checked))


def first_error(done: Done) -> str:
    """What a sanitizer complained of first."""
    lines = [line for line in done.stderr.splitlines() if "ERROR" in line or "runtime error" in line]
    return lines[0].partition(" on address")[0] if lines else done.last_words


def cases(work: Work) -> None:
    """Who wrote what, and of which fault."""
    answers = work.answers()
    for name, (tool, fault) in CASES.items():
        said = answers.get(name)
        if not isinstance(said, list) or len(said) != 2:
            work.expect(False, f"{name} has two answers", f"it is {said!r}")
            continue
        who, what = said[0] == tool, said[1] == fault
        why = "this is not who wrote it" if not who else "that is who wrote it, but not what was wrong"
        if not who and not what:
            why = "neither who wrote it nor what was wrong"
        work.expect(who and what, f"{name}: {said[0] or 'nobody'}, {said[1] or 'nothing'}", why)

"""Write a hash in C that a table calls as its own."""

from __future__ import annotations

import secrets
import signal
import tempfile
from pathlib import Path

from hashtable_lab.lessons.grading import Work

HINTS = (
    """make_table first: begin with `ht_options options = HT_OPTIONS;`, then set `hashing` to
    HT_HASH_CALLBACK, `hash` to your function and `hash_context` to the seed. The comments in hashtable.h say
    what each field is for.""",
    """key.str is a string only if key_type is HT_STRING: for anything else return what ht_hash makes of it.
    Walk along the string, and let each letter change what you have so far in a way that depends on all that
    came before: hash = hash * 31 + letter.""",
    """unsigned long hash = *(unsigned long *)context; then, for each letter: hash = (hash ^ letter) *
    1099511628211UL. In the end return (long)hash. That is FNV-1a, but for where it begins. Unsigned, since an
    overflow of a signed number is undefined in C.""",
)

KEYS = 1000
# What a search may look at to find one of 1000 keys. A hash that spreads them takes 1.3 on average, the best
# luck 1.0; the talk's 500.
LOOKS = 10.0

# Fills tables of the learner's, and tells of it in lines that begin with a word that only we know.
JUDGE = r"""
#include <hashtable.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 1000 };

long my_hash(ht_value key, ht_type key_type, void *context);
ht_table *make_table(unsigned long *seed);

static const char *word;

static void tell(const char *what, double value)
{
    printf("\n%s %s %f\n", word, what, value);
    fflush(stdout);
}

/* The key of this number, a string of one of three kinds: numbers behind, numbers in front, anagrams. */
static void string_key(const char *kind, int number, char *into)
{
    char letters[] = "bilaogn";
    int left, at;

    if (strcmp(kind, "behind") == 0)
        sprintf(into, "part-%03d", number);
    else if (strcmp(kind, "front") == 0)
        sprintf(into, "%03d-part", number);
    else {
        number *= 5;
        for (left = 7; left > 0; left--) {
            at = number % left;
            number /= left;
            *into++ = letters[at];
            memmove(letters + at, letters + at + 1, (size_t)(7 - at));
        }
        *into = '\0';
    }
}

static ht_type make_key(const char *kind, int number, char *into, ht_value *key)
{
    if (strcmp(kind, "integers") == 0) {
        key->i = number;
        return HT_INTEGER;
    }
    if (strcmp(kind, "doubles") == 0) {
        key->f = number + 0.5;
        return HT_DOUBLE;
    }
    string_key(kind, number, into);
    key->str = into;
    return HT_STRING;
}

int main(int count, char **words)
{
    static unsigned long seed = 2016, other_seed = 1971;
    static char first[KEYS][32], second[KEYS][32];
    ht_statistics statistics = HT_STATISTICS;
    ht_table *table, *other;
    ht_value key;
    ht_type type;
    int number, own = 0, found = 0, differ = 0;

    if (count < 3)
        return 2;
    word = words[1];
    table = make_table(&seed);
    other = make_table(&other_seed);
    tell("made", table != NULL && other != NULL && table != other);
    if (table == NULL || other == NULL || table == other)
        return 0;
    for (number = 0; number < KEYS; number++) {
        type = make_key(words[2], number, first[number], &key);
        own += ht_own_hash(table, key, type) == my_hash(key, type, &seed);
        differ += ht_own_hash(table, key, type) != ht_own_hash(other, key, type);
        ht_put(table, LONG_MAX, key, type, key, HT_INTEGER, HT_COPY_KEY);
    }
    for (number = 0; number < KEYS; number++) {
        type = make_key(words[2], number, second[number], &key);
        found += ht_contains(table, key, type);
    }
    ht_stats(table, &statistics);
    tell("own", own);
    tell("differ", differ);
    tell("found", found);
    tell("looks", statistics.hit_probes);
    tell("chain", (double)statistics.longest_chain);
    ht_free(table);
    ht_free(other);
    tell("end", 1);
    return 0;
}
"""


def grade(work: Work) -> None:
    work.read("hash.c")
    with tempfile.TemporaryDirectory(prefix="lesson-") as folder:
        judge = Path(folder, "judge.c")
        judge.write_text(JUDGE, encoding="utf-8")
        program = work.c_program("hash.c", str(judge), library=True)

    made = ask(work, program, "behind")["made"] == 1
    work.demand(made, "make_table makes a table", "it returned NULL, or the same one twice")
    for kind, example in {"behind": "part-007", "front": "007-part", "anagrams": "bilaogn"}.items():
        told = ask(work, program, kind)
        work.demand(
            told["own"] == KEYS,
            f"{example}: the table's own hash is my_hash with that seed",
            f"it is so for {told['own']:.0f} of {KEYS} such strings",
        )
        work.expect(
            told["found"] == KEYS,
            f"{example}: it is found again, from another place in memory",
            f"{told['found']:.0f} of {KEYS} such strings are",
        )
        work.expect(
            told["looks"] <= LOOKS,
            f"{example}: {LOOKS:.0f} looks at most, on average",
            f"it takes {told['looks']:.1f}: {told['chain']:.0f} of {KEYS} such strings are in one chain",
        )
        work.expect(
            told["differ"] > KEYS / 2,
            f"{example}: with another seed it has another hash",
            f"{KEYS - told['differ']:.0f} of {KEYS} such strings have the same",
        )
    for kind in ("integers", "doubles"):
        found = ask(work, program, kind)["found"]
        work.expect(found == KEYS, f"{kind} are found again", f"{found:.0f} of {KEYS} are")


def ask(work: Work, program: Path, kind: str) -> dict[str, float]:
    """What the judge tells of a table with keys of this kind."""
    word = secrets.token_hex(8)
    done = work.command(str(program), word, kind)
    if done.status:
        how = signal.strsignal(-done.status) if done.status < 0 else f"it ended with {done.status}"
        work.cannot(f"a program with keys of the kind `{kind}` runs", str(how))
    lines = (line.split()[1:] for line in done.stdout.splitlines() if line.startswith(word))
    told = {name: float(value) for name, value in lines}
    if told.get("made") == 1 and "end" not in told:
        work.cannot("your functions return", "the program ended in the middle of one of them")
    nothing = {"made": 0.0, "own": 0.0, "differ": 0.0, "found": 0.0, "looks": KEYS, "chain": KEYS}
    return {**nothing, **told}

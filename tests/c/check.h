/*
 * A test framework in a page: CHECK what must hold, RUN what promises it, and return report() from main. A
 * check that fails says where, and the program goes on and exits with 1.
 */

#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hashtable.h"

static long checks_made, checks_failed;

#define CHECK(condition)                                                                       \
    do {                                                                                       \
        checks_made++;                                                                         \
        if (!(condition)) {                                                                    \
            checks_failed++;                                                                   \
            fprintf(stderr, "%s:%d: in %s: not so: %s\n", __FILE__, __LINE__, __func__, #condition); \
        }                                                                                      \
    } while (0)

#define RUN(test)                                                                              \
    do {                                                                                       \
        long failed_before = checks_failed;                                                    \
        test();                                                                                \
        fprintf(stderr, "%s %s\n", checks_failed == failed_before ? "ok    " : "FAILED", #test); \
    } while (0)

/* The exit status. A program that checked nothing has failed. */
static inline int report(void)
{
    fprintf(stderr, "%ld checks, %ld failed\n", checks_made, checks_failed);
    return checks_made > 0 && checks_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A malloc'ed copy, for a table to own. */
static inline char *copy(const char *text)
{
    char *string = malloc(strlen(text) + 1);
    if (string == NULL)
        abort();
    return strcpy(string, text);
}

static inline ht_value integer(long i)
{
    ht_value value;
    value.i = i;
    return value;
}

static inline ht_value real(double f)
{
    ht_value value;
    value.f = f;
    return value;
}

/* Borrowed: for lookups, or for a string that was malloc'ed before. */
static inline ht_value string(const char *str)
{
    ht_value value;
    value.str = (char *)str;
    return value;
}

static inline ht_value owned(const char *text)
{
    return string(copy(text));
}

/* Adds an int with an int, under the table's own hash or under one that is given. */
static inline int add_int(ht_table *table, long key, long value)
{
    return ht_add(table, LONG_MAX, integer(key), HT_INTEGER, integer(value), HT_INTEGER);
}

static inline int add_hashed(ht_table *table, long hash, long key)
{
    return ht_add(table, hash, integer(key), HT_INTEGER, integer(key), HT_INTEGER);
}

static inline ht_item *find_int(ht_table *table, long key)
{
    return ht_lookup(table, integer(key), HT_INTEGER);
}

/* Whether the picture of the table is this. */
static inline int looks_like(ht_table *table, const char *picture)
{
    char *text = ht_stringify_simple(table);
    int same = text != NULL && strcmp(text, picture) == 0;
    free(text);
    return same;
}

/* Whether the table's full text has these lines, one after the other. */
static inline int shows(ht_table *table, const char *lines)
{
    char *text = ht_stringify(table);
    int found = text != NULL && strstr(text, lines) != NULL;
    free(text);
    return found;
}

#endif

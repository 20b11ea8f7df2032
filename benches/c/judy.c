/* Judy: a trie, and no hash table: JudyL for ints, JudySL for strings. */

#include "side.h"

#include <Judy.h>
#include <stdlib.h>

/* The longest string key, and its NUL. */
#define LONGEST 256

struct table {
    Pvoid_t array;
};

static void *ints_make(void)
{
    return calloc(1, sizeof(struct table));
}

static void ints_put(void *table, long key, long value)
{
    PWord_t place = (PWord_t)JudyLIns(&((struct table *)table)->array, (Word_t)key, PJE0);
    *place = (Word_t)value;
}

static long ints_get(void *table, long key)
{
    PWord_t place = (PWord_t)JudyLGet(((struct table *)table)->array, (Word_t)key, PJE0);
    return place == NULL ? 0 : (long)*place;
}

static void ints_del(void *table, long key)
{
    JudyLDel(&((struct table *)table)->array, (Word_t)key, PJE0);
}

static long ints_walk(void *table)
{
    Pvoid_t array = ((struct table *)table)->array;
    Word_t key = 0;
    PWord_t place;
    long sum = 0;
    for (place = (PWord_t)JudyLFirst(array, &key, PJE0); place != NULL;
         place = (PWord_t)JudyLNext(array, &key, PJE0))
        sum += (long)*place;
    return sum;
}

static void ints_end(void *table)
{
    JudyLFreeArray(&((struct table *)table)->array, PJE0);
    free(table);
}

static const uint8_t *bytes(struct text key)
{
    return (const uint8_t *)key.bytes;
}

static void texts_put(void *table, struct text key, long value)
{
    PWord_t place = (PWord_t)JudySLIns(&((struct table *)table)->array, bytes(key), PJE0);
    *place = (Word_t)value;
}

static long texts_get(void *table, struct text key)
{
    PWord_t place = (PWord_t)JudySLGet(((struct table *)table)->array, bytes(key), PJE0);
    return place == NULL ? 0 : (long)*place;
}

static void texts_del(void *table, struct text key)
{
    JudySLDel(&((struct table *)table)->array, bytes(key), PJE0);
}

static long texts_walk(void *table)
{
    Pvoid_t array = ((struct table *)table)->array;
    uint8_t key[LONGEST] = {0};
    PWord_t place;
    long sum = 0;
    for (place = (PWord_t)JudySLFirst(array, key, PJE0); place != NULL;
         place = (PWord_t)JudySLNext(array, key, PJE0))
        sum += (long)*place;
    return sum;
}

static void texts_end(void *table)
{
    JudySLFreeArray(&((struct table *)table)->array, PJE0);
    free(table);
}

#define texts_make ints_make

CONTENDER(ints, "Judy", "1", INTS, 0U)
CONTENDER(texts, "Judy", "1", TEXTS, 0U)

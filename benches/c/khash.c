/* khash, as htslib carries it: open addressing, a macro; its hashes have 32 bits. */

#include "side.h"

#include <htslib/khash.h>
#include <stdlib.h>

#define int_hash(key) narrow(hash_int(key))
#define int_equal(a, b) ((a) == (b))
#define text_hash(key) narrow(hash_bytes(key, strlen(key)))
#define text_equal(a, b) (strcmp(a, b) == 0)

KHASH_INIT(int, long, long, 1, int_hash, int_equal)
KHASH_INIT(text, const char *, long, 1, text_hash, text_equal)

static void *ints_make(void)
{
    return kh_init(int);
}

static void *texts_make(void)
{
    return kh_init(text);
}

static void ints_put(void *table, long key, long value)
{
    khash_t(int) *hash = table;
    int added;
    khint_t at = kh_put(int, hash, key, &added);
    kh_val(hash, at) = value;
}

static void texts_put(void *table, struct text key, long value)
{
    khash_t(text) *hash = table;
    int added;
    khint_t at = kh_put(text, hash, key.bytes, &added);
    if (added != 0)
        kh_key(hash, at) = strdup(key.bytes);
    kh_val(hash, at) = value;
}

static long ints_get(void *table, long key)
{
    khash_t(int) *hash = table;
    khint_t at = kh_get(int, hash, key);
    return at == kh_end(hash) ? 0 : kh_val(hash, at);
}

static long texts_get(void *table, struct text key)
{
    khash_t(text) *hash = table;
    khint_t at = kh_get(text, hash, key.bytes);
    return at == kh_end(hash) ? 0 : kh_val(hash, at);
}

static void ints_del(void *table, long key)
{
    khash_t(int) *hash = table;
    kh_del(int, hash, kh_get(int, hash, key));
}

static void texts_del(void *table, struct text key)
{
    khash_t(text) *hash = table;
    khint_t at = kh_get(text, hash, key.bytes);
    if (at == kh_end(hash))
        return;
    free((char *)kh_key(hash, at));
    kh_del(text, hash, at);
}

static long ints_walk(void *table)
{
    khash_t(int) *hash = table;
    long value, sum = 0;
    kh_foreach_value(hash, value, sum += value);
    return sum;
}

static long texts_walk(void *table)
{
    khash_t(text) *hash = table;
    long value, sum = 0;
    kh_foreach_value(hash, value, sum += value);
    return sum;
}

static void ints_end(void *table)
{
    kh_destroy(int, (khash_t(int) *)table);
}

static void texts_end(void *table)
{
    khash_t(text) *hash = table;
    khint_t at;
    for (at = kh_begin(hash); at != kh_end(hash); at++)
        if (kh_exist(hash, at))
            free((char *)kh_key(hash, at));
    kh_destroy(text, hash);
}

CONTENDER(ints, "khash", AC_VERSION_KHASH_H, INTS, 0U)
CONTENDER(texts, "khash", AC_VERSION_KHASH_H, TEXTS, 0U)

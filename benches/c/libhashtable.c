/*
 * Ourselves, through the public header and the shared library: with the hash that all contenders have, computed
 * by the caller; with the table's own, which is SipHash unless said otherwise; and for ints with the talk's.
 */

#include "side.h"

#include <hashtable.h>

static ht_value integer(long i)
{
    ht_value value;
    value.i = i;
    return value;
}

static ht_value string(struct text key)
{
    ht_value value;
    value.str = (char *)key.bytes;
    return value;
}

static void *make(void)
{
    return ht_create(NULL);
}

static long value_of(const ht_item *item)
{
    return item == NULL ? 0 : item->value.i;
}

static long walk(void *table)
{
    size_t cursor = 0;
    const ht_item *item;
    long sum = 0;
    while ((item = ht_next(table, &cursor)) != NULL)
        sum += item->value.i;
    return sum;
}

static void end(void *table)
{
    ht_free(table);
}

#define OURS(X, title, what, key_value, key_type, copy, hash, how)                                      \
    static void X##_put(void *table, KEY_OF_##what key, long value)                                     \
    {                                                                                                   \
        ht_put(table, hash, key_value(key), key_type, integer(value), HT_INTEGER, copy);                \
    }                                                                                                   \
    static long X##_get(void *table, KEY_OF_##what key)                                                 \
    {                                                                                                   \
        return value_of(ht_lookup_by_hash(table, hash, key_value(key), key_type));                      \
    }                                                                                                   \
    static void X##_del(void *table, KEY_OF_##what key)                                                 \
    {                                                                                                   \
        ht_item_free(ht_remove_by_hash(table, hash, key_value(key), key_type));                         \
    }                                                                                                   \
    static void *X##_make(void)                                                                         \
    {                                                                                                   \
        return how & IDENTITY_ONLY ? ht_new(8, 1.0) : make();                                           \
    }                                                                                                   \
    static long X##_walk(void *table)                                                                   \
    {                                                                                                   \
        return walk(table);                                                                             \
    }                                                                                                   \
    static void X##_end(void *table)                                                                    \
    {                                                                                                   \
        end(table);                                                                                     \
    }                                                                                                   \
    CONTENDER(X, title, HT_VERSION, what, how)

/* A hash of LONG_MAX asks for the table's own. */
OURS(shared_ints, "libhashtable", INTS, integer, HT_INTEGER, 0, (long)hash_int(key), 0U)
OURS(shared_texts, "libhashtable", TEXTS, string, HT_STRING, HT_COPY_KEY, (long)hash_text(key), 0U)
OURS(sip_ints, "libhashtable SipHash", INTS, integer, HT_INTEGER, 0, LONG_MAX, 0U)
OURS(sip_texts, "libhashtable SipHash", TEXTS, string, HT_STRING, HT_COPY_KEY, LONG_MAX, 0U)
OURS(talk_ints, "libhashtable talk hash", INTS, integer, HT_INTEGER, 0, LONG_MAX, IDENTITY_ONLY)

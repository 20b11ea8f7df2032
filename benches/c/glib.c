/* GLib's GHashTable: open addressing; a key, or a pointer to one, is a gpointer. */

#include "side.h"

#include <glib.h>

#define TO_STRING(number) #number
#define VERSION(major, minor, micro) TO_STRING(major) "." TO_STRING(minor) "." TO_STRING(micro)

static guint int_hash(gconstpointer key)
{
    return narrow(hash_int((long)key));
}

static guint text_hash(gconstpointer key)
{
    return narrow(hash_bytes(key, strlen(key)));
}

static void *ints_make(void)
{
    return g_hash_table_new(int_hash, NULL);
}

static void *texts_make(void)
{
    return g_hash_table_new_full(text_hash, g_str_equal, g_free, NULL);
}

static void ints_put(void *table, long key, long value)
{
    g_hash_table_insert(table, (gpointer)key, (gpointer)value);
}

static void texts_put(void *table, struct text key, long value)
{
    g_hash_table_insert(table, g_strdup(key.bytes), (gpointer)value);
}

static long ints_get(void *table, long key)
{
    return (long)g_hash_table_lookup(table, (gpointer)key);
}

static long texts_get(void *table, struct text key)
{
    return (long)g_hash_table_lookup(table, key.bytes);
}

static void ints_del(void *table, long key)
{
    g_hash_table_remove(table, (gpointer)key);
}

static void texts_del(void *table, struct text key)
{
    g_hash_table_remove(table, key.bytes);
}

static long ints_walk(void *table)
{
    GHashTableIter iter;
    gpointer value;
    long sum = 0;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        sum += (long)value;
    return sum;
}

static void ints_end(void *table)
{
    g_hash_table_destroy(table);
}

#define texts_walk ints_walk
#define texts_end ints_end

CONTENDER(ints, "GHashTable", VERSION(GLIB_MAJOR_VERSION, GLIB_MINOR_VERSION, GLIB_MICRO_VERSION), INTS, 0U)
CONTENDER(texts, "GHashTable", VERSION(GLIB_MAJOR_VERSION, GLIB_MINOR_VERSION, GLIB_MICRO_VERSION), TEXTS, 0U)

/*
 * hashtable.h - libhashtable: a chained hash table whose size, load and hash are yours.
 *
 *     #include <hashtable.h>
 *     #include <stdio.h>
 *     #include <stdlib.h>
 *     #include <string.h>
 *
 *     int main(void)
 *     {
 *         ht_table *capitals = ht_new(4, 0.5);
 *         ht_value key, value;
 *         ht_item *item;
 *
 *         if (capitals == NULL)
 *             return EXIT_FAILURE;
 *         key.str = strdup("Spain");                      (malloc'ed: the table will own it)
 *         value.str = strdup("Madrid");
 *         if (ht_add(capitals, LONG_MAX, key, HT_STRING, value, HT_STRING) != HT_OK)
 *             return EXIT_FAILURE;                        (both strings would still be ours)
 *
 *         key.str = "Spain";                              (only looked at: any string will do)
 *         item = ht_lookup(capitals, key, HT_STRING);
 *         if (item != NULL)
 *             printf("%s\n", item->value.str);
 *         ht_free(capitals);                              (and the strings with it)
 *         return EXIT_SUCCESS;
 *     }
 *
 *     cc app.c -lhashtable
 *
 *
 * THE TABLE
 *
 * An array of bins. An item lives in bin `hash mod size`, where the modulo is never negative; the items of
 * one bin form a chain, in the order in which they were added. `load` counts the items. Adding a new key
 * first doubles the bins, as often as it takes, if `load / size` would come to exceed the maximum load
 * proportion; replacing a value never does, and removing an item never makes the bins fewer. A resize keeps
 * the order within each bin.
 *
 * Costs below are for a hash that spreads its keys, so that a chain is about `load / size` items long. If all
 * keys share a bin, each "one chain" is the whole table.
 *
 *
 * POLICIES
 *
 * NULL        is allowed for every table and every item: such a call does nothing, and returns NULL, 0 or
 *             HT_EINVAL, as its description says.
 *
 * Strings     are bytes that end in a NUL; no encoding is assumed. A string that goes into the table by
 *             ht_add must come from malloc (or strdup, ...); the table owns it from then on and frees it. A
 *             string in a key to look up, remove, hash or compare is only read during the call. A string that
 *             a function returns is yours to free().
 *
 * Items       An `ht_item *` is good until the item is removed or its table is freed; no other operation
 *             moves or ends it. ht_remove makes the item yours: it keeps its address and outlives even its
 *             table, until you give it to ht_item_free. One string must not be in two items.
 *
 * Threads     One table, one thread at a time; different tables are independent. Functions that do not change
 *             the table may run at the same time as each other. An item that was removed counts as part of
 *             its table: ht_item_free is a change to that table, as long as the table lives.
 *
 * Errors      A function that can fail says how, and then has changed nothing. Each failure also sets errno,
 *             to ENOMEM or EINVAL. Success, and finding nothing, leave errno alone. The library never ends
 *             the program; should it find a fault of its own, the call returns what it returns on failure
 *             (status functions: HT_EBUG).
 *
 * Systems     64-bit Unix, where a long and a pointer have 64 bits.
 */

#ifndef HT_HASHTABLE_H
#define HT_HASHTABLE_H

#include <limits.h> /* LONG_MAX */
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Types --------------------------------------------------------------------------------------------- */

/* What an ht_value holds. Keys of different types are never equal: 1, 1.0 and "1" are three keys. */
typedef enum ht_type {
    HT_INTEGER = 0, /* in field i */
    HT_DOUBLE = 1,  /* in field f */
    HT_STRING = 2   /* in field str */
} ht_type;

/* How an operation ended. The numbers will not change, and none will be used again for something else. */
typedef enum ht_status {
    HT_OK = 0,
    HT_ENOMEM = 1, /* no memory, or no more than 2^31 - 1 items */
    HT_EINVAL = 2, /* an argument that cannot be */
    HT_EBUG = 3    /* a fault of the library: please report it */
} ht_status;

/* A key or a value. Which field is in use is said by the ht_type that goes with it. */
typedef union ht_value {
    long i;
    double f;
    char *str;
} ht_value;

/*
 * An entry of a table. Fields are to be read. `value` and `value_type` may also be written, as in
 * `item->value.i++`: a string that you put there must be malloc'ed and becomes the table's, and the string
 * that was there before is yours to free.
 */
typedef struct ht_item {
    long hash;
    ht_value key;
    ht_value value;
    uint32_t private_link;    /* the library's own */
    unsigned char key_type;   /* an ht_type */
    unsigned char value_type; /* an ht_type */
    uint16_t private_state;   /* the library's own */
} ht_item;

/*
 * A table. The fields are to be read, and true after every operation. There is more behind them: never make,
 * copy or measure an ht_table yourself; ht_new makes them.
 */
typedef struct ht_table {
    long size;                  /* the number of bins */
    long load;                  /* the number of items */
    double max_load_proportion; /* the most items per bin, on average */
} ht_table;

/* ---- Making and freeing a table ------------------------------------------------------------------------ */

/*
 * Makes an empty table of `size` bins, with at most `max_load_proportion` items per bin. Its own hash is
 * ht_hash.
 *
 * Returns the table, for ht_free; or NULL, with errno EINVAL if `size` is not positive or the proportion is
 * not a positive finite number, ENOMEM if there is no memory for so many bins (4 bytes each).
 * Cost: next to nothing; bins take memory when they are first used.
 */
ht_table *ht_new(long size, double max_load_proportion);

/*
 * Frees a table, its items and their strings. Items that were removed from it stay yours. NULL: does nothing.
 * Cost: every item.
 */
void ht_free(ht_table *table);

/* ---- Adding, looking up, removing -------------------------------------------------------------------------
 *
 * `hash` is the hash of the key, as you computed it; LONG_MAX means "the table's own", which is also what the
 * functions without a `hash` use. A key is found only by the hash that it was added with.
 */

/*
 * Adds an item, or replaces the one with an equal key and the same hash. A replaced item keeps its address
 * and its place in its chain; the table takes the new key string and the new value, and frees the old
 * strings. You may hand back the very strings that the item holds: they stay.
 *
 * Strings are malloc'ed. On HT_OK the table owns them. On any failure nothing has changed and they are yours.
 * A key must not be a NULL string; a value may be, and prints as "(null)".
 *
 * Returns HT_OK; HT_ENOMEM; HT_EINVAL for a NULL table, an unknown type, a NULL string as key.
 * Cost: one chain; all items and bins when the bins double, which is once in as many additions. No malloc per
 * item.
 */
int ht_add(ht_table *table, long hash, ht_value key, ht_type key_type, ht_value value, ht_type value_type);

/*
 * The item with this key. Still the table's.
 *
 * Returns NULL if there is none, for a NULL table, an unknown type, a NULL string.
 * Cost: one chain, and for most keys that are not there not even that.
 */
ht_item *ht_lookup(ht_table *table, ht_value key, ht_type key_type);
ht_item *ht_lookup_by_hash(ht_table *table, long hash, ht_value key, ht_type key_type);

/*
 * Takes the item with this key out of the table. It is yours, at the address that it always had, even after
 * the table is freed: give it to ht_item_free.
 *
 * Returns NULL as ht_lookup does. Never fails for want of memory.
 * Cost: one chain.
 */
ht_item *ht_remove(ht_table *table, ht_value key, ht_type key_type);
ht_item *ht_remove_by_hash(ht_table *table, long hash, ht_value key, ht_type key_type);

/*
 * Frees an item that was removed, and its strings. To keep a string, set the field to NULL first.
 *
 * Does nothing for NULL, for an item that is still in a table and, while its table lives, for one that was
 * freed before and whose place was not yet taken by another.
 * Cost: a table's memory is returned when the table is freed; until then a freed item is room for a new one.
 * Items that outlive their table keep the block of memory that they are in, which may be half the table's.
 */
void ht_item_free(ht_item *item);

/*
 * Doubles the bins now.
 *
 * Returns HT_OK; HT_ENOMEM; HT_EINVAL for a NULL table.
 * Cost: all items and bins.
 */
int ht_resize(ht_table *table);

/* ---- The rules, one by one ----------------------------------------------------------------------------- */

/*
 * Whether one more new key would make the table resize: 1 or 0. NULL: 0.
 */
int ht_max_load_reached(const ht_table *table);

/*
 * The default hash, which is famous for being bad: an integer is itself, a double is its floor (kept within
 * the range of a long; 0 for a NaN), a string is its length. For your own keys compute a hash of your own.
 *
 * Returns 0 for a NULL string and for an unknown type.
 * Cost: a string's length.
 */
long ht_hash(ht_value key, ht_type key_type);

/*
 * The bin, from 0 to size - 1, of a hash in a table of `size` bins. It is never negative: the bin of -1 is
 * the last.
 *
 * Returns 0 if `size` is not positive.
 */
long ht_bin_index(long hash, long size);

/*
 * Whether two keys are of the same type and equal: 1 or 0. A NaN equals a NaN, so that it can be found and
 * removed; 0.0 equals -0.0; a NULL string equals only a NULL string. Unknown types: 0.
 */
int ht_equal(ht_value a, ht_type a_type, ht_value b, ht_type b_type);

/* ---- Looking inside ---------------------------------------------------------------------------------------
 *
 * ht_print* write to stdout, in order with your own printf, and need no memory of the library's;
 * ht_stringify* return the same text as a string for you to free(), or NULL with errno ENOMEM. Numbers look
 * as printf's %li and %f have them. Cost: all bins and items.
 *
 * A NULL table prints nothing, and its string is NULL with errno EINVAL. A NULL item prints "------NULL".
 */

/*
 * The table in full: its figures, then each bin with its items.
 *
 *     (an empty line)
 *     ********************
 *     --------HashTable--------
 *     -Array size: 2 -Load: 1 -Max Load Prop: 0.500000 -Current Load Prop: 0.500000
 *     *Bin 0
 *     ---------Hash: 4---Key: 4---Value: four------
 *     *Bin 1
 *     (empty)
 *     ********************
 */
void ht_print(const ht_table *table);
char *ht_stringify(const ht_table *table);

/* The picture: for each bin a line "[]", with a "*" for each item. */
void ht_print_simple(const ht_table *table);
char *ht_stringify_simple(const ht_table *table);

/* One item: a line as in the full table. */
void ht_print_item(const ht_item *item);
char *ht_stringify_item(const ht_item *item);

#ifdef __cplusplus
}
#endif

#endif

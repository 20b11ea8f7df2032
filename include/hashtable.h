/*
 * hashtable.h - libhashtable: a chained hash table whose size, load and hash are yours.
 *
 *     #include <hashtable.h>
 *     #include <stdio.h>
 *     #include <stdlib.h>
 *
 *     int main(void)
 *     {
 *         ht_table *capitals = ht_create(NULL);            (8 bins, a seeded hash: the defaults)
 *         ht_value key, value;
 *         ht_item *item;
 *
 *         if (capitals == NULL)
 *             return EXIT_FAILURE;
 *         key.str = "Spain";
 *         value.str = "Madrid";                            (the table is to copy both)
 *         if (ht_put(capitals, LONG_MAX, key, HT_STRING, value, HT_STRING, HT_COPY) != HT_OK)
 *             return EXIT_FAILURE;
 *
 *         item = ht_lookup(capitals, key, HT_STRING);
 *         if (item != NULL)
 *             printf("%s\n", item->value.str);
 *         ht_free(capitals);                               (and the copies with it)
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
 * proportion; replacing a value never does, and removing an item never makes the bins fewer: only ht_shrink
 * does. A resize keeps the order within each bin.
 *
 * There are two ways to make a table. ht_new makes the table of the 2014 talk, with the talk's hash, which is
 * famous for being bad. ht_create takes options, and its defaults are what you want: a hash that nobody
 * outside can make collide. All other functions are for both.
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
 * Strings     (HT_STRING) end in a NUL; no encoding is assumed. Bytes (HT_BYTES) are an ht_bytes, a length and
 *             a place, and a NUL is one of them. They are kept apart: the string "abc" and the bytes "abc" are
 *             two keys. What goes into a table is copied or adopted, as you say. What is copied stays yours.
 *             What is adopted must come from malloc (or strdup, ...); if the call succeeds, the table owns it
 *             and frees it. ht_add always adopts. A key to look up, remove, hash or compare is only read
 *             during the call. A string that a function returns is yours to free().
 *
 * Bytes       What you hand in is an ht_bytes of your own, on the stack for instance: only what its `data`
 *             points to is copied or adopted. In an item, `key.bytes` and `value.bytes` point to an ht_bytes
 *             of the library's, in the same 8 bytes where an integer would be. Bytes that the table copied are
 *             followed by a NUL that does not count, so that they can be printed. Do not write into an item's
 *             ht_bytes, nor put one into an item by hand: ht_set_value does that.
 *
 * Pointers    (HT_POINTER) are never followed. A table can have a destructor for those that are values: it is
 *             called with a pointer that is replaced by another, or whose item is freed, by whatever function;
 *             not for NULL, and never for a key.
 *
 * Items       An `ht_item *` is good until the item is removed or its table is cleared or freed; no other
 *             operation moves or ends it. ht_remove makes the item yours: it keeps its address and outlives
 *             even its table, until you give it to ht_item_free. One string must not be in two items.
 *
 * Callbacks   (hash, destructor, copier) may call any function with any table, also the one that called them,
 *             with two exceptions: none may free that table, and the copier may not change it. They must
 *             return: no longjmp, no C++ exception.
 *
 * Threads     One table, one thread at a time; different tables are independent. Functions that do not change
 *             the table may run at the same time as each other. An item that was removed counts as part of
 *             its table: ht_item_free is a change to that table, as long as the table lives.
 *
 * Errors      A function that can fail says how, and then has changed nothing. Each failure also sets errno,
 *             to ENOMEM or EINVAL. Success, and finding nothing, leave errno alone. The library never ends
 *             the program; should it find a fault of its own, the call returns what it returns on failure
 *             (status functions: HT_EBUG). A table that was freed is told, as EINVAL, as long as its memory
 *             was not used again: a help while debugging, and not a promise.
 *
 * Growth      Numbers keep their meaning. ht_options and ht_statistics begin with their size, so that a program
 *             and a library of different age understand each other. The soname says what fits what.
 *
 * Systems     64-bit Unix, where a long and a pointer have 64 bits.
 */

#ifndef HT_HASHTABLE_H
#define HT_HASHTABLE_H

#include <limits.h> /* LONG_MAX */
#include <stddef.h>
#include <stdint.h>

/* The version of this header; ht_version tells that of the library. */
#define HT_VERSION_MAJOR 0
#define HT_VERSION_MINOR 1
#define HT_VERSION_PATCH 0
#define HT_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Types --------------------------------------------------------------------------------------------- */

/* What an ht_value holds. Keys of different types are never equal: 1, 1.0 and "1" are three keys. */
typedef enum ht_type {
    HT_INTEGER = 0, /* in field i */
    HT_DOUBLE = 1,  /* in field f */
    HT_STRING = 2,  /* in field str: ends in a NUL */
    HT_BYTES = 3,   /* in field bytes: a length and a place */
    HT_POINTER = 4  /* in field ptr: yours; as a key it is equal to itself */
} ht_type;

/* How an operation ended. The numbers will not change, and none will be used again for something else. */
typedef enum ht_status {
    HT_OK = 0,
    HT_ENOMEM = 1, /* no memory, or no more than 2^31 - 1 items */
    HT_EINVAL = 2, /* an argument that cannot be */
    HT_EBUG = 3    /* a fault of the library: please report it */
} ht_status;

/* Bytes of any kind, NUL included. `data` may be NULL if the length is 0. */
typedef struct ht_bytes {
    size_t length;
    const char *data;
} ht_bytes;

/* A key or a value. Which field is in use is said by the ht_type that goes with it. */
typedef union ht_value {
    long i;
    double f;
    char *str;
    ht_bytes *bytes;
    void *ptr;
} ht_value;

/*
 * An entry of a table. Fields are to be read. `value` and `value_type` may also be written, as in
 * `item->value.i++`: a string that you put there must be malloc'ed and becomes the table's, and the string
 * that was there before is yours to free; so it is with a pointer. Bytes are put there by ht_set_value only.
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

/* A hash of your own: of the key, with the context from the options. Any long will do. */
typedef long (*ht_hash_function)(ht_value key, ht_type key_type, void *context);

/* Ends a pointer that was a value. */
typedef void (*ht_free_function)(void *pointer, void *context);

/* A copy of a pointer that is a value, for a copy of its table. NULL: there is no memory for it. */
typedef void *(*ht_copy_function)(void *pointer, void *context);

/*
 * What a table's own hash is. Costs are nanoseconds for a key of 16 and of 256 bytes, as they were measured on
 * one machine.
 *
 *                    good at                         bad at                              16     256
 * HT_HASH_SIP        keys that others choose: none   being the fastest                   13      69
 *                    can be made to collide without
 *                    the seed
 * HT_HASH_XXH3       all keys of any length          an attacker, seed or no seed         5      23
 * HT_HASH_FNV1A      short keys; it is well known    long keys, an attacker              10     300
 * HT_HASH_FIBONACCI  numbers, whatever lies between  an attacker                         a multiplication
 *                    them
 * HT_HASH_IDENTITY   integers without gaps           numbers that share their low bits:  nothing
 *                                                    multiples of 4096, most doubles
 * HT_HASH_TALK       lessons                         words of one length; integers as    a strlen
 *                                                    HT_HASH_IDENTITY
 *
 * An integer is hashed as its 8 bytes, little-endian, a pointer as its address, a double as its 8 bytes (there is
 * one zero and one NaN), a string without its NUL. HT_HASH_IDENTITY and HT_HASH_FIBONACCI are for numbers and
 * pointers: in such a table a string or bytes can be no key, unless you give the hash. But for the random seeds,
 * hashes are the same in every run and on every machine.
 */
typedef enum ht_hashing {
    HT_HASH_SIP = 0,       /* SipHash-1-3, with a seed of 128 bits: the default */
    HT_HASH_TALK = 1,      /* ht_hash, the talk's */
    HT_HASH_CALLBACK = 2,  /* the options' `hash` */
    HT_HASH_IDENTITY = 3,  /* a number's 64 bits */
    HT_HASH_FIBONACCI = 4, /* those times 0x9e3779b97f4a7c15, the bytes of the product in reverse */
    HT_HASH_FNV1A = 5,     /* FNV-1a of 64 bits */
    HT_HASH_XXH3 = 6       /* XXH3 of 64 bits, with a seed: seed[0] */
} ht_hashing;

/* Flags in ht_options. */
#define HT_NEVER_RESIZE 1U /* no maximum load: watch a chain become a linked list */
#define HT_SEEDED 2U       /* HT_HASH_SIP and HT_HASH_XXH3 take `seed`: the same hashes in every run. Else random */

/*
 * How a table is to be. Begin with HT_OPTIONS, which is all defaults, and set what you want:
 *
 *     ht_options options = HT_OPTIONS;
 *     options.size = 1000;
 */
typedef struct ht_options {
    size_t struct_size;           /* sizeof(ht_options) of the header that you compile with */
    long size;                    /* bins; 0: 8. Powers of two are faster than others */
    double max_load_proportion;   /* 0.0: 0.5. Up to 1.0 takes less memory, and more time to find a key */
    unsigned hashing;             /* an ht_hashing */
    unsigned flags;               /* HT_NEVER_RESIZE, HT_SEEDED */
    uint64_t seed[2];             /* with HT_SEEDED; HT_HASH_XXH3 takes the first */
    ht_hash_function hash;        /* with HT_HASH_CALLBACK, and only then */
    void *hash_context;           /* its last argument */
    ht_free_function free_value;  /* NULL: pointers are yours alone */
    ht_copy_function copy_value;  /* NULL: ht_copy copies the pointer itself, if there is no free_value */
    void *value_context;          /* the last argument of both */
} ht_options;

#define HT_OPTIONS {sizeof(ht_options), 0, 0.0, 0, 0, {0, 0}, NULL, NULL, NULL, NULL, NULL}

/*
 * Makes an empty table as the options say. NULL: all defaults. The options may go afterwards.
 *
 * Returns the table, for ht_free; or NULL, with errno EINVAL for a size below 0, a proportion that is not a
 * positive finite number (nor 0), an unknown hashing, a hash function that is missing or too many, an unknown
 * flag, or options of a newer header that this library does not know; ENOMEM as ht_new. With HT_NEVER_RESIZE
 * the table's field max_load_proportion is infinite.
 * Cost: next to nothing.
 */
ht_table *ht_create(const ht_options *options);

/*
 * A table like this one: the same bins, the same chains in the same order, the same options (seed included),
 * with copies of all strings and bytes. No key is hashed. Pointers that are values go through `copy_value`.
 *
 * Returns the copy, for ht_free; or NULL, with errno EINVAL for NULL, if there are pointers to copy and the
 * table has a free_value but no copy_value, or if copy_value has changed the table; ENOMEM if there is no
 * memory or copy_value returned NULL. What was copied until then is freed.
 * Cost: every item, and what is behind it.
 */
ht_table *ht_copy(const ht_table *table);

/*
 * Frees a table, its items and what they own; pointers that are values go to the destructor. Items that were
 * removed from it stay yours. NULL: does nothing.
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
 * and its place in its chain; the table takes the new key and the new value, and frees the old strings and
 * bytes. You may hand back the very `str` or `bytes` that the item holds: they stay.
 *
 * Strings and bytes are adopted. On HT_OK the table owns them. On any failure nothing has changed and they are
 * yours. A key must not be a NULL string or NULL bytes; a value may be, and prints as "(null)".
 *
 * Returns HT_OK; HT_ENOMEM; HT_EINVAL for a NULL table, an unknown type, a NULL string as key, bytes at NULL
 * with a length or of more than PTRDIFF_MAX, a key that the table's own hash is not for (see ht_hashing).
 * Cost: one chain; all items and bins when the bins double, which is once in as many additions. No malloc per
 * item, but for bytes, which take one each.
 */
int ht_add(ht_table *table, long hash, ht_value key, ht_type key_type, ht_value value, ht_type value_type);

/* What to copy: flags of the functions below. What is not copied is adopted. */
#define HT_COPY_KEY 1U
#define HT_COPY_VALUE 2U
#define HT_COPY (HT_COPY_KEY | HT_COPY_VALUE)

/*
 * As ht_add, with a choice: the key, the value or both are copied, and what you handed in stays yours.
 *
 * Returns as ht_add; HT_EINVAL also for an unknown flag.
 */
int ht_put(ht_table *table, long hash, ht_value key, ht_type key_type, ht_value value, ht_type value_type,
           unsigned flags);

/*
 * Finds the item with this key, or adds it with the integer 0 for a value, in one search: to count words,
 * `item->value.i++`. Puts the item where `item` points, and 1 where `added` points if it is new, else 0;
 * `added` may be NULL. Both are written on HT_OK only.
 *
 * An item that is there keeps its own key; if the one handed in was to be adopted, it is freed (but not if it
 * is the item's own). So on HT_OK an adopted key is the table's in any case.
 *
 * Returns HT_OK; HT_ENOMEM; HT_EINVAL as ht_put, and for a NULL `item`. Cost: as ht_add.
 */
int ht_upsert(ht_table *table, long hash, ht_value key, ht_type key_type, unsigned flags, ht_item **item,
              int *added);

/*
 * Gives an item of this table, or one that was removed from it, a value: copied with HT_COPY_VALUE, else
 * adopted. The old one is freed, or goes to the destructor.
 *
 * Returns HT_OK; HT_ENOMEM; HT_EINVAL for a NULL table or item, a bad value, an unknown flag. Cost: no search.
 */
int ht_set_value(ht_table *table, ht_item *item, ht_value value, ht_type value_type, unsigned flags);

/*
 * The item with this key. Still the table's.
 *
 * Returns NULL if there is none, for a NULL table, and for what can be no key.
 * Cost: one chain, and for most keys that are not there not even that.
 */
ht_item *ht_lookup(ht_table *table, ht_value key, ht_type key_type);
ht_item *ht_lookup_by_hash(ht_table *table, long hash, ht_value key, ht_type key_type);

/* Whether there is an item with this key: 1 or 0. NULL, and what can be no key: 0. Cost: as ht_lookup. */
int ht_contains(const ht_table *table, ht_value key, ht_type key_type);

/*
 * The next item, in no particular order; NULL after the last one. The cursor is yours, and begins at 0:
 *
 *     size_t cursor = 0;
 *     while ((item = ht_next(table, &cursor)) != NULL)
 *         ...
 *
 * Whatever happens to the table meanwhile, the walk goes on well: any item may be removed, the current one
 * included; items may be added, and the bins may be resized. An item that is in the table for all of the walk
 * is seen once; one that comes or goes meanwhile, once or not at all.
 *
 * Returns NULL also for a NULL table or cursor, with errno EINVAL.
 * Cost: a step to the next item in memory; all steps together, as many as there were ever items at a time.
 */
ht_item *ht_next(const ht_table *table, size_t *cursor);

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
 * Frees an item that was removed, and what it owns; a pointer that is its value goes to the destructor, also
 * when the table is gone. To keep a string or a pointer, set the field to NULL first.
 *
 * Does nothing for NULL, for an item that is still in a table and, while its table lives, for one that was
 * freed before and whose place was not yet taken by another.
 * Cost: a table's memory is returned when the table is freed; until then a freed item is room for a new one.
 * Items that outlive their table keep the block of memory that they are in, which may be half the table's.
 */
void ht_item_free(ht_item *item);

/*
 * Removes and frees all items, with what they own. The bins stay as many as they are; the memory of the items
 * goes back. Items that were removed before stay yours. Needs no memory. NULL: does nothing.
 * Cost: every item and bin.
 */
void ht_clear(ht_table *table);

/*
 * Makes room for `load` items in all: up to then no addition resizes the table or fails for want of memory, but
 * for what it has to copy, and the malloc for bytes. Items that were removed and not yet freed take room too.
 *
 * Returns HT_OK; HT_ENOMEM, also for more than 2^31 - 1; HT_EINVAL for a NULL table or a load below 0.
 * Cost: all items and bins if the bins become more.
 */
int ht_reserve(ht_table *table, long load);

/*
 * Gives memory back. The bins are halved as often as the maximum load allows and their number is even (those
 * of a table that never resizes stay as many). Items do not move, so of their memory only that goes back which
 * came after the last one that is in use.
 *
 * Returns HT_OK; HT_ENOMEM, since the new bins are made before the old ones go; HT_EINVAL for a NULL table.
 * Cost: all items and bins.
 */
int ht_shrink(ht_table *table);

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
 * The talk's hash, which is famous for being bad: an integer is itself, a double is its floor (kept within
 * the range of a long; 0 for a NaN), a string is its length, and so
 * are bytes; a pointer is its address. It is the own hash of a table that ht_new made.
 *
 * Returns 0 for what can be no key.
 * Cost: a string's length.
 */
long ht_hash(ht_value key, ht_type key_type);

/*
 * The table's own hash of a key, whichever that is: to hash once and use it in many calls.
 *
 * Returns 0 for a NULL table and for what can be no key.
 * Cost: every byte of the key.
 */
long ht_own_hash(const ht_table *table, ht_value key, ht_type key_type);

/*
 * The bin, from 0 to size - 1, of a hash in a table of `size` bins. It is never negative: the bin of -1 is
 * the last.
 *
 * Returns 0 if `size` is not positive.
 */
long ht_bin_index(long hash, long size);

/*
 * Whether two keys are of the same type and equal: 1 or 0. A NaN equals a NaN, so that it can be found and
 * removed; 0.0 equals -0.0; bytes are equal if all of them are; NULL equals only NULL. Unknown types: 0.
 */
int ht_equal(ht_value a, ht_type a_type, ht_value b, ht_type b_type);

/* ---- Looking inside ---------------------------------------------------------------------------------------
 *
 * ht_print* write to stdout, in order with your own printf, and need no memory of the library's;
 * ht_stringify* return the same text as a string for you to free(), or NULL with errno ENOMEM. Numbers look
 * as printf's %li and %f have them, a pointer as its %p; of bytes, a NUL is shown as \0. Cost: all bins and
 * items.
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

/* How a table is doing. Begin with HT_STATISTICS. */
typedef struct ht_statistics {
    size_t struct_size;     /* sizeof(ht_statistics) of the header that you compile with */
    long size;              /* bins */
    long load;              /* items */
    double load_proportion; /* items per bin */
    long occupied_bins;     /* bins with an item in them */
    long longest_chain;     /* items in the fullest bin */
    double mean_chain;      /* items per occupied bin; 0.0 if there is none */
    double hit_probes;      /* items looked at to find a key, on average; 0.0 if there is none */
    double miss_probes;     /* items in the bin of a key that is not there, on average over the bins */
    long resizes;           /* how often the bins were made more */
    long memory;            /* bytes of the table, its bins and its items, without what is behind pointers */
} ht_statistics;

#define HT_STATISTICS {sizeof(ht_statistics), 0, 0, 0.0, 0, 0, 0.0, 0.0, 0.0, 0, 0}

/*
 * Fills in the statistics.
 *
 * Returns HT_OK; HT_EINVAL for a NULL table, NULL statistics, and a struct_size that cannot be.
 * Cost: all bins and items.
 */
int ht_stats(const ht_table *table, ht_statistics *statistics);

/* ---- Of the library ------------------------------------------------------------------------------------ */

/* A status in words. Never NULL, and never to be freed: an unknown number has words too. */
const char *ht_strerror(int status);

/* The version of the library that runs, as HT_VERSION is that of the header. Never to be freed. */
const char *ht_version(void);

#ifdef __cplusplus
}
#endif

#endif

/*
 * The names of the 2014 library, for programs that were written for it: put this directory on the include
 * path in place of the old one, and link libhashtable.
 *
 *     cc -I include/talk program.c -lhashtable
 *
 * What each function means, what it costs and who owns what is in ../hashtable.h; here is only which is
 * which. The library itself exports no name but ht_*, so these are inline functions. What differs from that
 * header:
 *
 * add, resize   return the table that they were given. If they fail, they have changed nothing, errno says
 *               why (set it to 0 first), and the strings handed to add are still yours.
 * LONG_MAX      as a hash selects calculate_hash.
 */

#ifndef HT_TALK_HASHTABLE_H
#define HT_TALK_HASHTABLE_H

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../hashtable.h"

/* Macros and not typedefs, so that each name also does as a tag: `union Hashable`, `struct Item`. */
#define HashTable ht_table
#define Item ht_item
#define Hashable ht_value
#define hash_type ht_type

#define INTEGER HT_INTEGER
#define DOUBLE HT_DOUBLE
#define STRING HT_STRING

/* A program in gnu89 has no `inline`, and gcc calls it by this name in every standard. */
#if defined(__GNUC__)
#define HT_TALK_INLINE static __inline__
#else
#define HT_TALK_INLINE static inline
#endif

/* ---- The table ----------------------------------------------------------------------------------------- */

HT_TALK_INLINE HashTable *init(long int size, double max_load_proportion)
{
    return ht_new(size, max_load_proportion);
}

HT_TALK_INLINE void free_table(HashTable *hashtable)
{
    ht_free(hashtable);
}

HT_TALK_INLINE HashTable *add(long int hash, union Hashable key, hash_type key_type, union Hashable value,
                              hash_type value_type, HashTable *hashtable)
{
    (void)ht_add(hashtable, hash, key, key_type, value, value_type);
    return hashtable;
}

HT_TALK_INLINE Item *lookup(union Hashable key, hash_type key_type, HashTable *hashtable)
{
    return ht_lookup(hashtable, key, key_type);
}

HT_TALK_INLINE Item *lookup_by_hash(long int hash, union Hashable key, hash_type key_type,
                                    HashTable *hashtable)
{
    return ht_lookup_by_hash(hashtable, hash, key, key_type);
}

HT_TALK_INLINE Item *remove_item_from_table(union Hashable key, hash_type key_type, HashTable *hashtable)
{
    return ht_remove(hashtable, key, key_type);
}

HT_TALK_INLINE Item *remove_item_from_table_by_hash(long int hash, union Hashable key, hash_type key_type,
                                                    HashTable *hashtable)
{
    return ht_remove_by_hash(hashtable, hash, key, key_type);
}

HT_TALK_INLINE void free_item(Item *item)
{
    ht_item_free(item);
}

HT_TALK_INLINE HashTable *resize(HashTable *hashtable)
{
    (void)ht_resize(hashtable);
    return hashtable;
}

/* ---- The rules ----------------------------------------------------------------------------------------- */

HT_TALK_INLINE long int calculate_hash(union Hashable key, hash_type key_type)
{
    return ht_hash(key, key_type);
}

HT_TALK_INLINE long int calculate_bin_index(long int hash, long int size)
{
    return ht_bin_index(hash, size);
}

HT_TALK_INLINE int max_load_reached(HashTable *hashtable)
{
    return ht_max_load_reached(hashtable);
}

HT_TALK_INLINE int hashable_equal(union Hashable h1, hash_type type1, union Hashable h2, hash_type type2)
{
    return ht_equal(h1, type1, h2, type2);
}

/* ---- Looking inside ------------------------------------------------------------------------------------ */

HT_TALK_INLINE void print_table(HashTable *hashtable)
{
    ht_print(hashtable);
}

HT_TALK_INLINE void print_table_simple(HashTable *hashtable)
{
    ht_print_simple(hashtable);
}

HT_TALK_INLINE void print_item(Item *item)
{
    ht_print_item(item);
}

HT_TALK_INLINE char *stringify_table(HashTable *hashtable)
{
    return ht_stringify(hashtable);
}

HT_TALK_INLINE char *stringify_table_simple(HashTable *hashtable)
{
    return ht_stringify_simple(hashtable);
}

HT_TALK_INLINE char *stringify_item(Item *item)
{
    return ht_stringify_item(item);
}

#endif

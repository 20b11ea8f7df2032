/*
 * One operation of libhashtable, over and over, for callgrind to count: operations NAME COUNT.
 * What is counted is what happens in `measured`; keys and tables are the same in every run.
 */

#include <hashtable.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS 1000

static ht_value ints[2 * KEYS], strings[2 * KEYS];
static const ht_value ONE = {1};

static ht_table *make(unsigned hashing)
{
    ht_options options = HT_OPTIONS;
    options.hashing = hashing;
    options.flags = hashing == HT_HASH_SIP ? HT_SEEDED : 0; /* the same hashes in every run */
    return ht_create(&options);
}

static void put(ht_table *table, ht_value key, ht_type type)
{
    if (ht_put(table, LONG_MAX, key, type, ONE, HT_INTEGER, HT_COPY) != HT_OK)
        exit(EXIT_FAILURE);
}

static ht_table *filled(unsigned hashing, const ht_value *keys, ht_type type)
{
    ht_table *table = make(hashing);
    int i;
    for (i = 0; i < KEYS; i++)
        put(table, keys[i], type);
    return table;
}

/* Not inlined, so that callgrind can be told to count in here alone. */
__attribute__((noinline)) static void measured(const char *name, long count)
{
    long i;
    ht_item *item;
    ht_table *table;

#define LOOP for (i = 0; i < count; i++)
    if (strcmp(name, "int hit") == 0) {
        table = filled(HT_HASH_TALK, ints, HT_INTEGER);
        LOOP ht_lookup(table, ints[i % KEYS], HT_INTEGER);
    } else if (strcmp(name, "int miss") == 0) {
        table = filled(HT_HASH_TALK, ints, HT_INTEGER);
        LOOP ht_lookup(table, ints[KEYS + i % KEYS], HT_INTEGER);
    } else if (strcmp(name, "int replace") == 0) {
        table = filled(HT_HASH_TALK, ints, HT_INTEGER);
        LOOP ht_add(table, LONG_MAX, ints[i % KEYS], HT_INTEGER, ONE, HT_INTEGER);
    } else if (strcmp(name, "int insert") == 0) {
        table = make(HT_HASH_TALK);
        LOOP ht_add(table, LONG_MAX, ints[i % KEYS], HT_INTEGER, ONE, HT_INTEGER);
    } else if (strcmp(name, "int insert, remove, free") == 0) {
        table = make(HT_HASH_TALK);
        LOOP {
            ht_add(table, LONG_MAX, ints[i % KEYS], HT_INTEGER, ONE, HT_INTEGER);
            ht_item_free(ht_remove(table, ints[i % KEYS], HT_INTEGER));
        }
    } else if (strcmp(name, "string hit") == 0) {
        table = filled(HT_HASH_SIP, strings, HT_STRING);
        LOOP ht_lookup(table, strings[i % KEYS], HT_STRING);
    } else if (strcmp(name, "string miss") == 0) {
        table = filled(HT_HASH_SIP, strings, HT_STRING);
        LOOP ht_lookup(table, strings[KEYS + i % KEYS], HT_STRING);
    } else if (strcmp(name, "string upsert") == 0) {
        table = filled(HT_HASH_SIP, strings, HT_STRING);
        LOOP ht_upsert(table, LONG_MAX, strings[i % KEYS], HT_STRING, HT_COPY_KEY, &item, NULL);
    } else if (strcmp(name, "walk") == 0) {
        size_t cursor = 0;
        table = filled(HT_HASH_TALK, ints, HT_INTEGER);
        LOOP if (ht_next(table, &cursor) == NULL) cursor = 0;
    } else {
        fprintf(stderr, "there is no operation \"%s\"\n", name);
        exit(EXIT_FAILURE);
    }
    ht_free(table);
}

int main(int argc, char **argv)
{
    /* Any sequence without a pattern will do: here Knuth's 64-bit linear congruential generator, MMIX. */
    unsigned long long state = 1;
    int i;
    if (argc != 3)
        return EXIT_FAILURE;
    for (i = 0; i < 2 * KEYS; i++) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        ints[i].i = (long)(state ^ state >> 32);
        strings[i].str = malloc(24);
        sprintf(strings[i].str, "key-%llx", state >> 20);
    }
    measured(argv[1], strtol(argv[2], NULL, 10));
    return EXIT_SUCCESS;
}

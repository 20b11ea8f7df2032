/*
 * One table, three hash functions: the talk's, one of our own with a context, and the library's seeded one. What
 * each makes of the same keys is told by the table's statistics.
 *
 *     cc examples/custom_hash.c $(pkg-config --cflags --libs hashtable) -o custom_hash
 */

#include <hashtable.h>
#include <stdio.h>
#include <stdlib.h>

/* FNV-1a over the digits and letters of a string. The context is where it begins: another one, other hashes. */
static long fnv1a(ht_value key, ht_type key_type, void *context)
{
    unsigned long hash = *(const unsigned long *)context;
    const char *at;

    if (key_type != HT_STRING)
        return ht_hash(key, key_type); /* for keys of other types, what the library has */
    for (at = key.str; *at != '\0'; at++) {
        hash ^= (unsigned char)*at;
        hash *= 1099511628211UL;
    }
    return (long)hash;
}

/* Fills a table of this kind with part numbers, and says how they are spread. */
static int try(const char *name, const ht_options *options)
{
    ht_table *parts = ht_create(options);
    ht_statistics statistics = HT_STATISTICS;
    char number[32];
    ht_value key, value;
    int status = parts == NULL ? HT_ENOMEM : HT_OK;

    key.str = number;
    for (value.i = 0; value.i < 10000 && status == HT_OK; value.i++) {
        sprintf(number, "part-%05ld", value.i);
        status = ht_put(parts, LONG_MAX, key, HT_STRING, value, HT_INTEGER, HT_COPY_KEY);
    }
    if (status == HT_OK)
        status = ht_stats(parts, &statistics);
    if (status == HT_OK)
        printf("%-8s %6ld bins, %5ld of them occupied, longest chain %5ld, %7.2f probes to find a key\n", name,
               statistics.size, statistics.occupied_bins, statistics.longest_chain, statistics.hit_probes);
    else
        fprintf(stderr, "custom_hash: %s\n", ht_strerror(status));
    ht_free(parts);
    return status;
}

int main(void)
{
    unsigned long start = 14695981039346656037UL;
    ht_options talk = HT_OPTIONS, ours = HT_OPTIONS, seeded = HT_OPTIONS;

    talk.hashing = HT_HASH_TALK; /* a string's length: all part numbers have ten letters */

    ours.hashing = HT_HASH_CALLBACK;
    ours.hash = fnv1a;
    ours.hash_context = &start; /* has to live as long as the table */

    seeded.flags = HT_SEEDED; /* without this the seed is random, and each run differs a little */
    seeded.seed[0] = 2016;
    seeded.seed[1] = 42;

    return try("talk", &talk) == HT_OK && try("FNV-1a", &ours) == HT_OK && try("SipHash", &seeded) == HT_OK
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}

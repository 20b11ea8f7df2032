#include <hashtable.h>

long my_hash(ht_value key, ht_type key_type, void *context)
{
    /* All anagrams are in one chain. */
    unsigned long hash = *(unsigned long *)context;
    const char *at;

    if (key_type != HT_STRING)
        return ht_hash(key, key_type);
    for (at = key.str; *at != '\0'; at++)
        hash += (unsigned char)*at;
    return (long)hash;
}

ht_table *make_table(unsigned long *seed)
{
    ht_options options = HT_OPTIONS;

    options.hashing = HT_HASH_CALLBACK;
    options.hash = my_hash;
    options.hash_context = seed;
    return ht_create(&options);
}

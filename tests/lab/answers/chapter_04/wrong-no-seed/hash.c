#include <hashtable.h>

long my_hash(ht_value key, ht_type key_type, void *context)
{
    unsigned long hash = 5381;
    const char *at;

    (void)context;
    if (key_type != HT_STRING)
        return ht_hash(key, key_type);
    for (at = key.str; *at != '\0'; at++)
        hash = hash * 33 + (unsigned char)*at;
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

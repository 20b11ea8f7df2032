#include <hashtable.h>

long my_hash(ht_value key, ht_type key_type, void *context)
{
    /* The same string at another address has another hash. */
    if (key_type != HT_STRING)
        return ht_hash(key, key_type);
    return (long)key.str ^ *(long *)context;
}

ht_table *make_table(unsigned long *seed)
{
    ht_options options = HT_OPTIONS;

    options.hashing = HT_HASH_CALLBACK;
    options.hash = my_hash;
    options.hash_context = seed;
    return ht_create(&options);
}

#include <hashtable.h>

/* A good hash, which the table knows nothing of: its own is SipHash. */
long my_hash(ht_value key, ht_type key_type, void *context)
{
    unsigned long hash = *(unsigned long *)context;
    const char *at;

    if (key_type != HT_STRING)
        return ht_hash(key, key_type);
    for (at = key.str; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211UL;
    return (long)hash;
}

ht_table *make_table(unsigned long *seed)
{
    ht_options options = HT_OPTIONS;

    options.flags = HT_SEEDED;
    options.seed[0] = *seed;
    return ht_create(&options);
}

#include <hashtable.h>

long my_hash(ht_value key, ht_type key_type, void *context)
{
    /* An integer is taken for the address of a string. */
    unsigned long hash = *(unsigned long *)context;
    const char *at;

    (void)key_type;
    for (at = key.str; *at != '\0'; at++)
        hash = hash * 31 + (unsigned char)*at;
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

#include <hashtable.h>

/*
 * The hash of a key. Equal keys have equal hashes, wherever in memory they are; other keys should have others.
 * `context` is what the options say: here it points to the seed, an unsigned long. Another seed, other hashes.
 */
long my_hash(ht_value key, ht_type key_type, void *context)
{
    (void)context;
    return ht_hash(key, key_type);
}

/* An empty table of the default size, whose own hash is my_hash. The seed lives longer than the table. */
ht_table *make_table(unsigned long *seed)
{
    ht_options options = HT_OPTIONS;

    (void)seed;
    return ht_create(&options);
}

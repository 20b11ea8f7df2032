/*
 * What a table can do beyond the talk's: options, bytes, pointers with a destructor, upsert, and so on. Who
 * owns what shows only under valgrind, which runs this program too.
 */

#include "check.h"

#include <errno.h>
#include <limits.h>
#include <math.h>

static ht_value pointer(void *ptr)
{
    ht_value value;
    value.ptr = ptr;
    return value;
}

/* Borrowed, for the call that it is made for. */
#define BYTES(literal) bytes_at(&(ht_bytes){sizeof(literal) - 1, literal})

static ht_value bytes_at(ht_bytes *bytes)
{
    ht_value value;
    value.bytes = bytes;
    return value;
}

static ht_table *created_with(ht_options options)
{
    ht_table *table = ht_create(&options);
    CHECK(table != NULL);
    return table;
}

static int refused(ht_options options)
{
    ht_table *table;
    errno = 0;
    table = ht_create(&options);
    ht_free(table);
    return table == NULL && errno == EINVAL;
}

/* ---- Options ---- */

static void the_defaults_are_what_the_header_says(void)
{
    ht_options options = HT_OPTIONS;
    ht_table *tables[2];
    int i;
    tables[0] = ht_create(NULL);
    tables[1] = ht_create(&options);
    for (i = 0; i < 2; i++) {
        CHECK(tables[i]->size == 8 && tables[i]->load == 0 && tables[i]->max_load_proportion == 0.5);
        CHECK(ht_own_hash(tables[i], integer(5), HT_INTEGER) != 5);
    }
    CHECK(ht_own_hash(tables[0], integer(5), HT_INTEGER) != ht_own_hash(tables[1], integer(5), HT_INTEGER));
    ht_free(tables[0]);
    ht_free(tables[1]);
}

static void size_and_load_are_as_asked(void)
{
    ht_options options = HT_OPTIONS;
    ht_table *table;
    long key;
    options.size = 3;
    options.max_load_proportion = 2.0;
    table = created_with(options);
    for (key = 0; key < 6; key++)
        add_int(table, key, key);
    CHECK(table->size == 3);
    add_int(table, 6, 6);
    CHECK(table->size == 6 && table->max_load_proportion == 2.0);
    ht_free(table);
}

static void a_table_may_be_told_never_to_resize(void)
{
    ht_options options = HT_OPTIONS;
    ht_table *table;
    long key;
    options.flags = HT_NEVER_RESIZE;
    options.size = 1;
    table = created_with(options);
    for (key = 0; key < 1000; key++)
        CHECK(add_int(table, key, -key) == HT_OK);
    CHECK(table->size == 1 && table->load == 1000 && isinf(table->max_load_proportion));
    CHECK(!ht_max_load_reached(table));
    CHECK(ht_reserve(table, 5000) == HT_OK && ht_shrink(table) == HT_OK && table->size == 1);
    for (key = 0; key < 1000; key++)
        CHECK(find_int(table, key)->value.i == -key);
    ht_free(table);
}

static void options_that_cannot_be_are_refused(void)
{
    static const double PROPORTIONS[] = {-0.5, -1e300, NAN, INFINITY, -INFINITY};
    const ht_options fresh = HT_OPTIONS;
    ht_options options;
    int i;
#define REFUSED(change) (options = fresh, change, refused(options))
    CHECK(REFUSED(options.size = -1));
    CHECK(REFUSED(options.size = LONG_MIN));
    for (i = 0; i < 5; i++)
        CHECK(REFUSED(options.max_load_proportion = PROPORTIONS[i]));
    CHECK(REFUSED(options.hashing = 7));
    CHECK(REFUSED(options.hashing = UINT_MAX));
    CHECK(REFUSED(options.hashing = HT_HASH_CALLBACK));
    CHECK(REFUSED(options.flags = 4));
    CHECK(REFUSED(options.flags = UINT_MAX));
    CHECK(REFUSED(options.struct_size = 0));
    CHECK(REFUSED(options.struct_size = sizeof options - 1));
    CHECK(REFUSED(options.struct_size = SIZE_MAX));
    options = fresh;
    options.size = LONG_MAX;
    errno = 0;
    CHECK(ht_create(&options) == NULL && errno == ENOMEM);
}

static void options_of_a_newer_header_are_taken_if_they_ask_for_nothing_new(void)
{
    struct {
        ht_options options;
        long newer[3];
    } grown = {HT_OPTIONS, {0, 0, 0}};
    ht_table *table;
    grown.options.struct_size = sizeof grown;
    grown.options.size = 5;
    table = ht_create(&grown.options);
    CHECK(table != NULL && table->size == 5);
    ht_free(table);
    grown.newer[2] = 1;
    errno = 0;
    CHECK(ht_create(&grown.options) == NULL && errno == EINVAL);
}

/* ---- The table's own hash ---- */

static long calls;

static long mod_ten(ht_value key, ht_type key_type, void *context)
{
    calls++;
    return key_type == HT_INTEGER ? key.i % 10 + *(long *)context : 0;
}

static void a_hash_of_the_callers_is_called_once_a_call_with_its_context(void)
{
    ht_options options = HT_OPTIONS;
    long shift = 100, key;
    ht_table *table;
    options.hashing = HT_HASH_CALLBACK;
    CHECK(refused(options));
    options.hash = mod_ten;
    options.hash_context = &shift;
    table = created_with(options);
    for (key = HT_HASH_SIP; key <= HT_HASH_XXH3; key++) {
        options.hashing = (unsigned)key;
        CHECK(key == HT_HASH_CALLBACK || refused(options)); /* a hash that would not be used */
    }
    calls = 0;
    for (key = 0; key < 100; key++)
        add_int(table, key, key);
    CHECK(calls == 100 && find_int(table, 42)->hash == 102 && calls == 101);
    CHECK(ht_own_hash(table, integer(7), HT_INTEGER) == 107 && calls == 102);
    CHECK(ht_contains(table, integer(7), HT_INTEGER) && calls == 103);
    CHECK(ht_lookup_by_hash(table, 107, integer(7), HT_INTEGER) != NULL && calls == 103);
    ht_item_free(ht_remove(table, integer(7), HT_INTEGER));
    CHECK(calls == 104 && ht_resize(table) == HT_OK && calls == 104);
    ht_free(table);
}

static long largest(ht_value key, ht_type key_type, void *context)
{
    (void)key, (void)key_type, (void)context;
    return LONG_MAX;
}

static void a_hash_may_be_any_long(void)
{
    ht_options options = HT_OPTIONS;
    ht_table *table;
    options.hashing = HT_HASH_CALLBACK;
    options.hash = largest;
    table = created_with(options);
    CHECK(add_int(table, 1, 10) == HT_OK && add_int(table, 2, 20) == HT_OK);
    CHECK(find_int(table, 2)->value.i == 20 && find_int(table, 2)->hash == LONG_MAX);
    ht_free(table);
}

static ht_table *meddled;

/* A hash function that does what one should not: it changes the very table. */
static long meddling(ht_value key, ht_type key_type, void *context)
{
    (void)context;
    if (key_type == HT_INTEGER && meddled != NULL) {
        long i;
        for (i = 0; i < 50; i++)
            CHECK(ht_add(meddled, i, real((double)i), HT_DOUBLE, integer(i), HT_INTEGER) == HT_OK);
        if (key.i % 3 == 0)
            ht_clear(meddled);
        if (key.i % 5 == 0)
            CHECK(ht_shrink(meddled) == HT_OK);
    }
    return 1;
}

static void a_hash_function_may_change_its_table(void)
{
    ht_options options = HT_OPTIONS;
    ht_item *item;
    long key;
    options.hashing = HT_HASH_CALLBACK;
    options.hash = meddling;
    meddled = created_with(options);
    for (key = 0; key < 20; key++) {
        CHECK(add_int(meddled, key, key) == HT_OK);
        CHECK(ht_upsert(meddled, LONG_MAX, integer(key), HT_INTEGER, 0, &item, NULL) == HT_OK);
        (void)find_int(meddled, key);
        ht_item_free(ht_remove(meddled, integer(key), HT_INTEGER));
    }
    ht_free(meddled);
    meddled = NULL;
}

static void a_seed_gives_the_same_hashes_again(void)
{
    ht_options options = HT_OPTIONS;
    ht_table *a, *b, *c;
    options.flags = HT_SEEDED;
    options.seed[0] = 0x0706050403020100UL;
    options.seed[1] = 0x0f0e0d0c0b0a0908UL;
    a = created_with(options);
    b = created_with(options);
    options.seed[1]++;
    c = created_with(options);
    /* The first of the test vectors that SipHash's authors publish for 1-3. */
    CHECK(ht_own_hash(a, string(""), HT_STRING) == (long)0xabac0158050fc4dcUL);
    CHECK(ht_own_hash(a, string("word"), HT_STRING) == ht_own_hash(b, string("word"), HT_STRING));
    CHECK(ht_own_hash(a, string("word"), HT_STRING) != ht_own_hash(c, string("word"), HT_STRING));
    CHECK(ht_own_hash(a, string("word"), HT_STRING) == ht_own_hash(a, BYTES("word"), HT_BYTES));
    CHECK(ht_own_hash(a, real(0.0), HT_DOUBLE) == ht_own_hash(a, real(-0.0), HT_DOUBLE));
    CHECK(ht_own_hash(a, real(NAN), HT_DOUBLE) == ht_own_hash(a, real(-NAN), HT_DOUBLE));
    ht_free(a);
    ht_free(b);
    ht_free(c);
}

/* How many keys the fullest bin has; numbers 4096 apart are what a mask of low bits is worst at. */
static long longest_chain(ht_options options)
{
    ht_statistics statistics = HT_STATISTICS;
    ht_table *table = created_with(options);
    long key;
    for (key = 0; key < 10000; key++)
        add_int(table, key * 4096, 0);
    CHECK(ht_stats(table, &statistics) == HT_OK);
    ht_free(table);
    return statistics.longest_chain;
}

static void good_hashes_spread_what_the_talks_does_not(void)
{
    ht_options options = HT_OPTIONS;
    CHECK(longest_chain(options) < 15);
    options.hashing = HT_HASH_XXH3;
    CHECK(longest_chain(options) < 15);
    options.hashing = HT_HASH_FNV1A;
    CHECK(longest_chain(options) < 15);
    options.hashing = HT_HASH_FIBONACCI;
    CHECK(longest_chain(options) < 15);
    options.hashing = HT_HASH_TALK;
    CHECK(longest_chain(options) > 1000);
    options.hashing = HT_HASH_IDENTITY;
    CHECK(longest_chain(options) > 1000);
}

/* The hash of a key in a table of this hashing and seed. */
static unsigned long hashed_by(ht_hashing hashing, uint64_t seed, ht_value key, ht_type key_type)
{
    ht_options options = HT_OPTIONS;
    ht_table *table, *copy;
    long hash;
    options.hashing = hashing;
    options.flags = HT_SEEDED;
    options.seed[0] = seed;
    table = created_with(options);
    copy = ht_copy(table);
    hash = ht_own_hash(table, key, key_type);
    CHECK(ht_own_hash(copy, key, key_type) == hash);
    ht_free(table);
    ht_free(copy);
    return (unsigned long)hash;
}

static void each_hash_is_the_one_that_its_name_says(void)
{
    static const struct {
        ht_hashing hashing;
        const char *text;
        unsigned long hash;
    } PUBLISHED[] = {
        {HT_HASH_TALK, "foobar", 6},
        {HT_HASH_FNV1A, "", 0xcbf29ce484222325UL},
        {HT_HASH_FNV1A, "foobar", 0x85944171f73967e8UL},
        {HT_HASH_XXH3, "", 0x2d06800538d394c2UL},
    };
    const uint64_t PRIME = 11400714785074694797UL;
    const double DOUBLES[] = {0.0, 0.5, -2.5, 1e300, INFINITY, NAN};
    size_t i;
    for (i = 0; i < sizeof PUBLISHED / sizeof PUBLISHED[0]; i++)
        CHECK(hashed_by(PUBLISHED[i].hashing, 0, string(PUBLISHED[i].text), HT_STRING) == PUBLISHED[i].hash);
    CHECK(hashed_by(HT_HASH_XXH3, PRIME, string(""), HT_STRING) == 0xa8a6b918b2f0364aUL);
    CHECK(hashed_by(HT_HASH_FIBONACCI, 0, integer(1), HT_INTEGER) == 0x157c4a7fb979379eUL);
    CHECK(hashed_by(HT_HASH_IDENTITY, 0, integer(-4), HT_INTEGER) == -4UL);
    CHECK(hashed_by(HT_HASH_IDENTITY, 0, real(1.0), HT_DOUBLE) == 0x3ff0000000000000UL);
    CHECK(hashed_by(HT_HASH_IDENTITY, 0, pointer(&checks_made), HT_POINTER) == (uintptr_t)&checks_made);
    /* A number is hashed as the eight bytes that it is made of. */
    CHECK(hashed_by(HT_HASH_FNV1A, 0, integer(0x7261626f6f66L), HT_INTEGER) ==
          hashed_by(HT_HASH_FNV1A, 0, BYTES("foobar\0\0"), HT_BYTES));
    for (i = 0; i < sizeof DOUBLES / sizeof DOUBLES[0]; i++) {
        char eight[8];
        ht_bytes bytes = {8, eight};
        memcpy(eight, &DOUBLES[i], 8);
        CHECK(hashed_by(HT_HASH_XXH3, 1, real(DOUBLES[i]), HT_DOUBLE) ==
              hashed_by(HT_HASH_XXH3, 1, bytes_at(&bytes), HT_BYTES));
    }
    CHECK(hashed_by(HT_HASH_FIBONACCI, 0, real(-0.0), HT_DOUBLE) == 0);
    CHECK(hashed_by(HT_HASH_FNV1A, 0, real(-NAN), HT_DOUBLE) == hashed_by(HT_HASH_FNV1A, 0, real(NAN), HT_DOUBLE));
}

static void a_seed_that_is_not_given_is_another_in_every_table(void)
{
    ht_options options = HT_OPTIONS;
    ht_table *a, *b;
    options.hashing = HT_HASH_XXH3;
    a = created_with(options);
    b = created_with(options);
    CHECK(ht_own_hash(a, string("word"), HT_STRING) != ht_own_hash(b, string("word"), HT_STRING));
    ht_free(a);
    ht_free(b);
}

static void a_hash_for_numbers_takes_no_strings_unless_they_come_with_a_hash(void)
{
    static const ht_hashing HASHINGS[] = {HT_HASH_IDENTITY, HT_HASH_FIBONACCI};
    int i;
    for (i = 0; i < 2; i++) {
        ht_options options = HT_OPTIONS;
        ht_value key = owned("key");
        ht_table *table;
        ht_item *item = NULL;
        options.hashing = HASHINGS[i];
        table = created_with(options);
        errno = 0;
        CHECK(ht_add(table, LONG_MAX, key, HT_STRING, integer(1), HT_INTEGER) == HT_EINVAL && errno == EINVAL);
        CHECK(ht_put(table, LONG_MAX, key, HT_STRING, integer(1), HT_INTEGER, HT_COPY) == HT_EINVAL);
        CHECK(ht_put(table, LONG_MAX, BYTES("b"), HT_BYTES, integer(1), HT_INTEGER, HT_COPY) == HT_EINVAL);
        CHECK(ht_upsert(table, LONG_MAX, key, HT_STRING, 0, &item, NULL) == HT_EINVAL && item == NULL);
        CHECK(table->load == 0 && ht_own_hash(table, key, HT_STRING) == 0);
        CHECK(ht_lookup(table, key, HT_STRING) == NULL && ht_remove(table, key, HT_STRING) == NULL);
        /* It is still ours. With a hash it is a key like any other, and then the table's. */
        CHECK(ht_add(table, 5, key, HT_STRING, integer(1), HT_INTEGER) == HT_OK);
        CHECK(ht_lookup_by_hash(table, 5, string("key"), HT_STRING) != NULL);
        /* With any hash: 0 too, which is no hash of the table's own. */
        CHECK(ht_put(table, 0, string("nil"), HT_STRING, integer(1), HT_INTEGER, HT_COPY) == HT_OK);
        CHECK(ht_lookup(table, string("nil"), HT_STRING) == NULL && !ht_contains(table, string("nil"), HT_STRING));
        CHECK(ht_remove(table, string("nil"), HT_STRING) == NULL);
        CHECK(ht_lookup_by_hash(table, 0, string("nil"), HT_STRING) != NULL);
        CHECK(ht_add(table, LONG_MAX, real(0.5), HT_DOUBLE, integer(2), HT_INTEGER) == HT_OK);
        CHECK(ht_add(table, LONG_MAX, pointer(&i), HT_POINTER, integer(3), HT_INTEGER) == HT_OK);
        CHECK(add_int(table, -7, 4) == HT_OK && find_int(table, -7)->value.i == 4);
        CHECK(ht_lookup(table, real(0.5), HT_DOUBLE)->value.i == 2);
        CHECK(ht_lookup(table, pointer(&i), HT_POINTER)->value.i == 3);
        ht_free(table);
    }
}

/* ---- Strings and bytes: copied, adopted ---- */

/* Under the talk's hash all of them have one full hash: only a key's content tells them apart. */
static void keys_of_one_length_are_told_apart(void)
{
    ht_table *table = ht_new(4, 1.0), *copy;
    ht_bytes bytes;
    ht_value key, number;
    char name[16];
    long i;

    for (i = 0; i < 600; i++) {
        snprintf(name, sizeof name, "name %06ld", i / 2);
        bytes.data = name;
        bytes.length = strlen(name);
        number.i = i;
        if (i % 2)
            key.bytes = &bytes;
        else
            key.str = name;
        CHECK(ht_put(table, LONG_MAX, key, i % 2 ? HT_BYTES : HT_STRING, number, HT_INTEGER, HT_COPY_KEY) == HT_OK);
    }
    copy = ht_copy(table);
    CHECK(table->load == 600 && copy != NULL && copy->load == 600);
    for (i = 0; i < 700; i++) {
        ht_item *item;

        snprintf(name, sizeof name, "name %06ld", i / 2);
        bytes.data = name;
        bytes.length = strlen(name);
        if (i % 2)
            key.bytes = &bytes;
        else
            key.str = name;
        item = ht_lookup(copy, key, i % 2 ? HT_BYTES : HT_STRING);
        CHECK(i < 600 ? item != NULL && item->value.i == i : item == NULL);
        item = ht_remove(table, key, i % 2 ? HT_BYTES : HT_STRING);
        CHECK(i < 600 ? item != NULL && item->value.i == i : item == NULL);
        ht_item_free(item);
    }
    CHECK(table->load == 0);
    ht_free(table);
    ht_free(copy);
}

static void what_is_copied_stays_the_callers(void)
{
    ht_table *table = ht_create(NULL);
    char key[] = "key", value[] = "value";
    ht_item *item;
    CHECK(ht_put(table, LONG_MAX, string(key), HT_STRING, string(value), HT_STRING, HT_COPY) == HT_OK);
    memset(key, 'x', 3);
    memset(value, 'x', 5);
    item = ht_lookup(table, string("key"), HT_STRING);
    CHECK(item != NULL && strcmp(item->value.str, "value") == 0);
    CHECK(ht_put(table, LONG_MAX, string("key"), HT_STRING, owned("other"), HT_STRING, HT_COPY_KEY) == HT_OK);
    CHECK(ht_put(table, LONG_MAX, owned("key"), HT_STRING, string("third"), HT_STRING, HT_COPY_VALUE) == HT_OK);
    /* What the item holds may be copied over itself. */
    CHECK(ht_put(table, LONG_MAX, item->key, HT_STRING, item->value, HT_STRING, HT_COPY) == HT_OK);
    CHECK(ht_put(table, LONG_MAX, item->key, HT_STRING, item->key, HT_STRING, HT_COPY_VALUE) == HT_OK);
    CHECK(strcmp(item->key.str, "key") == 0 && strcmp(item->value.str, "key") == 0);
    CHECK(ht_put(table, LONG_MAX, string("none"), HT_STRING, string(NULL), HT_STRING, HT_COPY) == HT_OK);
    ht_free(table);
}

static void bytes_have_a_length_and_any_content(void)
{
    ht_table *table = ht_create(NULL);
    ht_item *item;
    ht_bytes nowhere = {0, NULL};
    CHECK(ht_put(table, LONG_MAX, BYTES("a\0b"), HT_BYTES, BYTES("\0\xff"), HT_BYTES, HT_COPY) == HT_OK);
    CHECK(ht_put(table, LONG_MAX, BYTES("a\0c"), HT_BYTES, integer(2), HT_INTEGER, HT_COPY) == HT_OK);
    CHECK(ht_put(table, LONG_MAX, BYTES("a"), HT_BYTES, integer(3), HT_INTEGER, HT_COPY) == HT_OK);
    CHECK(ht_put(table, LONG_MAX, BYTES(""), HT_BYTES, integer(4), HT_INTEGER, HT_COPY) == HT_OK);
    CHECK(ht_put(table, LONG_MAX, string("a"), HT_STRING, integer(5), HT_INTEGER, HT_COPY) == HT_OK);
    CHECK(table->load == 5);
    item = ht_lookup(table, BYTES("a\0b"), HT_BYTES);
    CHECK(item != NULL && item->key.bytes->length == 3 && memcmp(item->key.bytes->data, "a\0b", 4) == 0);
    CHECK(item->value.bytes->length == 2 && memcmp(item->value.bytes->data, "\0\xff", 3) == 0);
    CHECK(ht_lookup(table, BYTES("a\0c"), HT_BYTES)->value.i == 2);
    CHECK(ht_lookup(table, BYTES("a"), HT_BYTES)->value.i == 3);
    CHECK(ht_lookup(table, bytes_at(&nowhere), HT_BYTES)->value.i == 4);
    CHECK(ht_lookup(table, string("a"), HT_STRING)->value.i == 5);
    CHECK(!ht_contains(table, BYTES("a\0"), HT_BYTES));
    CHECK(shows(table, "---Key: a\\0b---Value: \\0\xff------\n"));
    ht_item_free(ht_remove(table, BYTES("a\0b"), HT_BYTES));
    ht_free(table);
}

static void bytes_may_be_adopted(void)
{
    ht_table *table = ht_create(NULL);
    ht_bytes key = {3, copy("key")}, again = {3, copy("key")}, value = {5, copy("value")};
    ht_item *item;
    CHECK(ht_add(table, LONG_MAX, bytes_at(&key), HT_BYTES, bytes_at(&value), HT_BYTES) == HT_OK);
    item = ht_lookup(table, BYTES("key"), HT_BYTES);
    CHECK(item->key.bytes != &key && item->key.bytes->data == key.data && item->value.bytes->length == 5);
    CHECK(ht_add(table, LONG_MAX, bytes_at(&again), HT_BYTES, item->value, HT_BYTES) == HT_OK);
    CHECK(item->key.bytes->data == again.data && item->value.bytes->data == value.data);
    CHECK(ht_add(table, LONG_MAX, item->key, HT_BYTES, item->value, HT_BYTES) == HT_OK);
    CHECK(ht_put(table, LONG_MAX, item->key, HT_BYTES, item->value, HT_BYTES, HT_COPY) == HT_OK);
    CHECK(item->key.bytes->data != again.data && memcmp(item->value.bytes->data, "value", 6) == 0);
    CHECK(ht_add(table, LONG_MAX, item->key, HT_BYTES, item->key, HT_BYTES) == HT_OK);
    CHECK(item->value.bytes == item->key.bytes);
    ht_free(table);
}

static void bytes_that_cannot_be_are_refused(void)
{
    ht_table *table = ht_create(NULL);
    ht_bytes nowhere = {3, NULL}, endless = {SIZE_MAX, "x"};
    ht_value keys[3];
    ht_item *item;
    int i;
    keys[0] = bytes_at(NULL);
    keys[1] = bytes_at(&nowhere);
    keys[2] = bytes_at(&endless);
    for (i = 0; i < 3; i++) {
        errno = 0;
        CHECK(ht_put(table, LONG_MAX, keys[i], HT_BYTES, integer(1), HT_INTEGER, HT_COPY) == HT_EINVAL);
        CHECK(errno == EINVAL);
        CHECK(ht_upsert(table, LONG_MAX, keys[i], HT_BYTES, HT_COPY, &item, NULL) == HT_EINVAL);
        CHECK(ht_lookup(table, keys[i], HT_BYTES) == NULL && ht_remove(table, keys[i], HT_BYTES) == NULL);
        CHECK(!ht_contains(table, keys[i], HT_BYTES));
        CHECK(ht_hash(keys[i], HT_BYTES) == 0 && ht_own_hash(table, keys[i], HT_BYTES) == 0);
    }
    CHECK(ht_equal(keys[0], HT_BYTES, keys[0], HT_BYTES) && !ht_equal(keys[0], HT_BYTES, keys[1], HT_BYTES));
    CHECK(ht_put(table, LONG_MAX, integer(1), HT_INTEGER, keys[1], HT_BYTES, HT_COPY) == HT_EINVAL);
    CHECK(ht_put(table, LONG_MAX, integer(1), HT_INTEGER, integer(1), HT_INTEGER, 4) == HT_EINVAL);
    CHECK(table->load == 0);
    CHECK(ht_put(table, LONG_MAX, integer(1), HT_INTEGER, keys[0], HT_BYTES, HT_COPY) == HT_OK);
    CHECK(shows(table, "---Value: (null)------\n"));
    ht_free(table);
}

static void bytes_may_be_a_hundred_megabytes_long(void)
{
    ht_bytes big = {100000000, calloc(1, 100000000)};
    ht_table *table = ht_create(NULL);
    if (big.data == NULL)
        abort();
    CHECK(ht_put(table, LONG_MAX, bytes_at(&big), HT_BYTES, integer(1), HT_INTEGER, HT_COPY) == HT_OK);
    CHECK(ht_lookup(table, bytes_at(&big), HT_BYTES)->key.bytes->length == big.length);
    big.length--;
    CHECK(!ht_contains(table, bytes_at(&big), HT_BYTES));
    free((char *)big.data);
    ht_free(table);
}

/* ---- Upsert ---- */

static void upserting_counts_words(void)
{
    static const char *const WORDS[] = {"to", "be", "or", "not", "to", "be", ""};
    ht_table *table = ht_create(NULL);
    ht_item *item;
    int i, added, new_ones = 0;
    for (i = 0; i < 7; i++) {
        CHECK(ht_upsert(table, LONG_MAX, string(WORDS[i]), HT_STRING, HT_COPY_KEY, &item, &added) == HT_OK);
        CHECK(item->value_type == HT_INTEGER && added == (item->value.i == 0));
        item->value.i++;
        new_ones += added;
    }
    CHECK(new_ones == 5 && table->load == 5);
    CHECK(ht_lookup(table, string("to"), HT_STRING)->value.i == 2);
    CHECK(ht_lookup(table, string(""), HT_STRING)->value.i == 1);
    ht_free(table);
}

static void an_upsert_that_adopts_owns_its_key_in_any_case(void)
{
    ht_table *table = ht_create(NULL);
    ht_bytes bytes = {1, copy("b")};
    ht_item *item, *same;
    CHECK(ht_upsert(table, 1, owned("key"), HT_STRING, 0, &item, NULL) == HT_OK);
    CHECK(ht_upsert(table, 1, owned("key"), HT_STRING, 0, &same, NULL) == HT_OK && same == item);
    CHECK(ht_upsert(table, 1, item->key, HT_STRING, 0, &same, NULL) == HT_OK && same == item);
    CHECK(strcmp(item->key.str, "key") == 0);
    CHECK(ht_upsert(table, 2, bytes_at(&bytes), HT_BYTES, 0, &item, NULL) == HT_OK);
    bytes.data = copy("b");
    CHECK(ht_upsert(table, 2, bytes_at(&bytes), HT_BYTES, 0, &same, NULL) == HT_OK && same == item);
    CHECK(ht_upsert(table, 2, item->key, HT_BYTES, 0, &same, NULL) == HT_OK && same == item);
    CHECK(memcmp(item->key.bytes->data, "b", 1) == 0);
    ht_free(table);
}

static void an_upsert_that_fails_writes_nothing(void)
{
    ht_options options = HT_OPTIONS;
    ht_table *table;
    ht_item *item = NULL;
    int added = 77;
    options.max_load_proportion = 1e-300;
    table = created_with(options);
    CHECK(ht_upsert(table, 1, string("word"), HT_STRING, HT_COPY, &item, &added) == HT_ENOMEM);
    CHECK(ht_upsert(table, 1, string(NULL), HT_STRING, HT_COPY, &item, &added) == HT_EINVAL);
    CHECK(ht_upsert(table, 1, integer(1), (ht_type)9, 0, &item, &added) == HT_EINVAL);
    CHECK(ht_upsert(table, 1, integer(1), HT_INTEGER, 8, &item, &added) == HT_EINVAL);
    CHECK(ht_upsert(table, 1, integer(1), HT_INTEGER, 0, NULL, &added) == HT_EINVAL);
    CHECK(ht_upsert(NULL, 1, integer(1), HT_INTEGER, 0, &item, &added) == HT_EINVAL);
    CHECK(item == NULL && added == 77 && table->load == 0);
    ht_free(table);
}

/* ---- Pointers, and their destructor ---- */

static long freed[100];
static int free_context;

static void note(void *pointer, void *context)
{
    CHECK(context == &free_context);
    freed[*(long *)pointer]++;
}

static long numbers[100];

static ht_value numbered(long number)
{
    numbers[number] = number;
    return pointer(&numbers[number]);
}

static ht_table *noting(ht_options options)
{
    memset(freed, 0, sizeof freed);
    options.free_value = note;
    options.value_context = &free_context;
    return created_with(options);
}

static void a_pointer_that_is_a_value_is_destroyed_once(void)
{
    ht_options options = HT_OPTIONS;
    ht_table *table = noting(options);
    ht_item *item, *late;
    long i;
    for (i = 0; i < 10; i++)
        CHECK(ht_add(table, LONG_MAX, integer(i), HT_INTEGER, numbered(i), HT_POINTER) == HT_OK);
    item = find_int(table, 0);
    CHECK(item->value.ptr == &numbers[0]);
    CHECK(ht_add(table, LONG_MAX, integer(0), HT_INTEGER, numbered(0), HT_POINTER) == HT_OK && freed[0] == 0);
    CHECK(ht_add(table, LONG_MAX, integer(0), HT_INTEGER, numbered(10), HT_POINTER) == HT_OK && freed[0] == 1);
    CHECK(add_int(table, 0, 5) == HT_OK && freed[10] == 1);
    item = ht_remove(table, integer(1), HT_INTEGER);
    CHECK(freed[1] == 0);
    ht_item_free(item);
    CHECK(freed[1] == 1);
    item = ht_remove(table, integer(2), HT_INTEGER);
    item->value.ptr = NULL; /* kept */
    ht_item_free(item);
    CHECK(ht_set_value(table, find_int(table, 3), numbered(13), HT_POINTER, 0) == HT_OK && freed[3] == 1);
    CHECK(ht_set_value(table, find_int(table, 3), numbered(13), HT_POINTER, 0) == HT_OK && freed[13] == 0);
    late = ht_remove(table, integer(4), HT_INTEGER);
    ht_clear(table);
    CHECK(freed[13] == 1 && freed[5] == 1 && freed[9] == 1 && freed[4] == 0 && table->load == 0);
    CHECK(ht_add(table, LONG_MAX, integer(1), HT_INTEGER, numbered(20), HT_POINTER) == HT_OK);
    ht_free(table);
    CHECK(freed[20] == 1 && freed[2] == 0 && freed[4] == 0);
    ht_item_free(late);
    CHECK(freed[4] == 1);
    for (i = 0; i < 100; i++)
        CHECK(freed[i] <= 1);
}

static void pointers_are_keys_and_are_never_destroyed_as_such(void)
{
    ht_options options = HT_OPTIONS;
    ht_table *table = noting(options);
    CHECK(ht_add(table, LONG_MAX, numbered(1), HT_POINTER, integer(7), HT_INTEGER) == HT_OK);
    CHECK(ht_add(table, LONG_MAX, pointer(NULL), HT_POINTER, pointer(NULL), HT_POINTER) == HT_OK);
    CHECK(ht_lookup(table, numbered(1), HT_POINTER)->value.i == 7);
    CHECK(!ht_contains(table, numbered(2), HT_POINTER) && ht_contains(table, pointer(NULL), HT_POINTER));
    CHECK(ht_hash(numbered(1), HT_POINTER) == (long)&numbers[1]);
    ht_free(table);
    CHECK(freed[1] == 0);
}

static void a_pointer_looks_as_printf_has_it(void)
{
    ht_table *table = ht_create(NULL);
    char expected[64];
    char *text;
    snprintf(expected, sizeof expected, "---Key: %p---Value: %p", (void *)&checks_made, (void *)NULL);
    CHECK(ht_add(table, LONG_MAX, pointer(&checks_made), HT_POINTER, pointer(NULL), HT_POINTER) == HT_OK);
    text = ht_stringify_item(ht_lookup(table, pointer(&checks_made), HT_POINTER));
    CHECK(text != NULL && strstr(text, expected) != NULL);
    free(text);
    ht_free(table);
}

static ht_table *visited;

/* A destructor that goes back to its table: what it finds there is whole. */
static void visit(void *pointer, void *context)
{
    long number = *(long *)pointer;
    ht_item *item;
    size_t cursor = 0;
    (void)context;
    freed[number]++;
    while ((item = ht_next(visited, &cursor)) != NULL)
        CHECK(item->value_type == HT_INTEGER || item->value.ptr != pointer);
    if (number < 50) {
        CHECK(ht_add(visited, LONG_MAX, integer(number), HT_INTEGER, numbered(number + 50), HT_POINTER)
              == HT_OK);
        ht_item_free(ht_remove(visited, integer(number + 1), HT_INTEGER));
    }
}

static void a_destructor_may_use_its_table(void)
{
    ht_options options = HT_OPTIONS;
    long i;
    memset(freed, 0, sizeof freed);
    options.free_value = visit;
    options.size = 1;
    visited = created_with(options);
    for (i = 0; i < 20; i++)
        CHECK(ht_add(visited, LONG_MAX, integer(i), HT_INTEGER, numbered(i), HT_POINTER) == HT_OK);
    CHECK(add_int(visited, 3, 3) == HT_OK);
    ht_item_free(ht_remove(visited, integer(10), HT_INTEGER));
    ht_clear(visited);
    for (i = 0; i < 20; i++)
        CHECK(freed[i] == 1);
    options.free_value = NULL;
    ht_clear(visited);
    ht_free(visited);
    for (i = 0; i < 100; i++)
        CHECK(freed[i] <= 1);
}

static void a_value_may_be_set_without_a_search(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_item *item;
    add_int(table, 1, 1);
    item = find_int(table, 1);
    CHECK(ht_set_value(table, item, string("copied"), HT_STRING, HT_COPY_VALUE) == HT_OK);
    CHECK(strcmp(item->value.str, "copied") == 0);
    CHECK(ht_set_value(table, item, item->value, HT_STRING, 0) == HT_OK);
    CHECK(ht_set_value(table, item, item->value, HT_STRING, HT_COPY_VALUE) == HT_OK);
    CHECK(ht_set_value(table, item, BYTES("\0"), HT_BYTES, HT_COPY_VALUE) == HT_OK);
    CHECK(item->value.bytes->length == 1 && item->key.i == 1);
    CHECK(ht_set_value(NULL, item, integer(1), HT_INTEGER, 0) == HT_EINVAL);
    CHECK(ht_set_value(table, NULL, integer(1), HT_INTEGER, 0) == HT_EINVAL);
    CHECK(ht_set_value(table, item, integer(1), (ht_type)5, 0) == HT_EINVAL);
    CHECK(ht_set_value(table, item, integer(1), HT_INTEGER, 64) == HT_EINVAL);
    item = ht_remove(table, integer(1), HT_INTEGER);
    CHECK(ht_set_value(table, item, owned("removed"), HT_STRING, 0) == HT_OK);
    ht_item_free(item);
    CHECK(ht_set_value(table, item, integer(1), HT_INTEGER, 0) == HT_EINVAL);
    ht_free(table);
}

/* ---- Walking, clearing, room ---- */

static void a_walk_sees_each_item_once_while_the_table_changes(void)
{
    enum { COUNT = 1000 };
    static int seen[COUNT];
    ht_table *table = ht_create(NULL);
    ht_item *item;
    size_t cursor = 0;
    long key;
    for (key = 0; key < COUNT; key++)
        add_int(table, key, key);
    memset(seen, 0, sizeof seen);
    while ((item = ht_next(table, &cursor)) != NULL) {
        key = item->key.i;
        if (key >= COUNT)
            continue;
        seen[key]++;
        if (key % 2 == 0)
            ht_item_free(ht_remove(table, integer(key), HT_INTEGER)); /* the current one */
        if (key % 10 == 0)
            ht_item_free(ht_remove(table, integer(COUNT - 1 - key), HT_INTEGER)); /* another one */
        if (key % 3 == 0)
            add_int(table, COUNT + key, 0);
        if (key % 100 == 7)
            CHECK((key % 200 == 7 ? ht_resize(table) : ht_shrink(table)) == HT_OK);
    }
    for (key = 0; key < COUNT; key++)
        CHECK(seen[key] == 1 || (seen[key] == 0 && (COUNT - 1 - key) % 10 == 0));
    CHECK(ht_next(table, &cursor) == NULL);
    cursor = 0;
    for (key = 0; ht_next(table, &cursor) != NULL; key++)
        ;
    CHECK(key == table->load);
    ht_clear(table);
    cursor = 0;
    CHECK(ht_next(table, &cursor) == NULL);
    cursor = SIZE_MAX;
    CHECK(ht_next(table, &cursor) == NULL);
    errno = 0;
    CHECK(ht_next(table, NULL) == NULL && errno == EINVAL);
    ht_free(table);
}

static void clearing_leaves_bins_and_what_was_removed(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_item *out;
    long key;
    for (key = 0; key < 100; key++)
        ht_put(table, LONG_MAX, integer(key), HT_INTEGER, string("value"), HT_STRING, HT_COPY);
    out = ht_remove(table, integer(50), HT_INTEGER);
    ht_clear(table);
    CHECK(table->size == 256 && table->load == 0 && find_int(table, 1) == NULL);
    CHECK(strcmp(out->value.str, "value") == 0);
    ht_clear(table);
    CHECK(add_int(table, 1, 1) == HT_OK && find_int(table, 1)->value.i == 1);
    ht_free(table);
    ht_item_free(out);
    ht_clear(NULL);
}

static void what_is_reserved_needs_no_resize(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_statistics before = HT_STATISTICS, after = HT_STATISTICS;
    long key, size;
    CHECK(ht_reserve(table, 1000) == HT_OK);
    size = table->size;
    CHECK(size == 2048 && table->load == 0);
    ht_stats(table, &before);
    for (key = 0; key < 1000; key++)
        add_int(table, key, key);
    ht_stats(table, &after);
    CHECK(table->size == size && after.memory == before.memory && after.resizes == before.resizes);
    CHECK(ht_reserve(table, 0) == HT_OK && ht_reserve(table, 1000) == HT_OK && table->size == size);
    CHECK(ht_reserve(table, -1) == HT_EINVAL && ht_reserve(NULL, 1) == HT_EINVAL);
    errno = 0;
    CHECK(ht_reserve(table, LONG_MAX) == HT_ENOMEM && errno == ENOMEM);
    CHECK(table->size == size && table->load == 1000 && find_int(table, 999)->value.i == 999);
    ht_free(table);
}

static void shrinking_gives_back_what_is_over(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_statistics most = HT_STATISTICS, least = HT_STATISTICS;
    ht_item *kept, *out;
    long key;
    for (key = 0; key < 10000; key++)
        add_int(table, key, -key);
    ht_stats(table, &most);
    kept = find_int(table, 3);
    out = ht_remove(table, integer(40), HT_INTEGER);
    for (key = 4; key < 10000; key++)
        ht_item_free(ht_remove(table, integer(key), HT_INTEGER));
    CHECK(ht_shrink(table) == HT_OK && table->size == 8 && table->load == 4);
    ht_stats(table, &least);
    CHECK(least.memory < most.memory / 100);
    CHECK(find_int(table, 3) == kept && kept->value.i == -3 && out->value.i == -40);
    ht_item_free(out);
    for (key = 4; key < 1000; key++)
        CHECK(add_int(table, key, key) == HT_OK);
    for (key = 0; key < 1000; key++)
        CHECK(find_int(table, key)->value.i == (key < 4 ? -key : key));
    ht_clear(table);
    CHECK(ht_shrink(table) == HT_OK && table->size == 1);
    CHECK(add_int(table, 1, 1) == HT_OK && find_int(table, 1) != NULL);
    CHECK(ht_shrink(NULL) == HT_EINVAL);
    ht_free(table);
}

/* ---- Copies ---- */

static void *next_number(void *pointer, void *context)
{
    CHECK(context == &free_context);
    return numbered(*(long *)pointer + 50).ptr;
}

static void a_copy_shares_nothing(void)
{
    ht_options options = HT_OPTIONS;
    ht_table *table, *twin;
    char *text, *same;
    ht_item *out;
    options.copy_value = next_number;
    options.max_load_proportion = 3.0;
    table = noting(options);
    ht_put(table, LONG_MAX, string("s"), HT_STRING, string("t"), HT_STRING, HT_COPY);
    ht_put(table, LONG_MAX, BYTES("s\0"), HT_BYTES, BYTES("t\0"), HT_BYTES, HT_COPY);
    ht_put(table, LONG_MAX, real(2.5), HT_DOUBLE, string(NULL), HT_STRING, 0);
    ht_put(table, LONG_MAX, integer(6), HT_INTEGER, integer(7), HT_INTEGER, 0);
    out = ht_remove(table, integer(6), HT_INTEGER);
    text = ht_stringify(table);
    twin = ht_copy(table);
    CHECK(twin != NULL);
    same = ht_stringify(twin);
    CHECK(text != NULL && same != NULL && strcmp(text, same) == 0);
    free(text);
    free(same);
    CHECK(ht_own_hash(twin, integer(1), HT_INTEGER) == ht_own_hash(table, integer(1), HT_INTEGER));
    CHECK(ht_lookup(twin, string("s"), HT_STRING)->value.str
          != ht_lookup(table, string("s"), HT_STRING)->value.str);
    ht_free(twin);
    ht_add(table, LONG_MAX, integer(1), HT_INTEGER, numbered(1), HT_POINTER);
    ht_add(table, LONG_MAX, integer(2), HT_INTEGER, pointer(NULL), HT_POINTER);
    twin = ht_copy(table);
    ht_free(table);
    CHECK(freed[1] == 1 && freed[51] == 0);
    CHECK(twin != NULL && find_int(twin, 1)->value.ptr == &numbers[51]);
    CHECK(add_int(twin, 6, 6) == HT_OK && twin->max_load_proportion == 3.0 && twin->load == 6);
    ht_free(twin);
    CHECK(freed[51] == 1);
    ht_item_free(out);
}

static void *no_copy(void *pointer, void *context)
{
    (void)context;
    return *(long *)pointer == 5 ? NULL : next_number(pointer, context);
}

static void *meddling_copy(void *pointer, void *context)
{
    add_int(meddled, 1000, 1000);
    return next_number(pointer, context);
}

static void a_copy_that_cannot_be_is_undone(void)
{
    void *(*const COPIERS[])(void *, void *) = {NULL, no_copy, meddling_copy};
    static const int ERRORS[] = {EINVAL, ENOMEM, EINVAL};
    int i;
    long key;
    for (i = 0; i < 3; i++) {
        ht_options options = HT_OPTIONS;
        memset(numbers, 0, sizeof numbers);
        options.copy_value = COPIERS[i];
        meddled = noting(options);
        ht_add(meddled, LONG_MAX, owned("key"), HT_STRING, owned("value"), HT_STRING);
        for (key = 0; key < 10; key++)
            ht_add(meddled, LONG_MAX, integer(key), HT_INTEGER, numbered(key), HT_POINTER);
        errno = 0;
        CHECK(ht_copy(meddled) == NULL && errno == ERRORS[i]);
        for (key = 0; key < 10; key++)
            CHECK(freed[key] == 0 && freed[key + 50] == (numbers[key + 50] == key + 50));
        ht_free(meddled);
    }
    meddled = NULL;
    errno = 0;
    CHECK(ht_copy(NULL) == NULL && errno == EINVAL);
}

static void a_pointer_without_destructor_is_copied_as_it_is(void)
{
    ht_table *table = ht_create(NULL), *twin;
    ht_add(table, LONG_MAX, integer(1), HT_INTEGER, numbered(1), HT_POINTER);
    twin = ht_copy(table);
    CHECK(twin != NULL && find_int(twin, 1)->value.ptr == &numbers[1]);
    ht_free(table);
    ht_free(twin);
}

/* ---- Statistics, version, errors ---- */

static void statistics_tell_the_truth(void)
{
    ht_table *table = ht_new(4, 2.0);
    ht_statistics statistics = HT_STATISTICS;
    CHECK(ht_stats(table, &statistics) == HT_OK);
    CHECK(statistics.size == 4 && statistics.load == 0 && statistics.occupied_bins == 0);
    CHECK(statistics.mean_chain == 0.0 && statistics.hit_probes == 0.0 && statistics.miss_probes == 0.0);
    add_hashed(table, 0, 1);
    add_hashed(table, 4, 2);
    add_hashed(table, 8, 3);
    add_hashed(table, 3, 4);
    CHECK(ht_stats(table, &statistics) == HT_OK);
    CHECK(statistics.load == 4 && statistics.load_proportion == 1.0 && statistics.occupied_bins == 2);
    CHECK(statistics.longest_chain == 3 && statistics.mean_chain == 2.0);
    CHECK(statistics.hit_probes == (1 + 2 + 3 + 1) / 4.0 && statistics.miss_probes == 1.0);
    CHECK(statistics.resizes == 0 && statistics.memory > 4 * 32 + 4 * 4);
    ht_resize(table);
    CHECK(ht_stats(table, &statistics) == HT_OK);
    CHECK(statistics.size == 8 && statistics.resizes == 1 && statistics.longest_chain == 2);
    CHECK(ht_stats(NULL, &statistics) == HT_EINVAL && ht_stats(table, NULL) == HT_EINVAL);
    statistics.struct_size = 8;
    CHECK(ht_stats(table, &statistics) == HT_EINVAL);
    statistics.struct_size = SIZE_MAX;
    CHECK(ht_stats(table, &statistics) == HT_EINVAL);
    ht_free(table);
}

static void statistics_of_a_newer_header_are_filled_with_zeroes(void)
{
    ht_table *table = ht_create(NULL);
    struct {
        ht_statistics statistics;
        long newer, not_ours;
    } grown = {HT_STATISTICS, 5, 6};
    grown.statistics.struct_size = sizeof grown - sizeof(long);
    CHECK(ht_stats(table, &grown.statistics) == HT_OK);
    CHECK(grown.statistics.size == 8 && grown.newer == 0 && grown.not_ours == 6);
    CHECK(grown.statistics.struct_size == sizeof grown - sizeof(long));
    ht_free(table);
}

static void every_status_has_words_of_its_own(void)
{
    static const int STATUSES[] = {HT_OK, HT_ENOMEM, HT_EINVAL, HT_EBUG, -1};
    int i, j;
    for (i = 0; i < 5; i++) {
        CHECK(strlen(ht_strerror(STATUSES[i])) > 0);
        for (j = 0; j < i; j++)
            CHECK(strcmp(ht_strerror(STATUSES[i]), ht_strerror(STATUSES[j])) != 0);
    }
    CHECK(ht_strerror(INT_MAX) == ht_strerror(INT_MIN) || strcmp(ht_strerror(INT_MAX), ht_strerror(-1)) == 0);
}

static void versions_agree(void)
{
    char numbers_text[64];
    sprintf(numbers_text, "%d.%d.%d", HT_VERSION_MAJOR, HT_VERSION_MINOR, HT_VERSION_PATCH);
    CHECK(strcmp(numbers_text, HT_VERSION) == 0);
    CHECK(strcmp(ht_version(), HT_VERSION) == 0);
}

int main(void)
{
    RUN(the_defaults_are_what_the_header_says);
    RUN(size_and_load_are_as_asked);
    RUN(a_table_may_be_told_never_to_resize);
    RUN(options_that_cannot_be_are_refused);
    RUN(options_of_a_newer_header_are_taken_if_they_ask_for_nothing_new);
    RUN(a_hash_of_the_callers_is_called_once_a_call_with_its_context);
    RUN(a_hash_may_be_any_long);
    RUN(a_hash_function_may_change_its_table);
    RUN(a_seed_gives_the_same_hashes_again);
    RUN(good_hashes_spread_what_the_talks_does_not);
    RUN(each_hash_is_the_one_that_its_name_says);
    RUN(a_seed_that_is_not_given_is_another_in_every_table);
    RUN(a_hash_for_numbers_takes_no_strings_unless_they_come_with_a_hash);
    RUN(keys_of_one_length_are_told_apart);
    RUN(what_is_copied_stays_the_callers);
    RUN(bytes_have_a_length_and_any_content);
    RUN(bytes_may_be_adopted);
    RUN(bytes_that_cannot_be_are_refused);
    RUN(bytes_may_be_a_hundred_megabytes_long);
    RUN(upserting_counts_words);
    RUN(an_upsert_that_adopts_owns_its_key_in_any_case);
    RUN(an_upsert_that_fails_writes_nothing);
    RUN(a_pointer_that_is_a_value_is_destroyed_once);
    RUN(pointers_are_keys_and_are_never_destroyed_as_such);
    RUN(a_pointer_looks_as_printf_has_it);
    RUN(a_destructor_may_use_its_table);
    RUN(a_value_may_be_set_without_a_search);
    RUN(a_walk_sees_each_item_once_while_the_table_changes);
    RUN(clearing_leaves_bins_and_what_was_removed);
    RUN(what_is_reserved_needs_no_resize);
    RUN(shrinking_gives_back_what_is_over);
    RUN(a_copy_shares_nothing);
    RUN(a_copy_that_cannot_be_is_undone);
    RUN(a_pointer_without_destructor_is_copied_as_it_is);
    RUN(statistics_tell_the_truth);
    RUN(statistics_of_a_newer_header_are_filled_with_zeroes);
    RUN(every_status_has_words_of_its_own);
    RUN(versions_agree);
    return report();
}

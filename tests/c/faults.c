/*
 * Random operations while one allocation in five fails, each compared with a model. No wrong answer, every
 * failure told, nothing changed by what failed, and no block outstanding at the end.
 *
 *     faults [operations]
 */

#include "check.h"

/* ---- Chance, the same in every run (Marsaglia's xorshift) ---- */

static unsigned long long chance_state = 88172645463325252ULL;

static long chance(long below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (long)(chance_state % (unsigned long long)below);
}

/* ---- One request in five is refused ---- */

static long asked, failures;

static int refuses(void)
{
    int refused = chance(5) == 0;
    asked++;
    failures += refused;
    return refused;
}

#include "allocator.h"

/* ---- Keys and values: a number each, and its kind is the number mod 5 ---- */

enum { KEYS = 400, VALUES = 1000 };

static char places[VALUES];

struct datum {
    ht_value value;
    ht_type type;
    ht_bytes bytes;
    char text[32];
};

/* Good for the call that it is written for. A pointer that is a value is a block with the number in it. */
static void describe(struct datum *datum, long number)
{
    datum->type = (ht_type)(number % 5);
    sprintf(datum->text, "%*ld", (int)(number % 20), number);
    switch (datum->type) {
    case HT_INTEGER:
        datum->value.i = number;
        break;
    case HT_DOUBLE:
        datum->value.f = (double)number + 0.5;
        break;
    case HT_STRING:
        datum->value.str = datum->text;
        break;
    case HT_BYTES:
        datum->bytes.length = sizeof datum->text;
        memset(datum->text + 24, 0, 8);
        memset(datum->text + strlen(datum->text), 0, 24 - strlen(datum->text));
        datum->bytes.data = datum->text;
        datum->value.bytes = &datum->bytes;
        break;
    default:
        datum->value.ptr = &places[number];
    }
}

/* Makes what the datum points to malloc'ed, for a table to adopt. */
static void own(struct datum *datum)
{
    if (datum->type == HT_STRING)
        datum->value.str = strcpy(sure(strlen(datum->text) + 1), datum->text);
    if (datum->type == HT_BYTES)
        datum->bytes.data = memcpy(sure(sizeof datum->text), datum->text, sizeof datum->text);
}

static void disown(struct datum *datum)
{
    if (datum->type == HT_STRING)
        free(datum->value.str);
    if (datum->type == HT_BYTES)
        free((char *)datum->bytes.data);
}

static ht_value block_of(long number)
{
    ht_value value;
    long *block = sure(sizeof *block);
    *block = number;
    value.ptr = block;
    return value;
}

static void *copy_block(void *block, void *context)
{
    long *twin = malloc(sizeof *twin);
    CHECK(context == &outstanding);
    if (twin != NULL)
        *twin = *(long *)block;
    return twin;
}

static void free_block(void *block, void *context)
{
    CHECK(context == &outstanding);
    free(block);
}

static int holds(const ht_item *item, long number)
{
    struct datum datum;
    describe(&datum, number);
    if (item->value_type != datum.type)
        return 0;
    if (datum.type == HT_POINTER)
        return *(long *)item->value.ptr == number;
    return ht_equal(item->value, datum.type, datum.value, datum.type);
}

/* ---- The model: what each key has, or -1 ---- */

static long model[KEYS], model_load;

static void expect(ht_table *table)
{
    long key, seen = 0;
    size_t cursor = 0;
    CHECK(table->load == model_load);
    for (key = 0; key < KEYS; key++) {
        struct datum datum;
        ht_item *item;
        describe(&datum, key);
        item = ht_lookup(table, datum.value, datum.type);
        CHECK((item != NULL) == (model[key] >= 0));
        if (item != NULL && model[key] >= 0)
            CHECK(holds(item, model[key]));
    }
    while (ht_next(table, &cursor) != NULL)
        seen++;
    CHECK(seen == model_load);
}

static long few_hashes(ht_value key, ht_type key_type, void *context)
{
    (void)context;
    return ht_hash(key, key_type) % 50 - 25;
}

static ht_table *fresh_table(void)
{
    static const double MAX_LOADS[] = {0.3, 0.5, 1.0, 3.0};
    ht_options options = HT_OPTIONS;
    ht_table *table;
    long key;
    options.size = 1 + chance(20);
    options.max_load_proportion = MAX_LOADS[chance(4)];
    options.flags = chance(5) == 0 ? HT_NEVER_RESIZE : 0;
    options.hashing = (unsigned)chance(3);
    options.hash = options.hashing == HT_HASH_CALLBACK ? few_hashes : NULL;
    options.free_value = free_block;
    options.copy_value = copy_block;
    options.value_context = &outstanding;
    do {
        errno = 0;
        table = ht_create(&options);
        CHECK(table != NULL || errno == ENOMEM);
    } while (table == NULL);
    for (key = 0; key < KEYS; key++)
        model[key] = -1;
    model_load = 0;
    return table;
}

/* What an operation that may fail has come to: 1 if it succeeded. */
static int succeeded(ht_table *table, int status, long size_before)
{
    CHECK(status == HT_OK || status == HT_ENOMEM);
    if (status != HT_OK)
        CHECK(errno == ENOMEM && table->size == size_before && table->load == model_load);
    return status == HT_OK;
}

static void put(ht_table *table, long key, long number)
{
    struct datum name, value;
    unsigned flags = (unsigned)chance(4);
    long size = table->size;
    int status;
    describe(&name, key);
    describe(&value, number);
    if (!(flags & HT_COPY_KEY))
        own(&name);
    if (value.type == HT_POINTER)
        value.value = block_of(number);
    else if (!(flags & HT_COPY_VALUE))
        own(&value);
    status = ht_put(table, LONG_MAX, name.value, name.type, value.value, value.type, flags);
    if (succeeded(table, status, size)) {
        model_load += model[key] < 0;
        model[key] = number;
        return;
    }
    if (!(flags & HT_COPY_KEY))
        disown(&name);
    if (value.type == HT_POINTER)
        free(value.value.ptr);
    else if (!(flags & HT_COPY_VALUE))
        disown(&value);
}

static void upsert(ht_table *table, long key)
{
    struct datum name;
    unsigned flags = chance(2) ? HT_COPY_KEY : 0;
    long size = table->size;
    ht_item *item = NULL;
    int added = 0;
    describe(&name, key);
    if (!flags)
        own(&name);
    if (succeeded(table, ht_upsert(table, LONG_MAX, name.value, name.type, flags, &item, &added), size)) {
        CHECK(added == (model[key] < 0));
        if (added) {
            model_load++;
            model[key] = 0;
        }
        CHECK(holds(item, model[key]));
    } else {
        CHECK(item == NULL);
        if (!flags)
            disown(&name);
    }
}

static void set_value(ht_table *table, long key, long number)
{
    struct datum name, value;
    ht_item *item;
    describe(&name, key);
    describe(&value, number);
    item = ht_lookup(table, name.value, name.type);
    if (item == NULL)
        return;
    if (value.type == HT_POINTER)
        value.value = block_of(number);
    if (succeeded(table, ht_set_value(table, item, value.value, value.type, HT_COPY_VALUE), table->size))
        model[key] = number;
    else if (value.type == HT_POINTER)
        free(value.value.ptr);
}

static ht_table *go_on_with_a_copy(ht_table *table)
{
    ht_table *twin;
    errno = 0;
    twin = ht_copy(table);
    if (twin == NULL) {
        CHECK(errno == ENOMEM);
        return table;
    }
    ht_free(table);
    expect(twin);
    return twin;
}

static void stringify(ht_table *table)
{
    char *text;
    errno = 0;
    text = ht_stringify(table);
    CHECK(text != NULL || errno == ENOMEM);
    if (text != NULL)
        CHECK(strncmp(text, "\n****", 5) == 0 && strcmp(text + strlen(text) - 5, "****\n") == 0);
    free(text);
}

static ht_table *one_step(ht_table *table, ht_item **out)
{
    long key = chance(KEYS), number = chance(VALUES), size = table->size, choice = chance(1000);
    struct datum name;
    ht_item *item;
    errno = 0;
    describe(&name, key);
    if (choice < 450) {
        put(table, key, number);
    } else if (choice < 600) {
        upsert(table, key);
    } else if (choice < 700) {
        set_value(table, key, number);
    } else if (choice < 900) {
        item = ht_remove(table, name.value, name.type);
        CHECK((item != NULL) == (model[key] >= 0));
        if (item != NULL) {
            CHECK(holds(item, model[key]));
            model[key] = -1;
            model_load--;
            ht_item_free(*out);
            *out = item;
        }
    } else if (choice < 980) {
        item = ht_lookup(table, name.value, name.type);
        CHECK((item != NULL) == (model[key] >= 0) && (item == NULL || holds(item, model[key])));
    } else if (choice < 984) {
        succeeded(table, ht_reserve(table, chance(800)), size);
    } else if (choice < 988) {
        succeeded(table, ht_shrink(table), size);
    } else if (choice < 990) {
        if (table->size < 2000)
            succeeded(table, ht_resize(table), size);
    } else if (choice < 992) {
        stringify(table);
    } else if (choice < 996) {
        table = go_on_with_a_copy(table);
    } else if (choice == 996 && chance(10) == 0) {
        ht_clear(table);
        for (key = 0; key < KEYS; key++)
            model[key] = -1;
        model_load = 0;
    } else if (choice == 997 && chance(20) == 0) {
        ht_free(table);
        table = fresh_table();
    } else if (choice == 998) {
        expect(table);
    }
    CHECK(table->load == model_load);
    return table;
}

int main(int argc, char **argv)
{
    long operations = argc > 1 ? atol(argv[1]) : 1000000, step;
    ht_item *out = NULL;
    ht_table *table;
    failing = 1;
    table = fresh_table();
    for (step = 0; step < operations; step++)
        table = one_step(table, &out);
    expect(table);
    ht_free(table);
    ht_item_free(out);
    failing = 0;
    fprintf(stderr, "%ld operations, %ld allocations asked for, %ld failed, %ld blocks outstanding\n",
            operations, asked, failures, outstanding);
    CHECK(outstanding == 0);
    CHECK(failures > asked / 6 && failures < asked / 4 && asked > operations / 4);
    return report();
}

/*
 * Random operations, each followed by a comparison with a plain model of the rules: a list of entries in the
 * order in which they were added, and the text that a table of them has to have.
 *
 *     model [small] [large]        how many operations on small tables, how many entries in the large one
 */

#include "check.h"

/* ---- Chance, the same in every run (Marsaglia's xorshift) ---- */

static unsigned long long chance_state = 88172645463325252ULL;

static unsigned long long chance(unsigned long long below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return chance_state % below;
}

/* ---- Small tables, compared text by text ---- */

enum { MOST = 64, KEYS = 40 };

struct entry {
    long hash;
    long key; /* a number from 0 to KEYS - 1; its kind is the number mod 3 */
    long value;
};

static struct {
    struct entry entries[MOST];
    long size, load;
    double max_load;
} model;

static char expected[1 << 20], *end;

static ht_type kind_of(long key)
{
    return (ht_type)(key % 3);
}

/* Borrowed, and good until the next call. */
static ht_value value_of(long key)
{
    static char word[32];
    switch (kind_of(key)) {
    case HT_INTEGER:
        return integer(key - 20);
    case HT_DOUBLE:
        return real(key - 20.5);
    default:
        sprintf(word, "word %ld", key);
        return string(word);
    }
}

static ht_value owned_value_of(long key)
{
    ht_value value = value_of(key);
    return kind_of(key) == HT_STRING ? owned(value.str) : value;
}

/* Negative ones, multiples of every size, many the same: a key's hash follows from the key. */
static long hash_of(long key)
{
    static const long HASHES[] = {0, -4, 4, -12, 7, 7, -1, LONG_MIN, LONG_MAX - 1, 1000, -60, 60, 3};
    return HASHES[key % (long)(sizeof HASHES / sizeof HASHES[0])];
}

static long floor_modulo(long hash, long size)
{
    long rest = hash % size;
    return rest < 0 ? rest + size : rest;
}

static void write_value(long number)
{
    ht_value value = value_of(number);
    switch (kind_of(number)) {
    case HT_INTEGER:
        end += sprintf(end, "%li", value.i);
        break;
    case HT_DOUBLE:
        end += sprintf(end, "%f", value.f);
        break;
    default:
        end += sprintf(end, "%s", value.str);
    }
}

static const char *model_text(void)
{
    long bin, i;
    end = expected;
    end += sprintf(end, "\n********************\n--------HashTable--------\n");
    end += sprintf(end, "-Array size: %li -Load: %li -Max Load Prop: %f -Current Load Prop: %f\n", model.size,
                   model.load, model.max_load, (double)model.load / (double)model.size);
    for (bin = 0; bin < model.size; bin++) {
        int empty = 1;
        end += sprintf(end, "*Bin %li\n", bin);
        for (i = 0; i < model.load; i++) {
            if (floor_modulo(model.entries[i].hash, model.size) != bin)
                continue;
            empty = 0;
            end += sprintf(end, "---------Hash: %li---Key: ", model.entries[i].hash);
            write_value(model.entries[i].key);
            end += sprintf(end, "---Value: ");
            write_value(model.entries[i].value);
            end += sprintf(end, "------\n");
        }
        if (empty)
            end += sprintf(end, "(empty)\n");
    }
    sprintf(end, "********************\n");
    return expected;
}

static long model_find(long key)
{
    long i;
    for (i = 0; i < model.load; i++)
        if (model.entries[i].key == key)
            return i;
    return -1;
}

static void model_add(long key, long value)
{
    long at = model_find(key);
    if (at < 0) {
        while ((double)(model.load + 1) / (double)model.size > model.max_load)
            model.size *= 2;
        at = model.load++;
    }
    model.entries[at].hash = hash_of(key);
    model.entries[at].key = key;
    model.entries[at].value = value;
}

static void model_remove(long at)
{
    model.load--;
    memmove(&model.entries[at], &model.entries[at + 1], (size_t)(model.load - at) * sizeof model.entries[0]);
}

static void compare(ht_table *table)
{
    char *text = ht_stringify(table);
    CHECK(table->size == model.size && table->load == model.load);
    CHECK(text != NULL && strcmp(text, model_text()) == 0);
    free(text);
}

static void one_step(ht_table *table, ht_item **out)
{
    long key = (long)chance(KEYS), value = (long)chance(KEYS), at = model_find(key);
    ht_item *item;
    switch (chance(model.size < 100 ? 12 : 11)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
        item = ht_lookup_by_hash(table, hash_of(key), value_of(key), kind_of(key));
        CHECK(ht_add(table, hash_of(key), owned_value_of(key), kind_of(key), owned_value_of(value),
                     kind_of(value)) == HT_OK);
        model_add(key, value);
        if (at >= 0)
            CHECK(ht_lookup_by_hash(table, hash_of(key), value_of(key), kind_of(key)) == item);
        break;
    case 5:
    case 6:
    case 7:
        item = ht_remove_by_hash(table, hash_of(key), value_of(key), kind_of(key));
        CHECK((item != NULL) == (at >= 0));
        if (at >= 0)
            model_remove(at);
        if (item != NULL && *out == NULL)
            *out = item;
        else
            ht_item_free(item);
        break;
    case 8:
    case 9:
        item = ht_lookup_by_hash(table, hash_of(key), value_of(key), kind_of(key));
        CHECK((item != NULL) == (at >= 0));
        if (item != NULL && at >= 0)
            CHECK(item->value_type == kind_of(model.entries[at].value));
        break;
    case 10:
        ht_item_free(*out);
        *out = NULL;
        break;
    default:
        if (chance(10) == 0) {
            CHECK(ht_resize(table) == HT_OK);
            model.size *= 2;
        }
    }
    compare(table);
}

static void small_tables(long operations)
{
    static const double MAX_LOADS[] = {0.3, 0.5, 0.7, 1.0, 2.5, 100.0};
    long done = 0;
    while (done < operations) {
        ht_item *out = NULL;
        long step;
        ht_table *table;
        memset(&model, 0, sizeof model);
        model.size = 1 + (long)chance(7);
        model.max_load = MAX_LOADS[chance(sizeof MAX_LOADS / sizeof MAX_LOADS[0])];
        table = ht_new(model.size, model.max_load);
        compare(table);
        for (step = 0; step < 100; step++, done++)
            one_step(table, &out);
        ht_free(table);
        ht_item_free(out);
    }
}

/* ---- A large table, against arrays ---- */

static long spread(long key)
{
    return (long)((unsigned long)key * 0x9E3779B97F4A7C15UL);
}

static void large_table(long entries)
{
    long *values = calloc((size_t)entries, sizeof *values); /* 0: not in the table */
    ht_item **items = calloc((size_t)entries, sizeof *items);
    ht_table *table = ht_new(3, 0.8);
    long load = 0, step, key;
    if (values == NULL || items == NULL)
        abort();
    for (key = 0; key < entries; key++) {
        CHECK(ht_add(table, spread(key), integer(key), HT_INTEGER, integer(key + 1), HT_INTEGER) == HT_OK);
        values[key] = key + 1;
        items[key] = ht_lookup_by_hash(table, spread(key), integer(key), HT_INTEGER);
        load++;
    }
    for (step = 0; step < 4 * entries; step++) {
        ht_item *item;
        key = (long)chance((unsigned long long)entries);
        item = ht_lookup_by_hash(table, spread(key), integer(key), HT_INTEGER);
        CHECK(item == items[key] && (item == NULL || item->value.i == values[key]));
        if (chance(2) != 0) {
            values[key] = step + 1;
            load += item == NULL;
            CHECK(ht_add(table, spread(key), integer(key), HT_INTEGER, integer(step + 1), HT_INTEGER)
                  == HT_OK);
            items[key] = ht_lookup_by_hash(table, spread(key), integer(key), HT_INTEGER);
            CHECK(items[key] != NULL && (item == NULL || item == items[key]));
        } else {
            CHECK(ht_remove_by_hash(table, spread(key), integer(key), HT_INTEGER) == item);
            load -= item != NULL;
            ht_item_free(item);
            values[key] = 0;
            items[key] = NULL;
        }
        CHECK(table->load == load && (double)load / (double)table->size <= 0.8);
    }
    for (key = 0; key < entries; key++) {
        ht_item *item = ht_lookup_by_hash(table, spread(key), integer(key), HT_INTEGER);
        CHECK((item == NULL ? 0 : item->value.i) == values[key]);
    }
    ht_free(table);
    free(values);
    free(items);
}

int main(int argc, char **argv)
{
    small_tables(argc > 1 ? atol(argv[1]) : 200000);
    large_table(argc > 2 ? atol(argv[2]) : 200000);
    return report();
}

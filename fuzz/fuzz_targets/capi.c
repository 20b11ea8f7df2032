/*
 * The C ABI, as a C program sees it: the input is a program of calls, with the bytes that it hands over, and each call
 * is compared with a plain model of the rules. A difference ends the process; what a call does to memory that is not
 * its own is AddressSanitizer's affair.
 *
 * The model is an array of entries, in an order in which those of one bin stand as in its chain.
 */

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hashtable.h"

#define MUST(condition)                                                                \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
            abort();                                                                   \
        }                                                                              \
    } while (0)

void capi_run(const uint8_t *bytes, size_t count);

/* ---- Memory that can run out: the second request, say, of an operation, and every one after it or that one alone ---- */

static long refuse_from, refuse_to, requests;

static int refuses(void)
{
    requests++;
    return requests >= refuse_from && requests < refuse_to;
}

#include "../../tests/c/allocator.h"

static long refused(void)
{
    long last = requests + 1 < refuse_to ? requests + 1 : refuse_to;
    return last > refuse_from ? last - refuse_from : 0;
}

/* ---- The input ---- */

static const uint8_t *input, *input_end;

/* The next byte; 0 at the end, so that each input is a program. */
static unsigned take(void)
{
    return input < input_end ? *input++ : 0;
}

/* ---- Keys and values ---- */

enum { MOST_BYTES = 64, MOST_ENTRIES = 128, MOST_BINS = 1024, MOST_OUT = 4, MOST_STEPS = 400 };

struct datum {
    ht_type type;
    long i; /* a pointer that is a key is &places[i]; one that is a value is a block with `i` in it */
    double f;
    size_t length;
    char bytes[MOST_BYTES + 1];
};

static char places[256];

static struct datum take_datum(void)
{
    static const long LONGS[] = {LONG_MIN, LONG_MAX, LONG_MIN + 1, LONG_MAX - 1, 1L << 32, -(1L << 32), 4096, -4096};
    static const double DOUBLES[] = {0.0, -0.0, 0.5, -0.5, 1e300, -1e300, 4e-324, HUGE_VAL, -HUGE_VAL, NAN, -NAN};
    struct datum datum;
    unsigned choice = take(), i;
    memset(&datum, 0, sizeof datum);
    datum.type = (ht_type)(choice % 5);
    choice = take();
    switch (datum.type) {
    case HT_INTEGER:
        datum.i = choice < 8 ? LONGS[choice] : (long)choice - 128;
        break;
    case HT_DOUBLE:
        datum.f = choice < 11 ? DOUBLES[choice] : ((double)choice - 128) / 2;
        break;
    case HT_POINTER:
        datum.i = (long)choice;
        break;
    default:
        /* Most are short, so that some are the same. */
        datum.length = choice < 224 ? choice % 4 : choice % 32 * 2;
        for (i = 0; i < datum.length; i++) {
            datum.bytes[i] = (char)take();
            if (datum.type == HT_STRING && datum.bytes[i] == 0)
                datum.bytes[i] = 'x';
        }
    }
    return datum;
}

static int same(const struct datum *a, const struct datum *b)
{
    if (a->type != b->type)
        return 0;
    switch (a->type) {
    case HT_INTEGER:
    case HT_POINTER:
        return a->i == b->i;
    case HT_DOUBLE:
        return a->f == b->f || (isnan(a->f) && isnan(b->f));
    default:
        return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
    }
}

/* Borrowed: good as long as the datum and the holder are. */
static ht_value key_of(const struct datum *datum, ht_bytes *holder)
{
    ht_value value;
    value.i = datum->i;
    if (datum->type == HT_DOUBLE)
        value.f = datum->f;
    if (datum->type == HT_POINTER)
        value.ptr = &places[datum->i];
    if (datum->type == HT_STRING)
        value.str = (char *)datum->bytes;
    if (datum->type == HT_BYTES) {
        holder->length = datum->length;
        holder->data = datum->length == 0 && datum->i == 0 ? NULL : datum->bytes;
        value.bytes = holder;
    }
    return value;
}

/* The same with strings and bytes malloc'ed, for a table to adopt. */
static ht_value adopted_key_of(const struct datum *datum, ht_bytes *holder)
{
    ht_value value = key_of(datum, holder);
    if (datum->type == HT_STRING)
        value.str = memcpy(sure(datum->length + 1), datum->bytes, datum->length + 1);
    if (datum->type == HT_BYTES && holder->data != NULL)
        holder->data = memcpy(sure(datum->length + 1), datum->bytes, datum->length);
    return value;
}

/* A pointer that is a value is adopted, whatever the flags say. */
static ht_value value_of(const struct datum *datum, ht_bytes *holder, int copied)
{
    ht_value value = copied ? key_of(datum, holder) : adopted_key_of(datum, holder);
    if (datum->type == HT_POINTER) {
        long *block = sure(sizeof *block);
        *block = datum->i;
        value.ptr = block;
    }
    return value;
}

/* Takes back what a table did not adopt. */
static void disown(const struct datum *datum, ht_value value, int copied, int is_value)
{
    if (datum->type == HT_STRING && !copied)
        free(value.str);
    if (datum->type == HT_BYTES && !copied)
        free((char *)value.bytes->data);
    if (datum->type == HT_POINTER && is_value)
        free(value.ptr);
}

/* Reads every byte of what is behind a value. */
static int holds(ht_value value, unsigned type, const struct datum *datum, int is_value)
{
    if (type != (unsigned)datum->type)
        return 0;
    switch (datum->type) {
    case HT_INTEGER:
        return value.i == datum->i;
    case HT_DOUBLE:
        return value.f == datum->f || (isnan(value.f) && isnan(datum->f));
    case HT_STRING:
        return strcmp(value.str, datum->bytes) == 0;
    case HT_BYTES:
        return value.bytes->length == datum->length
               && (datum->length == 0 || memcmp(value.bytes->data, datum->bytes, datum->length) == 0);
    default:
        return is_value ? *(long *)value.ptr == datum->i : value.ptr == (void *)&places[datum->i];
    }
}

/* ---- The model ---- */

struct entry {
    long hash;
    struct datum key, value;
    ht_item *item; /* it stays there */
    unsigned long came;
    int here_all_along, seen; /* during a walk */
};

static struct {
    struct entry entries[MOST_ENTRIES];
    long size, load;
    double max_load; /* infinite: never resize */
    unsigned hashing;
    int has_copier;
    unsigned long clock;
} model;

static ht_table *table;
/* What was removed, and is ours. */
static struct entry out[MOST_OUT];

static long bin_of(long hash, long size)
{
    long rest = hash % size;
    return rest < 0 ? rest + size : rest;
}

static struct entry *model_find(long hash, const struct datum *key)
{
    long i;
    for (i = 0; i < model.load; i++)
        if (model.entries[i].hash == hash && same(&model.entries[i].key, key))
            return &model.entries[i];
    return NULL;
}

static void model_make_room(long load)
{
    while ((double)load / (double)model.size > model.max_load)
        model.size *= 2;
}

static struct entry *model_add(long hash, const struct datum *key)
{
    struct entry *entry;
    model_make_room(model.load + 1);
    entry = &model.entries[model.load++];
    memset(entry, 0, sizeof *entry);
    entry->hash = hash;
    entry->key = *key;
    entry->came = ++model.clock;
    return entry;
}

static struct entry model_remove(struct entry *entry)
{
    struct entry removed = *entry;
    long at = entry - model.entries;
    model.load--;
    memmove(entry, entry + 1, (size_t)(model.load - at) * sizeof *entry);
    return removed;
}

static int by_came(const void *a, const void *b)
{
    const struct entry *one = a, *other = b;
    return one->came < other->came ? -1 : one->came > other->came;
}

static long old_size;

static int by_old_bin(const void *a, const void *b)
{
    const struct entry *one = a, *other = b;
    long bin = bin_of(one->hash, old_size), other_bin = bin_of(other->hash, old_size);
    /* Nobody moves while they are sorted: the address is the order that there was. */
    return bin != other_bin ? (bin < other_bin ? -1 : 1) : one->seen - other->seen;
}

/* ---- Comparing ---- */

static void check_item(const struct entry *entry)
{
    MUST(entry->item->hash == entry->hash);
    MUST(holds(entry->item->key, entry->item->key_type, &entry->key, 0));
    MUST(holds(entry->item->value, entry->item->value_type, &entry->value, 1));
}

/* What the text of the table must be, if the chains are in the order of the model. */
static int in_this_order(void)
{
    static char expected[1 << 20];
    char *end = expected, *text = ht_stringify(table);
    long bin, i;
    int equal;
    end += sprintf(end, "\n********************\n--------HashTable--------\n");
    end += sprintf(end, "-Array size: %li -Load: %li -Max Load Prop: %f -Current Load Prop: %f\n", model.size,
                   model.load, model.max_load, (double)model.load / (double)model.size);
    for (bin = 0; bin < model.size; bin++) {
        int empty = 1;
        end += sprintf(end, "*Bin %li\n", bin);
        for (i = 0; i < model.load; i++) {
            char *line;
            if (bin_of(model.entries[i].hash, model.size) != bin)
                continue;
            line = ht_stringify_item(model.entries[i].item);
            MUST(line != NULL);
            end += sprintf(end, "%s", line);
            free(line);
            empty = 0;
        }
        if (empty)
            end += sprintf(end, "(empty)\n");
    }
    sprintf(end, "********************\n");
    MUST(text != NULL);
    equal = strcmp(text, expected) == 0;
    free(text);
    return equal;
}

static void check_figures(void)
{
    MUST(table->size == model.size && table->load == model.load);
    MUST((double)table->load / (double)table->size <= model.max_load);
}

static void check_all(void)
{
    ht_statistics statistics = HT_STATISTICS;
    long i;
    check_figures();
    for (i = 0; i < model.load; i++) {
        ht_bytes holder;
        struct entry *entry = &model.entries[i];
        check_item(entry);
        MUST(ht_lookup_by_hash(table, entry->hash, key_of(&entry->key, &holder), entry->key.type) == entry->item);
    }
    MUST(in_this_order());
    MUST(ht_stats(table, &statistics) == HT_OK && statistics.size == model.size && statistics.load == model.load);
    for (i = 0; i < MOST_OUT; i++)
        if (out[i].item != NULL)
            check_item(&out[i]);
}

/* ---- Callbacks, which may use the table ---- */

/* What the next callback is to do to the table, and what it did, for the model to do later. */
enum { NOTHING, LOOK, CHANGE };
static int armed, changed;
static struct datum changed_key;

static void spring(void)
{
    size_t cursor = 0;
    ht_item *item;
    ht_bytes holder;
    char *text;
    int action = armed, was_failing = failing;
    long hash;
    armed = NOTHING;
    if (action == NOTHING || table == NULL)
        return;
    failing = 0;
    if (action == LOOK) {
        ht_statistics statistics = HT_STATISTICS;
        while ((item = ht_next(table, &cursor)) != NULL)
            free(ht_stringify_item(item));
        text = ht_stringify(table);
        MUST(text != NULL && ht_stats(table, &statistics) == HT_OK);
        free(text);
    } else if (model.load + 2 < MOST_ENTRIES) {
        hash = changed_key.i;
        MUST(ht_put(table, hash, key_of(&changed_key, &holder), changed_key.type, key_of(&changed_key, &holder),
                    HT_INTEGER, 0)
             == HT_OK);
        changed = 1;
    }
    failing = was_failing;
}

/* The model does what a callback has done. */
static void catch_up(void)
{
    struct entry *entry;
    ht_bytes holder;
    armed = NOTHING;
    if (!changed)
        return;
    changed = 0;
    entry = model_find(changed_key.i, &changed_key);
    if (entry == NULL)
        entry = model_add(changed_key.i, &changed_key);
    entry->value = changed_key;
    entry->item = ht_lookup_by_hash(table, entry->hash, key_of(&entry->key, &holder), entry->key.type);
    MUST(entry->item != NULL);
}

static long few_hashes(ht_value key, ht_type key_type, void *context)
{
    MUST(context == places);
    spring();
    return ht_hash(key, key_type) % 7 - 3;
}

static void free_block(void *block, void *context)
{
    MUST(context == places && block != NULL);
    spring();
    free(block);
}

static void *copy_block(void *block, void *context)
{
    long *twin = malloc(sizeof *twin);
    MUST(context == places);
    if (armed == CHANGE) /* a copier may not */
        armed = LOOK;
    spring();
    if (twin != NULL)
        *twin = *(long *)block;
    return twin;
}

/* ---- Operations ---- */

/* The key of an entry that is there, or a new one; and the hash that it is to be used with. */
static struct datum take_key(long *hash)
{
    static const long HASHES[] = {0, -1, 1, -4, 4, 7, LONG_MIN, LONG_MAX - 1, 4096, -60, 60};
    unsigned choice = take();
    struct datum key;
    if (choice % 2 == 0 && model.load > 0) {
        const struct entry *entry = &model.entries[choice / 2 % model.load];
        *hash = entry->hash;
        return entry->key;
    }
    key = take_datum();
    *hash = choice % 4 == 1 ? LONG_MAX : HASHES[choice / 4 % (sizeof HASHES / sizeof HASHES[0])];
    return key;
}

/* Whether the table's own hash is for such a key. */
static int can_hash(const struct datum *key)
{
    return !((key->type == HT_STRING || key->type == HT_BYTES)
             && (model.hashing == HT_HASH_IDENTITY || model.hashing == HT_HASH_FIBONACCI));
}

/* The hash under which a key is searched, once the operation is over. */
static long told(long hash, const struct datum *key)
{
    ht_bytes holder;
    return hash == LONG_MAX ? ht_own_hash(table, key_of(key, &holder), key->type) : hash;
}

/* Begins an operation: what its callbacks are to do, and for how many requests there is no memory. */
static void begin(int callbacks)
{
    unsigned choice = take();
    armed = choice % 8 == 1 ? LOOK : choice % 8 == 2 ? callbacks : NOTHING;
    memset(&changed_key, 0, sizeof changed_key);
    changed_key.i = (long)(choice / 8);
    requests = 0;
    refuse_from = refuse_to = 0;
    if (choice % 8 >= 6) {
        refuse_from = 1 + choice / 16;
        refuse_to = choice % 8 == 6 ? LONG_MAX : refuse_from + 1;
    }
    failing = 1;
    errno = 0;
}

/* Ends it, and says whether it was done. */
static int done(int status)
{
    failing = 0;
    if (status == HT_OK)
        return 1;
    MUST(errno == (status == HT_ENOMEM ? ENOMEM : EINVAL));
    MUST(status == HT_EINVAL || refused() > 0);
    return 0;
}

static void put(int by_add)
{
    long hash;
    struct datum key = take_key(&hash), value = take_datum();
    unsigned flags = by_add ? 0 : take() % 4;
    ht_bytes key_holder, value_holder;
    ht_value k = flags & HT_COPY_KEY ? key_of(&key, &key_holder) : adopted_key_of(&key, &key_holder);
    ht_value v = value_of(&value, &value_holder, (flags & HT_COPY_VALUE) != 0);
    int status, good = hash != LONG_MAX || can_hash(&key);
    begin(CHANGE);
    status = by_add ? ht_add(table, hash, k, key.type, v, value.type)
                    : ht_put(table, hash, k, key.type, v, value.type, flags);
    if (done(status)) {
        struct entry *entry;
        MUST(good);
        /* A hash function was at it before; a destructor, after. Both add the same. */
        if (model.hashing == HT_HASH_CALLBACK && hash == LONG_MAX)
            catch_up();
        hash = told(hash, &key);
        entry = model_find(hash, &key);
        if (entry == NULL)
            entry = model_add(hash, &key);
        entry->key = key;
        entry->value = value;
        key_holder = (ht_bytes){0, NULL};
        k = key_of(&key, &key_holder);
        {
            ht_item *item = ht_lookup_by_hash(table, hash, k, key.type);
            MUST(item != NULL && (entry->item == NULL || entry->item == item));
            entry->item = item;
        }
        catch_up();
    } else {
        MUST((status == HT_EINVAL) == !good);
        disown(&key, k, (flags & HT_COPY_KEY) != 0, 0);
        disown(&value, v, (flags & HT_COPY_VALUE) != 0, 1);
        catch_up();
    }
}

static void upsert(void)
{
    long hash;
    struct datum key = take_key(&hash);
    unsigned flags = take() % 2;
    ht_bytes holder;
    ht_value k = flags & HT_COPY_KEY ? key_of(&key, &holder) : adopted_key_of(&key, &holder);
    ht_item *item = NULL;
    int status, added = -1, good = hash != LONG_MAX || can_hash(&key);
    begin(CHANGE);
    status = ht_upsert(table, hash, k, key.type, flags, &item, &added);
    if (done(status)) {
        struct entry *entry;
        catch_up();
        hash = told(hash, &key);
        entry = model_find(hash, &key);
        MUST(good && added == (entry == NULL));
        if (entry == NULL) {
            entry = model_add(hash, &key);
            entry->item = item;
        }
        MUST(entry->item == item);
    } else {
        MUST((status == HT_EINVAL) == !good && item == NULL && added == -1);
        disown(&key, k, (flags & HT_COPY_KEY) != 0, 0);
        catch_up();
    }
}

static void set_value(void)
{
    unsigned choice = take(), flags = take() % 2 ? HT_COPY_VALUE : 0;
    struct datum value = take_datum();
    struct entry *entry = choice % 4 == 0 ? &out[choice / 4 % MOST_OUT]
                          : model.load > 0 ? &model.entries[choice / 4 % model.load]
                                           : NULL;
    ht_bytes holder;
    ht_value v;
    if (entry == NULL || entry->item == NULL)
        return;
    v = value_of(&value, &holder, flags != 0);
    begin(CHANGE);
    if (done(ht_set_value(table, entry->item, v, value.type, flags)))
        entry->value = value;
    else
        disown(&value, v, flags != 0, 1);
    catch_up();
}

/* Hands back the very strings and bytes that an item holds. */
static void put_back(void)
{
    const struct entry *entry;
    if (model.load == 0)
        return;
    entry = &model.entries[take() % model.load];
    if (entry->value.type == HT_POINTER)
        return;
    begin(NOTHING);
    done(ht_add(table, entry->hash, entry->item->key, entry->key.type, entry->item->value, entry->value.type));
}

static void keep_out(struct entry removed)
{
    struct entry *place = &out[take() % MOST_OUT];
    ht_item *old = place->item;
    *place = removed;
    ht_item_free(old);
    catch_up();
}

static void take_out(void)
{
    long hash;
    struct datum key = take_key(&hash);
    ht_bytes holder;
    ht_value k = key_of(&key, &holder);
    struct entry *entry;
    ht_item *item;
    int by_own = hash == LONG_MAX;
    begin(CHANGE);
    item = by_own ? ht_remove(table, k, key.type) : ht_remove_by_hash(table, hash, k, key.type);
    failing = 0;
    catch_up();
    if (by_own && !can_hash(&key)) {
        MUST(item == NULL);
        return;
    }
    entry = model_find(told(hash, &key), &key);
    MUST(item == (entry == NULL ? NULL : entry->item));
    if (entry != NULL)
        keep_out(model_remove(entry));
}

static void look_up(void)
{
    long hash;
    struct datum key = take_key(&hash);
    ht_bytes holder;
    ht_value k = key_of(&key, &holder);
    struct entry *entry;
    ht_item *item;
    begin(CHANGE);
    item = hash == LONG_MAX ? ht_lookup(table, k, key.type) : ht_lookup_by_hash(table, hash, k, key.type);
    failing = 0;
    catch_up();
    entry = hash == LONG_MAX && !can_hash(&key) ? NULL : model_find(told(hash, &key), &key);
    MUST(item == (entry == NULL ? NULL : entry->item));
    if (hash == LONG_MAX)
        MUST(ht_contains(table, k, key.type) == (item != NULL));
}

static void walk(void)
{
    size_t cursor = 0;
    long i, steps = 0;
    ht_item *item;
    for (i = 0; i < model.load; i++) {
        model.entries[i].here_all_along = 1;
        model.entries[i].seen = 0;
    }
    while ((item = ht_next(table, &cursor)) != NULL) {
        struct entry *entry = NULL;
        unsigned choice = take();
        MUST(steps++ < 2 * MOST_ENTRIES + MOST_STEPS);
        for (i = 0; i < model.load; i++)
            if (model.entries[i].item == item)
                entry = &model.entries[i];
        MUST(entry != NULL);
        MUST(entry->seen++ == 0);
        if (choice % 4 == 1) {
            ht_bytes holder;
            MUST(ht_remove_by_hash(table, entry->hash, key_of(&entry->key, &holder), entry->key.type) == item);
            keep_out(model_remove(entry));
        } else if (choice % 8 == 2 && model.load < MOST_ENTRIES - 4) {
            put(0);
        } else if (choice % 16 == 3 && model.size < MOST_BINS) {
            MUST(ht_resize(table) == HT_OK);
            model.size *= 2;
        }
    }
    for (i = 0; i < model.load; i++)
        MUST(model.entries[i].seen == 1 || !model.entries[i].here_all_along);
}

static void shrink(void)
{
    long i;
    struct entry *entries = model.entries;
    begin(NOTHING);
    if (!done(ht_shrink(table)))
        return;
    old_size = model.size;
    while (model.max_load < HUGE_VAL && model.size % 2 == 0
           && (double)model.load / (double)(model.size / 2) <= model.max_load)
        model.size /= 2;
    check_figures();
    if (model.size == old_size)
        return;
    /* Chains that became one: as their entries came, or, once a place was used again, one after the other. */
    for (i = 0; i < model.load; i++)
        entries[i].seen = (int)i;
    qsort(entries, (size_t)model.load, sizeof *entries, by_came);
    if (in_this_order())
        return;
    /* Back, and the other way. */
    for (i = 0; i < model.load; i++)
        while (entries[i].seen != (int)i) {
            struct entry other = entries[entries[i].seen];
            entries[entries[i].seen] = entries[i];
            entries[i] = other;
        }
    qsort(entries, (size_t)model.load, sizeof *entries, by_old_bin);
    MUST(in_this_order());
}

static void go_on_with_a_copy(void)
{
    ht_table *twin, *old = table;
    long i, pointers = 0;
    unsigned keep = take() % 2;
    for (i = 0; i < model.load; i++)
        pointers += model.entries[i].value.type == HT_POINTER;
    begin(NOTHING);
    twin = ht_copy(table);
    failing = 0;
    if (twin == NULL) {
        MUST(errno == EINVAL ? pointers > 0 && !model.has_copier : errno == ENOMEM && refused() > 0);
        return;
    }
    MUST(pointers == 0 || model.has_copier);
    if (keep) {
        ht_free(twin);
        return;
    }
    table = twin;
    for (i = 0; i < model.load; i++) {
        ht_bytes holder;
        struct entry *entry = &model.entries[i];
        entry->item = ht_lookup_by_hash(table, entry->hash, key_of(&entry->key, &holder), entry->key.type);
        MUST(entry->item != NULL);
    }
    ht_free(old);
    check_all();
}

/* What cannot be is refused, and changes nothing. */
static void nonsense(void)
{
    struct datum key = take_datum();
    ht_bytes holder, lying = {1, NULL};
    ht_value k = key_of(&key, &holder), nothing;
    unsigned choice = take();
    size_t cursor = take();
    ht_item *item = NULL;
    ht_type unknown = (ht_type)(5 + choice);
    nothing.ptr = NULL;
    MUST(ht_add(NULL, LONG_MAX, k, key.type, k, key.type) == HT_EINVAL);
    MUST(ht_put(table, 1, k, unknown, k, key.type, HT_COPY) == HT_EINVAL);
    MUST(ht_put(table, 1, k, key.type, k, unknown, HT_COPY) == HT_EINVAL);
    MUST(ht_put(table, 1, k, key.type, nothing, HT_INTEGER, 4 << choice % 29) == HT_EINVAL);
    MUST(ht_put(table, 1, nothing, choice % 2 ? HT_STRING : HT_BYTES, nothing, HT_INTEGER, HT_COPY) == HT_EINVAL);
    nothing.bytes = &lying;
    MUST(ht_put(table, 1, nothing, HT_BYTES, k, HT_INTEGER, HT_COPY) == HT_EINVAL);
    MUST(ht_upsert(table, 1, k, key.type, HT_COPY_KEY, NULL, NULL) == HT_EINVAL);
    MUST(ht_set_value(table, NULL, k, HT_INTEGER, 0) == HT_EINVAL);
    MUST(ht_lookup(table, k, unknown) == NULL && ht_remove(table, k, unknown) == NULL);
    MUST(ht_lookup(NULL, k, key.type) == NULL && ht_remove(NULL, k, key.type) == NULL);
    MUST(ht_reserve(table, -1 - (long)choice) == HT_EINVAL && ht_reserve(table, LONG_MAX - choice) == HT_ENOMEM);
    MUST(ht_new(-(long)choice, 0.5) == NULL && ht_new(4, -(double)choice) == NULL);
    MUST(ht_new(LONG_MAX - choice, 0.5) == NULL && ht_new(4, choice % 2 ? NAN : HUGE_VAL) == NULL);
    MUST(ht_next(table, NULL) == NULL && ht_next(NULL, &cursor) == NULL && ht_copy(NULL) == NULL);
    MUST(ht_stringify(NULL) == NULL && ht_shrink(NULL) == HT_EINVAL && ht_resize(NULL) == HT_EINVAL);
    /* Any cursor leads to an item of the table, or to none. */
    cursor = cursor << choice % 64;
    item = ht_next(table, &cursor);
    MUST(item == NULL || (item->key_type < 5 && item->value_type < 5));
    if (item != NULL)
        ht_item_free(item); /* it is still in the table, and so stays */
    ht_item_free(NULL);
    ht_free(NULL);
    ht_clear(NULL);
    MUST(ht_strerror((int)choice - 100) != NULL && ht_bin_index(LONG_MIN + (long)choice, -(long)choice) == 0);
}

/* Options of any bytes, but for what is called, in a block that is as large as they say. */
static void any_options(void)
{
    ht_options options;
    unsigned char *byte = (unsigned char *)&options;
    ht_table *made;
    size_t i, size = take() % 2 ? sizeof options : take() * 2;
    void *block = sure(size < sizeof size ? sizeof size : size);
    for (i = 0; i < sizeof options; i++)
        byte[i] = (unsigned char)take();
    options.struct_size = size;
    options.size %= 1 << 16;
    options.hash = options.hash == NULL ? NULL : few_hashes;
    options.hash_context = places;
    options.free_value = options.free_value == NULL ? NULL : free_block;
    options.copy_value = options.copy_value == NULL ? NULL : copy_block;
    memset(block, take() % 4 == 0, size < sizeof size ? sizeof size : size);
    memcpy(block, &options, size < sizeof options ? (size < sizeof size ? sizeof size : size) : sizeof options);
    errno = 0;
    made = ht_create(block);
    free(block);
    MUST(made != NULL || errno == EINVAL);
    if (made != NULL) {
        struct datum key = take_datum();
        ht_bytes holder;
        ht_contains(made, key_of(&key, &holder), key.type);
    }
    ht_free(made);
}

static void make_table(void)
{
    static const double MAX_LOADS[] = {0.3, 0.5, 0.7, 1.0, 2.5, 100.0};
    ht_options options = HT_OPTIONS;
    unsigned choice = take();
    memset(&model, 0, sizeof model);
    options.size = model.size = 1 + choice % 16;
    options.max_load_proportion = model.max_load = MAX_LOADS[choice / 16 % 6];
    choice = take();
    options.hashing = model.hashing = choice % 8;
    if (choice % 8 == 7) {
        /* The talk's way; pointers are the program's own there, so none is put in. */
        model.hashing = HT_HASH_TALK;
        options.hashing = HT_HASH_TALK;
    }
    if (choice / 8 % 4 == 0) {
        options.flags |= HT_NEVER_RESIZE;
        model.max_load = HUGE_VAL;
    }
    options.flags |= HT_SEEDED;
    options.seed[0] = take();
    options.hash = options.hashing == HT_HASH_CALLBACK ? few_hashes : NULL;
    options.hash_context = places;
    model.has_copier = choice / 32 % 4 != 0;
    options.free_value = free_block;
    options.copy_value = model.has_copier ? copy_block : NULL;
    options.value_context = places;
    table = ht_create(&options);
    MUST(table != NULL);
}

static void clear(void)
{
    begin(NOTHING);
    ht_clear(table);
    failing = 0;
    armed = NOTHING;
    model.load = 0;
}

static void one_step(void)
{
    unsigned choice = take() % 32;
    int room = model.load < MOST_ENTRIES - 4;
    if (choice < 9 && room)
        put(0);
    else if (choice < 11 && room)
        put(1);
    else if (choice < 14 && room)
        upsert();
    else if (choice < 16)
        set_value();
    else if (choice < 20)
        take_out();
    else if (choice < 22)
        look_up();
    else if (choice == 22)
        walk();
    else if (choice == 23)
        put_back();
    else if (choice == 24)
        keep_out((struct entry){0});
    else if (choice == 25) {
        long load = take();
        if (load / model.max_load > MOST_BINS)
            return;
        begin(NOTHING);
        if (done(ht_reserve(table, load)))
            model_make_room(load);
    } else if (choice == 26)
        shrink();
    else if (choice == 27) {
        if (model.size >= MOST_BINS)
            return;
        begin(NOTHING);
        if (done(ht_resize(table)))
            model.size *= 2;
    } else if (choice == 28)
        go_on_with_a_copy();
    else if (choice == 29)
        nonsense();
    else if (choice == 30)
        any_options();
    else if (take() % 4 == 0)
        clear();
    check_figures();
}

void capi_run(const uint8_t *bytes, size_t count)
{
    int step, i;
    long before = outstanding;
    input = bytes;
    input_end = bytes + count;
    memset(out, 0, sizeof out);
    make_table();
    for (step = 0; input < input_end && step < MOST_STEPS; step++) {
        one_step();
        if (step % 8 == 7)
            check_all();
    }
    check_all();
    ht_free(table);
    table = NULL;
    for (i = 0; i < MOST_OUT; i++)
        if (out[i].item != NULL) {
            check_item(&out[i]);
            ht_item_free(out[i].item);
        }
    MUST(outstanding == before);
}

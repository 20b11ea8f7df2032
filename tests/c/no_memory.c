/*
 * Each request for memory of each operation is refused: the first, the second, and so on until the operation makes no
 * more; that one alone, and then all from that one on. What fails says so, the table is as it was, to the last byte of
 * its text, and every block comes back.
 *
 * Then for real: under a limit of the process, a table is filled until nothing is left, and goes on working.
 */

#define _DEFAULT_SOURCE /* setrlimit */

#include "check.h"

#include <sys/resource.h>

/* ---- Requests are counted, and those from one number up to another are refused ---- */

static long requests, refuse_from, refuse_to;

static int refuses(void)
{
    requests++;
    return requests >= refuse_from && requests < refuse_to;
}

#include "allocator.h"

/* ---- A table that has to grow for the next key, bins and items ---- */

static int context;

static void *copy_number(void *number, void *its_context)
{
    long *twin = malloc(sizeof *twin);
    CHECK(its_context == &context);
    if (twin != NULL)
        *twin = *(long *)number;
    return twin;
}

static void free_number(void *number, void *its_context)
{
    CHECK(its_context == &context);
    free(number);
}

static ht_value new_number(long number)
{
    ht_value value;
    long *block = sure(sizeof *block);
    *block = number;
    value.ptr = block;
    return value;
}

static ht_bytes some_bytes = {5, "by\0te"};

static ht_value bytes(void)
{
    ht_value value;
    value.bytes = &some_bytes;
    return value;
}

static ht_options options_of_a_full_table(void)
{
    ht_options options = HT_OPTIONS;
    options.size = 4;
    options.max_load_proportion = 1.0;
    options.hashing = HT_HASH_TALK;
    options.free_value = free_number;
    options.copy_value = copy_number;
    options.value_context = &context;
    return options;
}

static ht_table *full_table(void)
{
    ht_options options = options_of_a_full_table();
    ht_table *table = ht_create(&options);
    ht_put(table, LONG_MAX, string("string"), HT_STRING, string("a value"), HT_STRING, HT_COPY);
    ht_put(table, LONG_MAX, bytes(), HT_BYTES, bytes(), HT_BYTES, HT_COPY);
    ht_put(table, LONG_MAX, integer(-4), HT_INTEGER, new_number(7), HT_POINTER, 0);
    ht_put(table, LONG_MAX, real(0.5), HT_DOUBLE, real(2.5), HT_DOUBLE, 0);
    return table;
}

/* What a pointer prints as is where it lies, and that is part of what must not change. */
static char *text_of(ht_table *table)
{
    char *text = ht_stringify(table);
    CHECK(text != NULL);
    return text;
}

/* ---- The operations. Each says how it ended, and gives back what it was given if the table did not take it ---- */

static int after(int ok)
{
    return ok ? HT_OK : errno == ENOMEM ? HT_ENOMEM : HT_EBUG;
}

static int op_new(ht_table *table)
{
    ht_table *made = ht_new(100, 0.5);
    int status = after(made != NULL);
    (void)table;
    ht_free(made);
    return status;
}

static int op_create(ht_table *table)
{
    ht_table *made = ht_create(NULL);
    int status = after(made != NULL);
    (void)table;
    ht_free(made);
    return status;
}

static int op_copy(ht_table *table)
{
    ht_table *twin = ht_copy(table);
    int status = after(twin != NULL);
    ht_free(twin);
    return status;
}

static int op_add(ht_table *table)
{
    char *text = strcpy(sure(8), "new key");
    int status = ht_add(table, LONG_MAX, string(text), HT_STRING, integer(1), HT_INTEGER);
    if (status != HT_OK)
        free(text);
    return status;
}

static int op_add_old(ht_table *table)
{
    return ht_add(table, LONG_MAX, integer(-4), HT_INTEGER, integer(1), HT_INTEGER);
}

static int op_put_string(ht_table *table)
{
    return ht_put(table, LONG_MAX, string("new key"), HT_STRING, string("new"), HT_STRING, HT_COPY);
}

static int op_put_bytes(ht_table *table)
{
    return ht_put(table, 77, bytes(), HT_BYTES, bytes(), HT_BYTES, HT_COPY);
}

static int op_put_old(ht_table *table)
{
    return ht_put(table, LONG_MAX, string("string"), HT_STRING, bytes(), HT_BYTES, HT_COPY);
}

static int op_put_adopted_bytes(ht_table *table)
{
    ht_bytes adopted;
    ht_value value;
    char *data = memcpy(sure(4), "data", 4);
    int status;
    adopted.length = 4;
    adopted.data = data;
    value.bytes = &adopted;
    status = ht_put(table, LONG_MAX, string("new key"), HT_STRING, value, HT_BYTES, HT_COPY_KEY);
    if (status != HT_OK)
        free(data);
    return status;
}

static int op_upsert(ht_table *table)
{
    ht_item *item = NULL;
    int added = -1, status = ht_upsert(table, LONG_MAX, string("new"), HT_STRING, HT_COPY_KEY, &item, &added);
    CHECK(status == HT_OK ? item != NULL && added == 1 : item == NULL && added == -1);
    return status;
}

static int op_upsert_old(ht_table *table)
{
    ht_item *item = NULL;
    return ht_upsert(table, LONG_MAX, string("string"), HT_STRING, HT_COPY_KEY, &item, NULL);
}

static int op_set_value(ht_table *table)
{
    return ht_set_value(table, ht_lookup(table, integer(-4), HT_INTEGER), bytes(), HT_BYTES, HT_COPY_VALUE);
}

static int op_reserve(ht_table *table)
{
    return ht_reserve(table, 1000);
}

static int op_shrink(ht_table *table)
{
    return ht_shrink(table);
}

static int op_resize(ht_table *table)
{
    return ht_resize(table);
}

static int op_stringify(ht_table *table)
{
    char *text = ht_stringify(table);
    int status = after(text != NULL);
    free(text);
    return status;
}

static int op_stringify_simple(ht_table *table)
{
    char *text = ht_stringify_simple(table);
    int status = after(text != NULL);
    free(text);
    return status;
}

static int op_stringify_item(ht_table *table)
{
    char *text = ht_stringify_item(ht_lookup(table, string("string"), HT_STRING));
    int status = after(text != NULL);
    free(text);
    return status;
}

static int op_look(ht_table *table)
{
    ht_statistics statistics = HT_STATISTICS;
    size_t cursor = 0;
    int seen = 0;
    while (ht_next(table, &cursor) != NULL)
        seen++;
    CHECK(seen == 4 && ht_lookup(table, bytes(), HT_BYTES) != NULL && ht_contains(table, real(0.5), HT_DOUBLE));
    return ht_stats(table, &statistics);
}

static int op_remove(ht_table *table)
{
    ht_item *item = ht_remove(table, string("string"), HT_STRING);
    CHECK(item != NULL);
    ht_item_free(item);
    return HT_OK;
}

static int op_clear(ht_table *table)
{
    ht_clear(table);
    return HT_OK;
}

static const struct {
    const char *name;
    int (*run)(ht_table *table);
    int frugal; /* needs no memory */
} OPERATIONS[] = {
    {"new", op_new, 0},
    {"create", op_create, 0},
    {"copy", op_copy, 0},
    {"add", op_add, 0},
    {"add of a key that is there", op_add_old, 1},
    {"put of strings", op_put_string, 0},
    {"put of bytes", op_put_bytes, 0},
    {"put of a key that is there", op_put_old, 0},
    {"put of bytes that are adopted", op_put_adopted_bytes, 0},
    {"upsert", op_upsert, 0},
    {"upsert of a key that is there", op_upsert_old, 1},
    {"set_value", op_set_value, 0},
    {"reserve", op_reserve, 0},
    {"shrink", op_shrink, 0},
    {"resize", op_resize, 0},
    {"stringify", op_stringify, 0},
    {"stringify_simple", op_stringify_simple, 0},
    {"stringify_item", op_stringify_item, 0},
    {"lookups, a walk, statistics", op_look, 1},
    {"remove", op_remove, 1},
    {"clear", op_clear, 1},
};

static void each_request_of_each_operation_fails_and_changes_nothing(void)
{
    size_t i;
    int all;
    for (i = 0; i < sizeof OPERATIONS / sizeof OPERATIONS[0]; i++) {
        for (all = 0; all <= 1; all++) {
            long number, refused = 0, made;
            do {
                long before = outstanding, in_table;
                ht_table *table = full_table();
                char *was = text_of(table), *is;
                int status;
                number = refused + 1;
                requests = 0;
                refuse_from = number;
                refuse_to = all ? LONG_MAX : number + 1;
                in_table = outstanding;
                errno = 0;
                failing = 1;
                status = OPERATIONS[i].run(table);
                failing = 0;
                made = requests;
                refused += made >= number;
                if (status != HT_OK) {
                    CHECK(status == HT_ENOMEM && errno == ENOMEM && made >= number);
                    /* What was had of the room that was reserved stays the table's. */
                    CHECK(outstanding == in_table || OPERATIONS[i].run == op_reserve);
                    is = text_of(table);
                    CHECK(strcmp(is, was) == 0);
                    free(is);
                    /* There is memory again. */
                    CHECK(OPERATIONS[i].run(table) == HT_OK);
                }
                free(was);
                ht_free(table);
                CHECK(outstanding == before);
            } while (made >= number);
            CHECK((refused == 0) == OPERATIONS[i].frugal);
            fprintf(stderr, "%s: %ld requests refused%s\n", OPERATIONS[i].name, refused, all ? ", and the rest" : "");
        }
    }
}

/* ---- For real ---- */

static void a_program_that_has_used_up_its_memory_goes_on_working(void)
{
    struct rlimit limit, before;
    ht_table *table = ht_create(NULL), *other = ht_create(NULL);
    long key = 0, full, round;
    getrlimit(RLIMIT_AS, &before);
    limit = before;
    limit.rlim_cur = 200UL << 20;
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    for (round = 0; round < 2; round++) {
        int status;
        errno = 0;
        while ((status = add_int(table, key, key)) == HT_OK)
            key++;
        CHECK(status == HT_ENOMEM && errno == ENOMEM && key > 100000 && table->load == key);
        full = key;
        for (key = 0; key < full; key += 97)
            CHECK(find_int(table, key) != NULL && find_int(table, key)->value.i == key);
        CHECK(ht_copy(table) == NULL && errno == ENOMEM);
        /* A removed item is room for another. */
        ht_item_free(ht_remove(table, integer(0), HT_INTEGER));
        CHECK(add_int(table, -1, 1) == HT_OK && find_int(table, -1) != NULL);
        ht_clear(table);
        CHECK(ht_shrink(table) == HT_OK && table->load == 0);
        CHECK(add_int(other, round, 1) == HT_OK && other->load == round + 1);
        key = 0;
    }
    ht_free(table);
    ht_free(other);
    CHECK(setrlimit(RLIMIT_AS, &before) == 0);
}

int main(int argc, char **argv)
{
    (void)argv;
    RUN(each_request_of_each_operation_fails_and_changes_nothing);
    /* Not under valgrind, which needs more memory than that for itself: any argument leaves it out. */
    if (argc == 1)
        RUN(a_program_that_has_used_up_its_memory_goes_on_working);
    CHECK(outstanding == 0);
    return report();
}

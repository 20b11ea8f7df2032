/*
 * What the header promises of threads: functions that do not change a table may run at the same time, and different
 * tables are independent. Run plainly, this shows that the answers are right; under ThreadSanitizer, that nothing
 * is written behind the back of such a function. With an argument it breaks the rule, which has to be seen.
 */

#include "check.h"

#include <pthread.h>

#define THREADS 4
#define KEYS 200
#define ROUNDS 20

/* CHECK counts in variables that threads do not share: here each counts its own failures, and main checks the sum. */
typedef struct worker {
    ht_table *table;
    long number, wrong;
} worker;

#define EXPECT(condition) (self->wrong += !(condition))

static worker workers[THREADS];

/* Lets all threads do the work, each with its own table or all with the same. */
static void in_threads(void *(*work)(void *), ht_table *const *tables, int of_its_own)
{
    pthread_t threads[THREADS];
    int number;
    for (number = 0; number < THREADS; number++) {
        workers[number].table = tables[of_its_own ? number : 0];
        workers[number].number = number;
        workers[number].wrong = 0;
        CHECK(pthread_create(&threads[number], NULL, work, &workers[number]) == 0);
    }
    for (number = 0; number < THREADS; number++) {
        CHECK(pthread_join(threads[number], NULL) == 0);
        CHECK(workers[number].wrong == 0);
    }
}

static void fill(ht_table *table, int strings)
{
    long number;
    char text[32];
    for (number = 0; number < KEYS; number++) {
        CHECK(add_int(table, number, -number) == HT_OK);
        CHECK(ht_add(table, LONG_MAX, real((double)number + 0.5), HT_DOUBLE, integer(number), HT_INTEGER) == HT_OK);
        if (strings) {
            sprintf(text, "key %ld", number);
            CHECK(ht_add(table, LONG_MAX, owned(text), HT_STRING, owned(text), HT_STRING) == HT_OK);
        }
    }
}

static void *look(void *argument)
{
    worker *self = argument;
    ht_table *table = self->table;
    long round, number;
    for (round = 0; round < ROUNDS; round++) {
        ht_statistics statistics = HT_STATISTICS;
        size_t cursor = 0;
        long seen = 0;
        ht_item *item;
        ht_table *other;
        char *text;
        for (number = 0; number < KEYS; number++) {
            ht_value key = integer(number);
            item = ht_lookup(table, key, HT_INTEGER);
            EXPECT(item != NULL && item->value.i == -number);
            EXPECT(ht_lookup_by_hash(table, ht_own_hash(table, key, HT_INTEGER), key, HT_INTEGER) == item);
            EXPECT(ht_contains(table, real((double)number + 0.5), HT_DOUBLE));
            EXPECT(!ht_contains(table, integer(KEYS + number), HT_INTEGER));
            EXPECT(ht_lookup(table, string("no key"), HT_STRING) == NULL);
        }
        item = ht_lookup(table, string("key 7"), HT_STRING);
        EXPECT(item == NULL || strcmp(item->value.str, "key 7") == 0);
        while (ht_next(table, &cursor) != NULL)
            seen++;
        EXPECT(seen == table->load);
        EXPECT(ht_stats(table, &statistics) == HT_OK && statistics.load == seen);
        EXPECT(!ht_max_load_reached(table));
        free(ht_stringify_simple(table));
        text = ht_stringify(table);
        EXPECT(text != NULL && strstr(text, "HashTable") != NULL);
        free(text);
        text = ht_stringify_item(ht_lookup(table, integer(3), HT_INTEGER));
        EXPECT(text != NULL);
        free(text);
        other = ht_copy(table);
        EXPECT(other != NULL && other->load == seen && add_int(other, -1, self->number) == HT_OK);
        ht_item_free(ht_remove(other, integer(5), HT_INTEGER));
        ht_free(other);
        EXPECT(ht_lookup(NULL, integer(1), HT_INTEGER) == NULL);
    }
    return NULL;
}

/* Each way of hashing, with and without strings where they can be keys; with short chains and with long ones. */
static void functions_that_do_not_change_a_table_may_run_at_the_same_time(void)
{
    static const unsigned ways[] = {HT_HASH_SIP,      HT_HASH_TALK,      HT_HASH_FNV1A,
                                    HT_HASH_IDENTITY, HT_HASH_FIBONACCI, HT_HASH_XXH3};
    size_t way;
    for (way = 0; way < 2 * sizeof ways / sizeof *ways; way++) {
        ht_options options = HT_OPTIONS;
        ht_table *table;
        options.hashing = ways[way / 2];
        options.flags = way % 2 ? HT_NEVER_RESIZE : 0;
        options.size = way % 2 ? 16 : 0;
        table = ht_create(&options);
        fill(table, options.hashing != HT_HASH_IDENTITY && options.hashing != HT_HASH_FIBONACCI);
        ht_item_free(ht_remove(table, real(7.5), HT_DOUBLE));
        CHECK(ht_add(table, LONG_MAX, real(7.5), HT_DOUBLE, integer(7), HT_INTEGER) == HT_OK);
        in_threads(look, &table, 0);
        ht_free(table);
    }
}

static void *change(void *argument)
{
    worker *self = argument;
    long round, number;
    for (round = 0; round < ROUNDS; round++) {
        ht_table *another = ht_create(NULL);
        for (number = 0; number < KEYS; number++) {
            ht_item *item;
            EXPECT(add_int(self->table, number, self->number) == HT_OK);
            EXPECT(add_int(another, number, number) == HT_OK);
            item = ht_remove(self->table, integer(number), HT_INTEGER);
            EXPECT(item != NULL && item->value.i == self->number);
            EXPECT(ht_put(another, LONG_MAX, string("a key"), HT_STRING, string("a value"), HT_STRING, HT_COPY) == HT_OK);
            ht_item_free(item);
        }
        EXPECT(ht_reserve(self->table, 5000) == HT_OK && ht_shrink(self->table) == HT_OK);
        EXPECT(ht_resize(self->table) == HT_OK);
        EXPECT(ht_upsert(self->table, LONG_MAX, integer(-1), HT_INTEGER, 0, NULL, NULL) == HT_EINVAL);
        ht_clear(self->table);
        ht_free(another);
        EXPECT(ht_new(-1, 0.5) == NULL);
        EXPECT(ht_strerror(HT_ENOMEM) != NULL);
    }
    return NULL;
}

/* A copy has nothing in common with what it was copied from; nor has anything that a freed table had. */
static void different_tables_are_independent(void)
{
    ht_table *tables[THREADS];
    int number;
    tables[0] = ht_new(4, 0.5);
    fill(tables[0], 1);
    for (number = 1; number < THREADS; number++)
        tables[number] = ht_copy(tables[number - 1]);
    in_threads(change, tables, 1);
    for (number = 0; number < THREADS; number++)
        ht_free(tables[number]);
}

/* A table goes to the thread that asks for it next; so one thread frees what another has made. */
static void *hand_over(void *argument)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static ht_table *handed;
    worker *self = argument;
    long round;
    for (round = 0; round < 100 * ROUNDS; round++) {
        ht_table *mine;
        pthread_mutex_lock(&lock);
        mine = handed;
        handed = NULL;
        pthread_mutex_unlock(&lock);
        if (mine == NULL)
            mine = ht_create(NULL);
        EXPECT(add_int(mine, round, self->number) == HT_OK);
        ht_item_free(ht_remove(mine, integer(round - 1), HT_INTEGER));
        pthread_mutex_lock(&lock);
        if (handed == NULL) {
            handed = mine;
            mine = NULL;
        }
        pthread_mutex_unlock(&lock);
        ht_free(mine);
    }
    pthread_mutex_lock(&lock);
    ht_free(handed);
    handed = NULL;
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void a_table_may_go_from_thread_to_thread(void)
{
    ht_table *none = NULL;
    in_threads(hand_over, &none, 0);
}

/* Looks, while others change the same table; whatever comes of it. */
static void *break_the_rule(void *argument)
{
    worker *self = argument;
    if (self->number == 0)
        ht_set_value(self->table, ht_lookup(self->table, integer(1), HT_INTEGER), integer(2), HT_INTEGER, 0);
    else
        ht_contains(self->table, integer(self->number), HT_INTEGER);
    add_int(self->table, 1, self->number);
    return NULL;
}

static void a_planted_race(void)
{
    ht_table *table = ht_create(NULL);
    add_int(table, 1, 1);
    in_threads(break_the_rule, &table, 0);
    ht_free(table);
}

int main(int count, char **arguments)
{
    (void)arguments;
    if (count > 1) {
        RUN(a_planted_race);
        return report();
    }
    RUN(functions_that_do_not_change_a_table_may_run_at_the_same_time);
    RUN(different_tables_are_independent);
    RUN(a_table_may_go_from_thread_to_thread);
    return report();
}

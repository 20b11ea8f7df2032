/*
 * A table that was freed, and then used as if it were not: undefined, in C's terms, but told as far as it can
 * be. Its memory has not been used again here, so it can.
 */

#include "check.h"

#include <errno.h>

static void a_freed_table_is_refused(void)
{
    ht_table *table = ht_create(NULL);
    ht_value key = integer(1);
    ht_statistics statistics = HT_STATISTICS;
    size_t cursor = 0;
    ht_item *item;
    ht_add(table, LONG_MAX, key, HT_INTEGER, key, HT_INTEGER);
    ht_free(table);
    ht_free(table);
    errno = 0;
    CHECK(ht_add(table, LONG_MAX, key, HT_INTEGER, key, HT_INTEGER) == HT_EINVAL && errno == EINVAL);
    CHECK(ht_upsert(table, LONG_MAX, key, HT_INTEGER, 0, &item, NULL) == HT_EINVAL);
    CHECK(ht_lookup(table, key, HT_INTEGER) == NULL);
    CHECK(ht_remove(table, key, HT_INTEGER) == NULL);
    CHECK(ht_next(table, &cursor) == NULL);
    CHECK(ht_resize(table) == HT_EINVAL && ht_reserve(table, 9) == HT_EINVAL && ht_shrink(table) == HT_EINVAL);
    CHECK(ht_stats(table, &statistics) == HT_EINVAL);
    CHECK(ht_copy(table) == NULL && ht_stringify(table) == NULL);
    ht_clear(table);
    ht_print(table);
}

static void a_freed_item_is_not_freed_again(void)
{
    ht_table *table = ht_create(NULL);
    ht_item *item;
    add_int(table, 1, 1);
    item = ht_remove(table, integer(1), HT_INTEGER);
    ht_item_free(item);
    ht_item_free(item);
    CHECK(add_int(table, 2, 2) == HT_OK && add_int(table, 3, 3) == HT_OK && table->load == 2);
    CHECK(find_int(table, 2) != find_int(table, 3));
    ht_free(table);
}

int main(void)
{
    RUN(a_freed_table_is_refused);
    RUN(a_freed_item_is_not_freed_again);
    return report();
}

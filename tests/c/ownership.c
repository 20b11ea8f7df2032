/*
 * Who owns what, and for how long. Much of what is promised here shows only under valgrind, which runs this
 * program too.
 */

#include "check.h"

static void the_items_own_strings_may_be_handed_back(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_item *item;
    ht_add(table, LONG_MAX, owned("key"), HT_STRING, owned("value"), HT_STRING);
    item = ht_lookup(table, string("key"), HT_STRING);
    CHECK(ht_add(table, LONG_MAX, item->key, HT_STRING, item->value, HT_STRING) == HT_OK);
    CHECK(strcmp(item->key.str, "key") == 0 && strcmp(item->value.str, "value") == 0);
    CHECK(ht_add(table, LONG_MAX, item->key, HT_STRING, owned("other"), HT_STRING) == HT_OK);
    CHECK(strcmp(item->key.str, "key") == 0 && strcmp(item->value.str, "other") == 0);
    CHECK(ht_add(table, LONG_MAX, owned("key"), HT_STRING, item->value, HT_STRING) == HT_OK);
    CHECK(strcmp(item->key.str, "key") == 0 && strcmp(item->value.str, "other") == 0);
    CHECK(ht_add(table, LONG_MAX, owned("key"), HT_STRING, item->key, HT_STRING) == HT_OK);
    CHECK(strcmp(item->value.str, "key") == 0 && item->key.str != item->value.str);
    ht_free(table);
}

static void one_string_may_be_both_key_and_value(void)
{
    ht_table *table = ht_new(4, 0.5);
    char *both = copy("both"), *again = copy("both");
    CHECK(ht_add(table, LONG_MAX, string(both), HT_STRING, string(both), HT_STRING) == HT_OK);
    CHECK(ht_add(table, LONG_MAX, string(again), HT_STRING, string(again), HT_STRING) == HT_OK);
    ht_item_free(ht_remove(table, string("both"), HT_STRING));
    again = copy("once more");
    CHECK(ht_add(table, LONG_MAX, string(again), HT_STRING, string(again), HT_STRING) == HT_OK);
    ht_free(table);
}

static void a_value_may_be_written_through_its_item(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_item *item;
    add_int(table, 1, 0);
    item = find_int(table, 1);
    item->value.i += 41;
    item->value.i++;
    CHECK(find_int(table, 1)->value.i == 42);
    item->value = owned("forty-two");
    item->value_type = HT_STRING;
    CHECK(shows(table, "Value: forty-two------\n"));
    ht_free(table);
}

static void an_item_never_moves(void)
{
    enum { COUNT = 5000 };
    static ht_item *items[COUNT];
    ht_table *table = ht_new(1, 0.5);
    long key;
    for (key = 0; key < COUNT; key++) {
        CHECK(add_int(table, key, -key) == HT_OK);
        items[key] = find_int(table, key);
    }
    CHECK(ht_resize(table) == HT_OK);
    for (key = 0; key < COUNT; key++)
        CHECK(find_int(table, key) == items[key] && items[key]->key.i == key && items[key]->value.i == -key);
    ht_free(table);
}

static void removing_gives_the_pointer_that_looking_up_gave(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_item *item;
    ht_add(table, LONG_MAX, owned("key"), HT_STRING, owned("value"), HT_STRING);
    item = ht_lookup(table, string("key"), HT_STRING);
    CHECK(ht_remove(table, string("key"), HT_STRING) == item);
    CHECK(table->load == 0 && ht_lookup(table, string("key"), HT_STRING) == NULL);
    CHECK(strcmp(item->key.str, "key") == 0 && strcmp(item->value.str, "value") == 0 && item->hash == 3);
    ht_item_free(item);
    ht_free(table);
}

static void removed_items_outlive_their_table_and_are_freed_in_any_order(void)
{
    static const int ORDERS[][5] = {{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 4, 0, 3, 1}};
    static const long KEYS[5] = {0, 1, 17, 500, 999};
    size_t order;
    int i;
    for (order = 0; order < sizeof ORDERS / sizeof ORDERS[0]; order++) {
        ht_table *table = ht_new(4, 0.5);
        ht_item *items[5];
        long key;
        for (key = 0; key < 1000; key++)
            CHECK(ht_add(table, LONG_MAX, integer(key), HT_INTEGER, owned("value"), HT_STRING) == HT_OK);
        for (i = 0; i < 5; i++)
            items[i] = ht_remove(table, integer(KEYS[i]), HT_INTEGER);
        ht_item_free(items[ORDERS[order][0]]);
        ht_free(table);
        for (i = 1; i < 5; i++) {
            ht_item *item = items[ORDERS[order][i]];
            CHECK(item->key.i == KEYS[ORDERS[order][i]] && strcmp(item->value.str, "value") == 0);
            ht_item_free(item);
        }
    }
}

static void an_address_is_not_used_again_while_its_item_is_out(void)
{
    enum { OUT = 1000, NEW = 3000 };
    static ht_item *out[OUT];
    ht_table *table = ht_new(4, 0.5);
    long key;
    int i;
    for (key = 0; key < OUT; key++)
        add_int(table, key, key);
    for (key = 0; key < OUT; key++)
        out[key] = ht_remove(table, integer(key), HT_INTEGER);
    for (key = 0; key < NEW; key++) {
        ht_item *item;
        add_int(table, 100000 + key, key);
        item = find_int(table, 100000 + key);
        for (i = 0; i < OUT; i += 37)
            CHECK(item != out[i]);
    }
    for (i = 0; i < OUT; i++) {
        CHECK(out[i]->key.i == i && out[i]->value.i == i);
        ht_item_free(out[i]);
    }
    CHECK(table->load == NEW);
    ht_free(table);
}

static void the_place_of_a_freed_item_is_used_again(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_item *first;
    long key;
    for (key = 0; key < 100; key++)
        add_int(table, key, key);
    first = find_int(table, 50);
    for (key = 100; key < 10000; key++) {
        ht_item_free(ht_remove(table, integer(50), HT_INTEGER));
        CHECK(add_int(table, 50, key) == HT_OK);
        CHECK(find_int(table, 50) == first);
    }
    CHECK(table->load == 100);
    ht_free(table);
}

static void an_item_that_is_not_out_is_not_freed(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_item *item;
    ht_add(table, LONG_MAX, owned("key"), HT_STRING, owned("value"), HT_STRING);
    item = ht_lookup(table, string("key"), HT_STRING);
    ht_item_free(item);
    CHECK(ht_lookup(table, string("key"), HT_STRING) == item && strcmp(item->value.str, "value") == 0);
    CHECK(table->load == 1);
    ht_remove(table, string("key"), HT_STRING);
    ht_item_free(item);
    ht_item_free(item);
    CHECK(add_int(table, 1, 1) == HT_OK && add_int(table, 2, 2) == HT_OK);
    CHECK(find_int(table, 1) != find_int(table, 2));
    ht_free(table);
}

static void a_string_of_a_removed_item_may_be_kept(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_item *item;
    char *value;
    ht_add(table, LONG_MAX, owned("key"), HT_STRING, owned("value"), HT_STRING);
    item = ht_remove(table, string("key"), HT_STRING);
    value = item->value.str;
    item->value.str = NULL;
    ht_item_free(item);
    ht_free(table);
    CHECK(strcmp(value, "value") == 0);
    free(value);
}

static void all_items_may_be_removed_and_freed_before_and_after_the_table(void)
{
    enum { COUNT = 300 };
    static ht_item *items[COUNT];
    ht_table *table = ht_new(7, 1.5);
    long key;
    for (key = 0; key < COUNT; key++)
        ht_add(table, -key * 7, integer(key), HT_INTEGER, owned("v"), HT_STRING);
    for (key = 0; key < COUNT; key++)
        items[key] = ht_remove_by_hash(table, -key * 7, integer(key), HT_INTEGER);
    for (key = 0; key < COUNT; key += 2)
        ht_item_free(items[key]);
    CHECK(table->load == 0);
    ht_free(table);
    for (key = COUNT - 1; key > 0; key -= 2)
        ht_item_free(items[key]);
}

int main(void)
{
    RUN(the_items_own_strings_may_be_handed_back);
    RUN(one_string_may_be_both_key_and_value);
    RUN(a_value_may_be_written_through_its_item);
    RUN(an_item_never_moves);
    RUN(removing_gives_the_pointer_that_looking_up_gave);
    RUN(removed_items_outlive_their_table_and_are_freed_in_any_order);
    RUN(an_address_is_not_used_again_while_its_item_is_out);
    RUN(the_place_of_a_freed_item_is_used_again);
    RUN(an_item_that_is_not_out_is_not_freed);
    RUN(a_string_of_a_removed_item_may_be_kept);
    RUN(all_items_may_be_removed_and_freed_before_and_after_the_table);
    return report();
}

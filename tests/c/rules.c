/* The rules of the table, as a C program sees them. */

#include "check.h"

#include <math.h>

static void a_new_table_is_empty_and_says_so(void)
{
    ht_table *table = ht_new(3, 0.75);
    CHECK(table != NULL);
    CHECK(table->size == 3 && table->load == 0 && table->max_load_proportion == 0.75);
    CHECK(find_int(table, 0) == NULL);
    CHECK(looks_like(table, "[]\n[]\n[]\n"));
    ht_free(table);
}

static void an_item_is_in_the_bin_of_its_hash_and_at_its_chains_tail(void)
{
    ht_table *table = ht_new(3, 5.0);
    long key;
    for (key = 0; key < 8; key++)
        CHECK(add_int(table, key, 10 * key) == HT_OK);
    CHECK(looks_like(table, "[]***\n[]***\n[]**\n"));
    CHECK(shows(table, "*Bin 1\n"
                       "---------Hash: 1---Key: 1---Value: 10------\n"
                       "---------Hash: 4---Key: 4---Value: 40------\n"
                       "---------Hash: 7---Key: 7---Value: 70------\n"
                       "*Bin 2\n"));
    ht_free(table);
}

static void the_bins_double_before_the_load_would_exceed_its_maximum(void)
{
    ht_table *table = ht_new(4, 0.5);
    CHECK(!ht_max_load_reached(table));
    add_int(table, 1, 0);
    CHECK(!ht_max_load_reached(table));
    add_int(table, 2, 0);
    CHECK(table->size == 4 && ht_max_load_reached(table));
    add_int(table, 3, 0);
    CHECK(table->size == 8 && table->load == 3 && !ht_max_load_reached(table));
    ht_free(table);
}

static void the_bins_double_more_than_once_if_they_must(void)
{
    ht_table *table = ht_new(1, 0.1);
    CHECK(ht_max_load_reached(table));
    CHECK(add_int(table, 1, 0) == HT_OK);
    CHECK(table->size == 16 && table->load == 1);
    ht_free(table);
}

static void replacing_never_resizes_and_removing_never_shrinks(void)
{
    ht_table *table = ht_new(4, 0.5);
    add_int(table, 1, 0);
    add_int(table, 2, 0);
    CHECK(add_int(table, 2, 5) == HT_OK);
    CHECK(table->size == 4 && table->load == 2 && find_int(table, 2)->value.i == 5);
    ht_item_free(ht_remove(table, integer(1), HT_INTEGER));
    ht_item_free(ht_remove(table, integer(2), HT_INTEGER));
    CHECK(table->size == 4 && table->load == 0);
    CHECK(looks_like(table, "[]\n[]\n[]\n[]\n"));
    ht_free(table);
}

static void a_resize_keeps_the_order_within_each_bin(void)
{
    ht_table *table = ht_new(2, 100.0);
    add_hashed(table, 6, 1);
    add_hashed(table, 2, 2);
    add_hashed(table, 4, 3);
    add_hashed(table, 10, 4);
    add_hashed(table, -2, 5);
    CHECK(ht_resize(table) == HT_OK);
    CHECK(table->size == 4 && table->load == 5);
    CHECK(shows(table, "*Bin 0\n"
                       "---------Hash: 4---Key: 3---Value: 3------\n"
                       "*Bin 1\n"
                       "(empty)\n"
                       "*Bin 2\n"
                       "---------Hash: 6---Key: 1---Value: 1------\n"
                       "---------Hash: 2---Key: 2---Value: 2------\n"
                       "---------Hash: 10---Key: 4---Value: 4------\n"
                       "---------Hash: -2---Key: 5---Value: 5------\n"
                       "*Bin 3\n"));
    ht_free(table);
}

static void keys_of_three_types_are_three_keys(void)
{
    ht_table *table = ht_new(4, 1.0);
    CHECK(ht_add(table, 1, integer(1), HT_INTEGER, integer(10), HT_INTEGER) == HT_OK);
    CHECK(ht_add(table, 1, real(1.0), HT_DOUBLE, integer(20), HT_INTEGER) == HT_OK);
    CHECK(ht_add(table, 1, owned("1"), HT_STRING, integer(30), HT_INTEGER) == HT_OK);
    CHECK(table->load == 3);
    CHECK(ht_lookup(table, integer(1), HT_INTEGER)->value.i == 10);
    CHECK(ht_lookup(table, real(1.0), HT_DOUBLE)->value.i == 20);
    CHECK(ht_lookup(table, string("1"), HT_STRING)->value.i == 30);
    ht_free(table);
}

static void a_nan_is_found_and_removed_and_the_zeroes_are_one(void)
{
    ht_table *table = ht_new(4, 1.0);
    ht_item *item;
    CHECK(ht_add(table, LONG_MAX, real(NAN), HT_DOUBLE, integer(1), HT_INTEGER) == HT_OK);
    CHECK(ht_add(table, LONG_MAX, real(-NAN), HT_DOUBLE, integer(2), HT_INTEGER) == HT_OK);
    CHECK(ht_add(table, LONG_MAX, real(0.0), HT_DOUBLE, integer(3), HT_INTEGER) == HT_OK);
    CHECK(ht_add(table, LONG_MAX, real(-0.0), HT_DOUBLE, integer(4), HT_INTEGER) == HT_OK);
    CHECK(table->load == 2);
    CHECK(ht_lookup(table, real(NAN), HT_DOUBLE)->value.i == 2);
    CHECK(ht_lookup(table, real(0.0), HT_DOUBLE)->value.i == 4);
    item = ht_remove(table, real(NAN), HT_DOUBLE);
    CHECK(item != NULL && table->load == 1);
    ht_item_free(item);
    ht_free(table);
}

static void replacing_keeps_the_items_address_and_its_place_in_the_chain(void)
{
    ht_table *table = ht_new(1, 10.0);
    ht_item *item;
    add_int(table, 1, 1);
    ht_add(table, LONG_MAX, owned("bin"), HT_STRING, owned("old"), HT_STRING);
    add_int(table, 2, 2);
    item = ht_lookup(table, string("bin"), HT_STRING);
    CHECK(ht_add(table, LONG_MAX, owned("bin"), HT_STRING, owned("new"), HT_STRING) == HT_OK);
    CHECK(ht_lookup(table, string("bin"), HT_STRING) == item && strcmp(item->value.str, "new") == 0);
    CHECK(ht_add(table, LONG_MAX, owned("bin"), HT_STRING, real(0.5), HT_DOUBLE) == HT_OK);
    CHECK(item->value_type == HT_DOUBLE && item->value.f == 0.5 && table->load == 3);
    CHECK(shows(table, "---------Hash: 1---Key: 1---Value: 1------\n"
                       "---------Hash: 3---Key: bin---Value: 0.500000------\n"
                       "---------Hash: 2---Key: 2---Value: 2------\n"));
    ht_free(table);
}

static void a_hash_that_is_given_is_used_and_kept(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_item *item;
    long more;
    CHECK(ht_add(table, 42, owned("key"), HT_STRING, integer(1), HT_INTEGER) == HT_OK);
    CHECK(ht_lookup(table, string("key"), HT_STRING) == NULL);
    item = ht_lookup_by_hash(table, 42, string("key"), HT_STRING);
    CHECK(item != NULL && item->hash == 42);
    for (more = 0; more < 100; more++)
        add_int(table, more, more);
    CHECK(ht_lookup_by_hash(table, 42, string("key"), HT_STRING) == item && item->hash == 42);
    CHECK(ht_remove(table, string("key"), HT_STRING) == NULL);
    CHECK(ht_remove_by_hash(table, 42, string("key"), HT_STRING) == item);
    ht_item_free(item);
    ht_free(table);
}

static void LONG_MAX_means_the_tables_own_hash(void)
{
    ht_table *table = ht_new(4, 0.5);
    CHECK(ht_add(table, LONG_MAX, owned("word"), HT_STRING, integer(1), HT_INTEGER) == HT_OK);
    CHECK(ht_lookup_by_hash(table, LONG_MAX, string("word"), HT_STRING) != NULL);
    CHECK(ht_lookup_by_hash(table, 4, string("word"), HT_STRING)->hash == 4);
    CHECK(add_int(table, LONG_MAX, 5) == HT_OK);
    CHECK(find_int(table, LONG_MAX)->hash == LONG_MAX);
    ht_item_free(ht_remove_by_hash(table, LONG_MAX, integer(LONG_MAX), HT_INTEGER));
    CHECK(table->load == 1);
    ht_free(table);
}

static void the_default_hash_is_the_talks(void)
{
    CHECK(ht_hash(integer(-17), HT_INTEGER) == -17);
    CHECK(ht_hash(integer(LONG_MIN), HT_INTEGER) == LONG_MIN);
    CHECK(ht_hash(real(2.99), HT_DOUBLE) == 2);
    CHECK(ht_hash(real(-2.01), HT_DOUBLE) == -3);
    CHECK(ht_hash(real(1e300), HT_DOUBLE) == LONG_MAX);
    CHECK(ht_hash(real(-INFINITY), HT_DOUBLE) == LONG_MIN);
    CHECK(ht_hash(real(NAN), HT_DOUBLE) == 0);
    CHECK(ht_hash(string("bilbao"), HT_STRING) == 6);
    CHECK(ht_hash(string(""), HT_STRING) == 0);
    CHECK(ht_hash(string("\xff\xfe"), HT_STRING) == 2);
}

static void a_bin_index_is_the_floor_modulo(void)
{
    CHECK(ht_bin_index(9, 4) == 1);
    CHECK(ht_bin_index(-1, 4) == 3);
    CHECK(ht_bin_index(-4, 4) == 0);
    CHECK(ht_bin_index(-5, 3) == 1);
    CHECK(ht_bin_index(LONG_MIN, 10) == 2);
    CHECK(ht_bin_index(LONG_MAX, LONG_MAX) == 0);
    CHECK(ht_bin_index(LONG_MIN, LONG_MAX) == LONG_MAX - 1);
}

static void equality_is_strict_about_types(void)
{
    const char a[] = "a";
    CHECK(ht_equal(integer(1), HT_INTEGER, integer(1), HT_INTEGER) == 1);
    CHECK(!ht_equal(integer(1), HT_INTEGER, integer(2), HT_INTEGER));
    CHECK(!ht_equal(integer(1), HT_INTEGER, real(1.0), HT_DOUBLE));
    CHECK(!ht_equal(real(1.0), HT_DOUBLE, string("1"), HT_STRING));
    CHECK(!ht_equal(integer(0), HT_INTEGER, real(0.0), HT_DOUBLE));
    CHECK(ht_equal(real(0.0), HT_DOUBLE, real(-0.0), HT_DOUBLE) == 1);
    CHECK(ht_equal(real(NAN), HT_DOUBLE, real(-NAN), HT_DOUBLE) == 1);
    CHECK(!ht_equal(real(NAN), HT_DOUBLE, real(0.0), HT_DOUBLE));
    CHECK(ht_equal(string(a), HT_STRING, string("a"), HT_STRING) == 1);
    CHECK(!ht_equal(string("a"), HT_STRING, string("b"), HT_STRING));
    CHECK(!ht_equal(string("a"), HT_STRING, string(NULL), HT_STRING));
    CHECK(!ht_equal(string(NULL), HT_STRING, string(""), HT_STRING));
    CHECK(ht_equal(string(NULL), HT_STRING, string(NULL), HT_STRING) == 1);
    CHECK(!ht_equal(string(NULL), HT_STRING, integer(0), HT_INTEGER));
}

int main(void)
{
    RUN(a_new_table_is_empty_and_says_so);
    RUN(an_item_is_in_the_bin_of_its_hash_and_at_its_chains_tail);
    RUN(the_bins_double_before_the_load_would_exceed_its_maximum);
    RUN(the_bins_double_more_than_once_if_they_must);
    RUN(replacing_never_resizes_and_removing_never_shrinks);
    RUN(a_resize_keeps_the_order_within_each_bin);
    RUN(keys_of_three_types_are_three_keys);
    RUN(a_nan_is_found_and_removed_and_the_zeroes_are_one);
    RUN(replacing_keeps_the_items_address_and_its_place_in_the_chain);
    RUN(a_hash_that_is_given_is_used_and_kept);
    RUN(LONG_MAX_means_the_tables_own_hash);
    RUN(the_default_hash_is_the_talks);
    RUN(a_bin_index_is_the_floor_modulo);
    RUN(equality_is_strict_about_types);
    return report();
}

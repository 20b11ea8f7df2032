/* The 2014 program's own bugs that a C program could meet. Each test is named after what happened then. */

#include "check.h"

#include "talk/hashtable.h"

static void defect_1_a_negative_hash_that_is_a_multiple_of_the_size_left_the_array(void)
{
    HashTable *table = init(4, 2.0);
    long number;
    CHECK(calculate_bin_index(-4, 4) == 0);
    for (number = -12; number <= 0; number += 4)
        table = add(LONG_MAX, integer(number), INTEGER, integer(number), INTEGER, table);
    CHECK(looks_like(table, "[]****\n[]\n[]\n[]\n"));
    for (number = -12; number <= 0; number += 4)
        CHECK(lookup(integer(number), INTEGER, table)->value.i == number);
    table = resize(table);
    CHECK(looks_like(table, "[]**\n[]\n[]\n[]\n[]**\n[]\n[]\n[]\n"));
    free_table(table);
}

static void defect_3_removing_a_key_that_is_missing_freed_null(void)
{
    HashTable *table = init(4, 0.5);
    free_item(remove_item_from_table(integer(1), INTEGER, table));
    free_item(remove_item_from_table_by_hash(1, integer(1), INTEGER, table));
    table = add(LONG_MAX, integer(1), INTEGER, integer(1), INTEGER, table);
    free_item(remove_item_from_table(integer(5), INTEGER, table));
    free_item(remove_item_from_table(string("1"), STRING, table));
    CHECK(table->load == 1);
    free_table(table);
}

static void defect_8_a_hash_of_LONG_MAX_was_an_error(void)
{
    HashTable *table = init(4, 0.5);
    Item *item;
    table = add(LONG_MAX, integer(LONG_MAX), INTEGER, integer(1), INTEGER, table);
    table = add(LONG_MAX, real(1e300), DOUBLE, integer(2), INTEGER, table);
    CHECK(table->load == 2);
    item = lookup(integer(LONG_MAX), INTEGER, table);
    CHECK(item != NULL && item->hash == LONG_MAX && item->value.i == 1);
    item = lookup_by_hash(LONG_MAX, real(1e300), DOUBLE, table);
    CHECK(item != NULL && item->hash == LONG_MAX && item->value.i == 2);
    free_item(remove_item_from_table(integer(LONG_MAX), INTEGER, table));
    CHECK(table->load == 1);
    free_table(table);
}

static void defect_10_the_picture_of_many_bins_overran_its_buffer(void)
{
    const long size = 100000;
    HashTable *table = init(size, 5.0);
    char *text;
    long number;
    for (number = 0; number < 2 * size; number++)
        table = add(LONG_MAX, integer(number), INTEGER, integer(number), INTEGER, table);
    text = stringify_table_simple(table);
    CHECK(text != NULL && strlen(text) == (size_t)(5 * size)); /* "[]**\n" */
    free(text);
    text = stringify_table(table);
    CHECK(text != NULL && strstr(text, "---Key: 199999---Value: 199999------\n********************\n") != NULL);
    free(text);
    free_table(table);

    table = init(1, 1000.0);
    for (number = 0; number < 1000; number++)
        table = add(LONG_MAX, integer(number), INTEGER, integer(number), INTEGER, table);
    text = stringify_table_simple(table);
    CHECK(text != NULL && strlen(text) == 1003 && strspn(text + 2, "*") == 1000);
    free(text);
    free_table(table);
}

static void defect_11_a_size_of_two_to_the_62_was_a_segfault(void)
{
    CHECK(init(1L << 62, 0.5) == NULL);
    free_table(init(1L << 62, 0.5));
}

static void defect_13_the_size_went_stale_after_a_resize(void)
{
    HashTable *table = init(1, 0.5);
    long number;
    for (number = 1; number <= 100; number++) {
        table = add(LONG_MAX, integer(number), INTEGER, integer(number), INTEGER, table);
        CHECK(table->load == number && table->load <= table->size / 2.0);
    }
    CHECK(table->size == 256);
    CHECK(resize(table) == table && table->size == 512);
    free_table(table);
}

int main(void)
{
    RUN(defect_1_a_negative_hash_that_is_a_multiple_of_the_size_left_the_array);
    RUN(defect_3_removing_a_key_that_is_missing_freed_null);
    RUN(defect_8_a_hash_of_LONG_MAX_was_an_error);
    RUN(defect_10_the_picture_of_many_bins_overran_its_buffer);
    RUN(defect_11_a_size_of_two_to_the_62_was_a_segfault);
    RUN(defect_13_the_size_went_stale_after_a_resize);
    return report();
}

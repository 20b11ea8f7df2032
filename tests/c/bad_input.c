/* Whatever is handed in, the outcome is defined. */

#include "check.h"

#include <errno.h>
#include <math.h>

#define NO_SUCH_TYPE ((ht_type)77)

static int new_fails_with(long size, double max_load, int error)
{
    ht_table *table;
    errno = 0;
    table = ht_new(size, max_load);
    return table == NULL && errno == error;
}

static void a_size_that_is_not_positive_is_refused(void)
{
    CHECK(new_fails_with(0, 0.5, EINVAL));
    CHECK(new_fails_with(-1, 0.5, EINVAL));
    CHECK(new_fails_with(LONG_MIN, 0.5, EINVAL));
}

static void a_size_that_memory_cannot_hold_is_refused(void)
{
    CHECK(new_fails_with(LONG_MAX, 0.5, ENOMEM));
    CHECK(new_fails_with(1L << 62, 0.5, ENOMEM));
    CHECK(new_fails_with(1L << 61, 0.5, ENOMEM));
    CHECK(new_fails_with(1L << 50, 0.5, ENOMEM));
}

static void a_large_size_costs_nothing_until_it_is_used(void)
{
    ht_table *table = ht_new(1L << 28, 0.5);
    if (table == NULL)
        return; /* a machine that has not a GiB even on paper */
    CHECK(add_int(table, -1, 5) == HT_OK);
    CHECK(find_int(table, -1)->value.i == 5);
    ht_free(table);
}

static void a_proportion_that_is_not_positive_and_finite_is_refused(void)
{
    CHECK(new_fails_with(4, 0.0, EINVAL));
    CHECK(new_fails_with(4, -0.0, EINVAL));
    CHECK(new_fails_with(4, -0.5, EINVAL));
    CHECK(new_fails_with(4, NAN, EINVAL));
    CHECK(new_fails_with(4, INFINITY, EINVAL));
    CHECK(new_fails_with(4, -INFINITY, EINVAL));
}

static void a_proportion_of_any_size_is_served(void)
{
    ht_table *table = ht_new(4, 1e300);
    long key;
    for (key = 0; key < 1000; key++)
        CHECK(add_int(table, key, key) == HT_OK);
    CHECK(table->size == 4 && table->load == 1000);
    ht_free(table);
}

static void a_table_that_cannot_grow_stays_as_it_was(void)
{
    ht_table *table = ht_new(4, 1e-15);
    char *word = copy("word");
    errno = 0;
    CHECK(ht_add(table, LONG_MAX, string(word), HT_STRING, integer(1), HT_INTEGER) == HT_ENOMEM);
    CHECK(errno == ENOMEM && table->size == 4 && table->load == 0);
    CHECK(ht_lookup(table, string("word"), HT_STRING) == NULL);
    CHECK(looks_like(table, "[]\n[]\n[]\n[]\n"));
    free(word); /* still ours */
    ht_free(table);

    table = ht_new(4, 1e-300);
    CHECK(add_int(table, 1, 1) == HT_ENOMEM && table->load == 0);
    ht_free(table);
}

static void a_null_table_does_nothing(void)
{
    char *word = copy("word");
    errno = 0;
    CHECK(ht_add(NULL, LONG_MAX, string(word), HT_STRING, integer(1), HT_INTEGER) == HT_EINVAL);
    CHECK(errno == EINVAL);
    free(word);
    CHECK(ht_lookup(NULL, integer(1), HT_INTEGER) == NULL);
    CHECK(ht_lookup_by_hash(NULL, 1, integer(1), HT_INTEGER) == NULL);
    CHECK(ht_remove(NULL, integer(1), HT_INTEGER) == NULL);
    CHECK(ht_remove_by_hash(NULL, 1, integer(1), HT_INTEGER) == NULL);
    CHECK(ht_resize(NULL) == HT_EINVAL);
    CHECK(ht_max_load_reached(NULL) == 0);
    errno = 0;
    CHECK(ht_stringify(NULL) == NULL && errno == EINVAL);
    errno = 0;
    CHECK(ht_stringify_simple(NULL) == NULL && errno == EINVAL);
    ht_print(NULL);
    ht_print_simple(NULL);
    ht_free(NULL);
}

static void a_null_item_does_nothing(void)
{
    char *text = ht_stringify_item(NULL);
    CHECK(text != NULL && strcmp(text, "------NULL\n") == 0);
    free(text);
    ht_print_item(NULL);
    ht_item_free(NULL);
}

static void a_type_that_does_not_exist_is_refused(void)
{
    ht_table *table = ht_new(4, 0.5);
    add_int(table, 1, 1);
    errno = 0;
    CHECK(ht_add(table, LONG_MAX, integer(1), NO_SUCH_TYPE, integer(1), HT_INTEGER) == HT_EINVAL);
    CHECK(errno == EINVAL);
    CHECK(ht_add(table, LONG_MAX, integer(1), HT_INTEGER, integer(2), NO_SUCH_TYPE) == HT_EINVAL);
    CHECK(ht_lookup(table, integer(1), NO_SUCH_TYPE) == NULL);
    CHECK(ht_lookup_by_hash(table, 1, integer(1), NO_SUCH_TYPE) == NULL);
    CHECK(ht_remove(table, integer(1), NO_SUCH_TYPE) == NULL);
    CHECK(ht_remove_by_hash(table, 1, integer(1), NO_SUCH_TYPE) == NULL);
    CHECK(ht_hash(integer(1), NO_SUCH_TYPE) == 0);
    CHECK(ht_equal(integer(1), NO_SUCH_TYPE, integer(1), NO_SUCH_TYPE) == 0);
    CHECK(table->load == 1 && find_int(table, 1)->value.i == 1);
    ht_free(table);
}

static void a_null_string_is_no_key(void)
{
    ht_table *table = ht_new(4, 0.5);
    char *word = copy("word");
    ht_add(table, LONG_MAX, owned(""), HT_STRING, integer(1), HT_INTEGER);
    errno = 0;
    CHECK(ht_add(table, LONG_MAX, string(NULL), HT_STRING, string(word), HT_STRING) == HT_EINVAL);
    CHECK(errno == EINVAL);
    free(word);
    CHECK(ht_lookup(table, string(NULL), HT_STRING) == NULL);
    CHECK(ht_remove(table, string(NULL), HT_STRING) == NULL);
    CHECK(ht_hash(string(NULL), HT_STRING) == 0);
    CHECK(table->load == 1);
    ht_free(table);
}

static void a_null_string_is_a_value(void)
{
    ht_table *table = ht_new(4, 0.5);
    CHECK(ht_add(table, LONG_MAX, integer(1), HT_INTEGER, string(NULL), HT_STRING) == HT_OK);
    CHECK(shows(table, "---------Hash: 1---Key: 1---Value: (null)------\n"));
    CHECK(ht_add(table, LONG_MAX, integer(1), HT_INTEGER, owned("some"), HT_STRING) == HT_OK);
    CHECK(ht_add(table, LONG_MAX, integer(1), HT_INTEGER, string(NULL), HT_STRING) == HT_OK);
    ht_item_free(ht_remove(table, integer(1), HT_INTEGER));
    ht_free(table);
}

static void every_hash_is_a_hash(void)
{
    static const long HASHES[] = {LONG_MIN, LONG_MIN + 1, -8, -7, -4, -1, 0, 1, 7, LONG_MAX - 1, LONG_MAX};
    const int count = sizeof HASHES / sizeof HASHES[0];
    long size;
    int i;
    for (size = 1; size <= 7; size++) {
        ht_table *table = ht_new(size, 0.9);
        for (i = 0; i < count; i++)
            CHECK(add_hashed(table, HASHES[i], i) == HT_OK);
        CHECK(table->load == count);
        for (i = 0; i < count; i++)
            CHECK(ht_lookup_by_hash(table, HASHES[i], integer(i), HT_INTEGER)->value.i == i);
        for (i = 0; i < count; i++)
            ht_item_free(ht_remove_by_hash(table, HASHES[i], integer(i), HT_INTEGER));
        CHECK(table->load == 0);
        ht_free(table);
    }
}

static void strings_are_bytes(void)
{
    ht_table *table = ht_new(4, 0.5);
    CHECK(ht_add(table, LONG_MAX, owned("\xff\xc0%n%s"), HT_STRING, owned("\x80"), HT_STRING) == HT_OK);
    CHECK(ht_lookup(table, string("\xff\xc0%n%s"), HT_STRING) != NULL);
    CHECK(shows(table, "Key: \xff\xc0%n%s---Value: \x80------\n"));
    ht_free(table);
}

static void a_string_may_be_a_hundred_megabytes_long(void)
{
    const size_t length = 100000000;
    ht_table *table = ht_new(4, 0.5);
    char *big = malloc(length + 1), *text;
    if (big == NULL)
        abort();
    memset(big, 'x', length);
    big[length] = '\0';
    CHECK(ht_add(table, LONG_MAX, string(big), HT_STRING, integer(1), HT_INTEGER) == HT_OK);
    CHECK(ht_lookup(table, string(big), HT_STRING)->hash == (long)length);
    text = ht_stringify_item(ht_lookup(table, string(big), HT_STRING));
    CHECK(text != NULL);
    CHECK(strlen(text) == length + strlen("---------Hash: 100000000---Key: ---Value: 1------\n"));
    free(text);
    ht_free(table);
}

static void the_largest_numbers_are_printed_whole(void)
{
    ht_table *table = ht_new(1, 5.0);
    char expected[2000];
    CHECK(ht_add(table, 1, real(1e300), HT_DOUBLE, real(-1.7976931348623157e308), HT_DOUBLE) == HT_OK);
    CHECK(ht_add(table, 2, real(-INFINITY), HT_DOUBLE, integer(LONG_MIN), HT_INTEGER) == HT_OK);
    sprintf(expected, "---------Hash: 1---Key: %f---Value: %f------\n", 1e300, -1.7976931348623157e308);
    CHECK(strlen(expected) > 600 && shows(table, expected));
    CHECK(shows(table, "---------Hash: 2---Key: -inf---Value: -9223372036854775808------\n"));
    ht_free(table);
}

static void what_the_caller_wrote_over_an_items_type_is_not_followed(void)
{
    ht_table *table = ht_new(4, 0.5);
    ht_item *item;
    char *text;
    add_int(table, 1, 12345);
    item = find_int(table, 1);
    item->value_type = 200;
    text = ht_stringify_item(item);
    CHECK(text != NULL && strcmp(text, "---------Hash: 1---Key: 1---Value: 12345------\n") == 0);
    free(text);
    ht_free(table);
}

int main(void)
{
    RUN(a_size_that_is_not_positive_is_refused);
    RUN(a_size_that_memory_cannot_hold_is_refused);
    RUN(a_large_size_costs_nothing_until_it_is_used);
    RUN(a_proportion_that_is_not_positive_and_finite_is_refused);
    RUN(a_proportion_of_any_size_is_served);
    RUN(a_table_that_cannot_grow_stays_as_it_was);
    RUN(a_null_table_does_nothing);
    RUN(a_null_item_does_nothing);
    RUN(a_type_that_does_not_exist_is_refused);
    RUN(a_null_string_is_no_key);
    RUN(a_null_string_is_a_value);
    RUN(every_hash_is_a_hash);
    RUN(strings_are_bytes);
    RUN(a_string_may_be_a_hundred_megabytes_long);
    RUN(the_largest_numbers_are_printed_whole);
    RUN(what_the_caller_wrote_over_an_items_type_is_not_followed);
    return report();
}

/*
 * A program as one wrote it for the 2014 library. Its output is in talk_style.txt, which was worked out with
 * a pencil from the rules, not by running it.
 */

#include "hashtable.h"

static char *copy(const char *text)
{
    char *string = malloc(strlen(text) + 1);
    if (string == NULL)
        exit(1);
    return strcpy(string, text);
}

int main(void)
{
    HashTable *table;
    Item *item;
    union Hashable key, value;
    hash_type kind = STRING;
    char *text;

    printf("== an empty table of two bins\n");
    table = init(2, 1.0);
    print_table(table);

    printf("== 1 and -4\n");
    key.i = 1;
    value.str = copy("one");
    table = add(LONG_MAX, key, INTEGER, value, STRING, table);
    key.i = -4;
    value.f = 2.5;
    table = add(LONG_MAX, key, INTEGER, value, DOUBLE, table);
    print_table(table);
    printf("full: %i\n", max_load_reached(table));

    printf("== a third one doubles the bins\n");
    key.f = 2.75;
    value.i = 7;
    table = add(LONG_MAX, key, DOUBLE, value, INTEGER, table);
    print_table(table);
    printf("full: %i\n", max_load_reached(table));

    printf("== words go by their length, unless a hash is given\n");
    key.str = copy("pintxo");
    value.str = copy("");
    table = add(LONG_MAX, key, STRING, value, STRING, table);
    key.str = copy("txakoli");
    value.str = NULL;
    table = add(LONG_MAX, key, STRING, value, STRING, table);
    key.str = copy("kalimotxo");
    value.i = LONG_MIN;
    table = add(100, key, STRING, value, INTEGER, table);
    print_table(table);
    print_table_simple(table);
    printf("size %li, load %li, max %f\n", table->size, table->load, table->max_load_proportion);

    printf("== 1, 1.0 and \"1\"\n");
    key.f = 1.0;
    value.f = -0.125;
    table = add(LONG_MAX, key, DOUBLE, value, DOUBLE, table);
    key.str = copy("1");
    value.f = 1e15;
    table = add(LONG_MAX, key, kind, value, DOUBLE, table);
    print_table_simple(table);

    printf("== another value for pintxo, which keeps its place\n");
    key.str = copy("pintxo");
    value.str = copy("gilda");
    table = add(LONG_MAX, key, STRING, value, STRING, table);
    print_item(lookup(key, STRING, table));
    printf("load %li\n", table->load);

    printf("== lookups\n");
    key.i = 1;
    item = lookup(key, INTEGER, table);
    print_item(item);
    printf("%li %s\n", item->key.i, item->value.str);
    print_item(lookup_by_hash(1, key, INTEGER, table));
    print_item(lookup_by_hash(9, key, INTEGER, table));
    key.str = "kalimotxo";
    print_item(lookup(key, STRING, table));
    item = lookup_by_hash(100, key, STRING, table);
    print_item(item);
    printf("%li %i %i\n", item->hash, item->key_type == STRING, item->value_type == INTEGER);
    key.str = "sidra";
    print_item(lookup(key, STRING, table));
    print_item(NULL);

    printf("== removals\n");
    key.f = 1.0;
    item = remove_item_from_table(key, DOUBLE, table);
    print_item(item);
    print_item(remove_item_from_table(key, DOUBLE, table));
    free_item(item);
    key.str = "kalimotxo";
    print_item(remove_item_from_table(key, STRING, table));
    item = remove_item_from_table_by_hash(100, key, STRING, table);
    text = stringify_item(item);
    printf("%s", text);
    free(text);
    print_table(table);

    printf("== bins for more\n");
    table = resize(table);
    print_table(table);

    printf("== as strings\n");
    text = stringify_table_simple(table);
    printf("%s", text);
    free(text);
    text = stringify_item(NULL);
    printf("%s", text);
    free(text);
    free_table(table);
    table = init(1, 0.5);
    text = stringify_table(table);
    printf("%s", text);
    free(text);

    printf("== the rules by themselves\n");
    key.str = "pintxo";
    printf("%li ", calculate_hash(key, STRING));
    key.f = -2.5;
    printf("%li ", calculate_hash(key, DOUBLE));
    key.i = -2;
    printf("%li\n", calculate_hash(key, INTEGER));
    printf("%li ", calculate_bin_index(-4, 4));
    printf("%li ", calculate_bin_index(-1, 4));
    printf("%li\n", calculate_bin_index(9, 4));
    value.f = -2.0;
    printf("%i ", hashable_equal(key, INTEGER, key, INTEGER));
    printf("%i\n", hashable_equal(key, INTEGER, value, DOUBLE));

    printf("== an item outlives its table\n");
    print_item(item);
    free_table(table);
    print_item(item);
    free_item(item);
    free_table(NULL);
    free_item(NULL);
    return 0;
}

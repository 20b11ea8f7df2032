/*
 * A walk through the C library, as the talk took it: a small table, collisions that one can see, a resize,
 * and an honest look at a bad hash function. Written with the names of the 2014 library.
 *
 *     cc -std=c99 -I include/talk examples/walkthrough.c -L target/release -lhashtable
 */

#include "hashtable.h"

/* The table owns the strings that it is given and frees them, so each must come from malloc. */
static char *copy(const char *text)
{
    char *string = malloc(strlen(text) + 1);
    if (string == NULL) {
        perror("walkthrough");
        exit(EXIT_FAILURE);
    }
    return strcpy(string, text);
}

/* A key that is only shown to the table, as lookups do, may be any string. */
static union Hashable borrowed(const char *text)
{
    union Hashable value;
    value.str = (char *)text;
    return value;
}

static union Hashable owned(const char *text)
{
    return borrowed(copy(text));
}

static union Hashable number(long i)
{
    union Hashable value;
    value.i = i;
    return value;
}

static union Hashable fraction(double f)
{
    union Hashable value;
    value.f = f;
    return value;
}

/* FNV-1a: every byte counts, and so does its place. The top bit is dropped to keep it a positive long. */
static long better_hash(const char *text)
{
    unsigned long hash = 14695981039346656037UL;
    while (*text != '\0') {
        hash ^= (unsigned char)*text++;
        hash *= 1099511628211UL;
    }
    return (long)(hash >> 1);
}

static const char *const TOWNS[] = {"Bilbao", "Madrid", "Zamora", "Toledo",
                                    "Huesca", "Lleida", "Girona", "Cuenca"};
enum { TOWN_COUNT = sizeof TOWNS / sizeof TOWNS[0] };

int main(void)
{
    HashTable *table;
    Item *item;
    char *text;
    int i;

    printf("A table of 4 bins. It may be half full: at the third key it will grow.\n");
    table = init(4, 0.5);
    if (table == NULL) {
        perror("walkthrough");
        return EXIT_FAILURE;
    }
    print_table_simple(table);

    printf("\nTwo keys. An int is its own hash, a double's hash is its floor; the bin\n"
           "is the hash modulo 4. So 42 and 10.75 are in one bin: a collision.\n");
    table = add(LONG_MAX, number(42), INTEGER, owned("the answer"), STRING, table);
    table = add(LONG_MAX, fraction(10.75), DOUBLE, number(2016), INTEGER, table);
    print_table(table);
    printf("Is it as full as it may be? %s.\n", max_load_reached(table) ? "Yes" : "No");

    printf("\nA third key, and the bins double. 42 and 10.75 still collide, since 42\n"
           "and 10 are the same modulo 8 too. The string's hash is its length, 6.\n");
    table = add(LONG_MAX, owned("Bilbao"), STRING, fraction(43.26), DOUBLE, table);
    print_table(table);

    printf("\nLooking up Bilbao, by key and by the hash that we know it has; then a\n"
           "town that is not there, but has the same hash:\n");
    print_item(lookup(borrowed("Bilbao"), STRING, table));
    print_item(lookup_by_hash(6, borrowed("Bilbao"), STRING, table));
    print_item(lookup(borrowed("London"), STRING, table));

    printf("\nTypes are strict: 42 is a key of ours, 42.0 and \"42\" are not.\n");
    print_item(lookup(number(42), INTEGER, table));
    print_item(lookup(fraction(42.0), DOUBLE, table));
    print_item(lookup(borrowed("42"), STRING, table));

    printf("\nAdding 42 again replaces its value; the old string is freed.\n");
    table = add(LONG_MAX, number(42), INTEGER, owned("still the answer"), STRING, table);
    item = lookup(number(42), INTEGER, table);
    printf("%li means: %s. The load is still %li.\n", item->key.i, item->value.str, table->load);

    printf("\nWhat is removed is ours, until we free it. Gone is gone:\n");
    item = remove_item_from_table(fraction(10.75), DOUBLE, table);
    print_item(item);
    free_item(item);
    print_item(lookup(fraction(10.75), DOUBLE, table));
    item = remove_item_from_table_by_hash(6, borrowed("Bilbao"), STRING, table);
    text = stringify_item(item);
    if (text != NULL)
        printf("The other one as a string, which is ours to keep:\n%s", text);
    free(text);
    free_item(item);
    free_table(table);

    printf("\nNow the famous bad hash: eight towns, six letters each. However many\n"
           "bins there are, one of them gets everything.\n");
    table = init(16, 0.5);
    for (i = 0; i < TOWN_COUNT; i++)
        table = add(LONG_MAX, owned(TOWNS[i]), STRING, number(i), INTEGER, table);
    print_table_simple(table);
    printf("That is a linked list with %li empty bins around it.\n", table->size - 1);
    free_table(table);

    printf("\nThe same towns under a hash of our own, that minds every letter:\n");
    table = init(16, 0.5);
    for (i = 0; i < TOWN_COUNT; i++)
        table = add(better_hash(TOWNS[i]), owned(TOWNS[i]), STRING, number(i), INTEGER, table);
    text = stringify_table_simple(table);
    if (text != NULL)
        printf("%s", text);
    free(text);
    item = lookup_by_hash(better_hash("Zamora"), borrowed("Zamora"), STRING, table);
    print_item(item);

    printf("\nOne resize more, by hand: no key is hashed again, and none is lost.\n");
    table = resize(table);
    printf("%li bins, %li towns, Zamora in bin %li.\n", table->size, table->load,
           calculate_bin_index(item->hash, table->size));

    printf("\nEverything is freed: table, items, strings.\n");
    free_table(table);
    return EXIT_SUCCESS;
}

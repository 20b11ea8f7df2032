/* A shelf: a table of numbers in bins. A number is its own hash; those that share a bin are a chain. */
#include <stdlib.h>

struct node {
    long number;
    struct node *next;
};

struct shelf {
    long size;
    struct node **bins;
};

struct shelf *shelf_new(long size)
{
    struct shelf *shelf = malloc(sizeof *shelf);
    if (shelf == NULL)
        return NULL;
    shelf->size = size;
    shelf->bins = calloc((size_t)size, sizeof *shelf->bins);
    if (shelf->bins == NULL) {
        free(shelf);
        return NULL;
    }
    return shelf;
}

/* The bin of a number, as Python's % has it: -1 is in the last one. */
long shelf_bin(const struct shelf *shelf, long number)
{
    long bin = number % shelf->size;
    if (number < 0)
        bin += shelf->size;
    return bin;
}

/* Puts a number on the shelf. Returns 0, or -1 if there is no memory. */
int shelf_put(struct shelf *shelf, long number)
{
    struct node **place = &shelf->bins[shelf_bin(shelf, number)];
    struct node *node = malloc(sizeof *node);
    if (node == NULL)
        return -1;
    node->number = number;
    node->next = *place;
    *place = node;
    return 0;
}

/* How many numbers are in a bin. */
long shelf_count(const struct shelf *shelf, long bin)
{
    const struct node *node;
    long count = 0;
    for (node = shelf->bins[bin]; node != NULL; node = node->next)
        count++;
    return count;
}

void shelf_free(struct shelf *shelf)
{
    long bin;
    for (bin = 0; bin < shelf->size; bin++) {
        while (shelf->bins[bin] != NULL) {
            struct node *node = shelf->bins[bin];
            shelf->bins[bin] = node->next;
            free(node);
        }
    }
    free(shelf->bins);
    free(shelf);
}

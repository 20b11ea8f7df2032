/*
 * A model of the 2014 program: an array of bins, each a list of nodes; a malloc for a node and one for its item;
 * a new one is appended to its list; keys are compared through a tagged union, before anything else is; removing
 * looks up first and then walks again to unlink; at half load the bins are doubled and all nodes are relinked.
 * It has the hash that all contenders have, and 64 bits where the original had an int.
 */

#include "side.h"

#include <stdlib.h>

enum type { INTEGER, DOUBLE, STRING };

union hashable {
    long i;
    double f;
    char *str;
};

struct item {
    long hash;
    union hashable key;
    enum type key_type;
    union hashable value;
    enum type value_type;
};

struct node {
    struct item *item;
    struct node *next;
};

struct model {
    long size, load;
    double max_load_proportion;
    struct node **bins;
};

static void *make(void)
{
    struct model *model = malloc(sizeof *model);
    model->size = 4;
    model->load = 0;
    model->max_load_proportion = 0.5;
    model->bins = calloc((size_t)model->size, sizeof *model->bins);
    return model;
}

static int equal(union hashable a, enum type a_type, union hashable b, enum type b_type)
{
    if (a_type != b_type)
        return 0;
    switch (a_type) {
    case INTEGER:
        return a.i == b.i;
    case DOUBLE:
        return a.f == b.f;
    default:
        return strcmp(a.str, b.str) == 0;
    }
}

/* The original's `%` left the array at negative hashes; this is what it meant. */
static struct node **bin_of(struct model *model, long hash)
{
    return &model->bins[(unsigned long)hash % (unsigned long)model->size];
}

static void append(struct model *model, struct node *node)
{
    struct node **link = bin_of(model, node->item->hash);
    while (*link != NULL)
        link = &(*link)->next;
    node->next = NULL;
    *link = node;
}

static void resize(struct model *model)
{
    struct node **old = model->bins, *node, *next;
    long bin, size = model->size;
    model->size *= 2;
    model->bins = calloc((size_t)model->size, sizeof *model->bins);
    for (bin = 0; bin < size; bin++)
        for (node = old[bin]; node != NULL; node = next) {
            next = node->next;
            append(model, node);
        }
    free(old);
}

static struct item *lookup(struct model *model, long hash, union hashable key, enum type type)
{
    struct node *node;
    for (node = *bin_of(model, hash); node != NULL; node = node->next)
        if (equal(node->item->key, node->item->key_type, key, type))
            return node->item;
    return NULL;
}

/* The key, if it is a string, is the model's from then on. */
static void add(struct model *model, long hash, union hashable key, enum type type, long value)
{
    struct node **link, *node;
    struct item *item;
    if ((double)(model->load + 1) / (double)model->size > model->max_load_proportion)
        resize(model);
    for (link = bin_of(model, hash); *link != NULL; link = &(*link)->next) {
        item = (*link)->item;
        if (equal(item->key, item->key_type, key, type)) {
            item->value.i = value;
            if (type == STRING)
                free(key.str);
            return;
        }
    }
    item = malloc(sizeof *item);
    item->hash = hash;
    item->key = key;
    item->key_type = type;
    item->value.i = value;
    item->value_type = INTEGER;
    node = malloc(sizeof *node);
    node->item = item;
    node->next = NULL;
    *link = node;
    model->load++;
}

static void free_item(struct item *item)
{
    if (item->key_type == STRING)
        free(item->key.str);
    free(item);
}

static void take_out(struct model *model, long hash, union hashable key, enum type type)
{
    struct item *item = lookup(model, hash, key, type);
    struct node **link, *node;
    if (item == NULL)
        return;
    for (link = bin_of(model, hash); (node = *link) != NULL; link = &node->next)
        if (equal(node->item->key, node->item->key_type, key, type)) {
            *link = node->next;
            free(node);
            break;
        }
    model->load--;
    free_item(item);
}

static long walk(void *table)
{
    struct model *model = table;
    struct node *node;
    long bin, sum = 0;
    for (bin = 0; bin < model->size; bin++)
        for (node = model->bins[bin]; node != NULL; node = node->next)
            sum += node->item->value.i;
    return sum;
}

static void end(void *table)
{
    struct model *model = table;
    struct node *node, *next;
    long bin;
    for (bin = 0; bin < model->size; bin++)
        for (node = model->bins[bin]; node != NULL; node = next) {
            next = node->next;
            free_item(node->item);
            free(node);
        }
    free(model->bins);
    free(model);
}

#define ints_make make
#define ints_walk walk
#define ints_end end
#define texts_make make
#define texts_walk walk
#define texts_end end

static union hashable of_int(long key)
{
    union hashable hashable;
    hashable.i = key;
    return hashable;
}

static union hashable of_text(const char *bytes)
{
    union hashable hashable;
    hashable.str = (char *)bytes;
    return hashable;
}

static void ints_put(void *table, long key, long value)
{
    add(table, (long)hash_int(key), of_int(key), INTEGER, value);
}

static long ints_get(void *table, long key)
{
    struct item *item = lookup(table, (long)hash_int(key), of_int(key), INTEGER);
    return item == NULL ? 0 : item->value.i;
}

static void ints_del(void *table, long key)
{
    take_out(table, (long)hash_int(key), of_int(key), INTEGER);
}

static void texts_put(void *table, struct text key, long value)
{
    add(table, (long)hash_text(key), of_text(strdup(key.bytes)), STRING, value);
}

static long texts_get(void *table, struct text key)
{
    struct item *item = lookup(table, (long)hash_text(key), of_text(key.bytes), STRING);
    return item == NULL ? 0 : item->value.i;
}

static void texts_del(void *table, struct text key)
{
    take_out(table, (long)hash_text(key), of_text(key.bytes), STRING);
}

CONTENDER(ints, "2014 model", "of this tree", INTS, 0U)
CONTENDER(texts, "2014 model", "of this tree", TEXTS, 0U)

/*
 * Counts the words of a file, and prints the most frequent ones.
 *
 *     cc examples/wordcount.c $(pkg-config --cflags --libs hashtable) -o wordcount
 *     ./wordcount FILE [how many to print]
 *
 * Worth copying: the file is read by lines; a key is a place in the line and a length, so nothing is copied but
 * each word once, by the table; finding a word and adding it is one search; and since items never move, sorting
 * is done on pointers to them.
 */

#define _POSIX_C_SOURCE 200809L /* getline */

#include <ctype.h>
#include <hashtable.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Counts the words of one line. Returns an ht_status. */
static int count_line(ht_table *counts, const char *at, const char *end)
{
    while (at < end) {
        ht_bytes word;
        ht_value key;
        ht_item *item;
        int status;

        while (at < end && !is_word(*at))
            at++;
        word.data = at;
        while (at < end && is_word(*at))
            at++;
        word.length = (size_t)(at - word.data);
        if (word.length == 0)
            break;
        key.bytes = &word;
        status = ht_upsert(counts, LONG_MAX, key, HT_BYTES, HT_COPY_KEY, &item, NULL);
        if (status != HT_OK)
            return status;
        item->value.i++; /* a new item's value is the integer 0 */
    }
    return HT_OK;
}

/* The more frequent first; of two as frequent, the one that comes first in the alphabet. */
static int by_count(const void *one, const void *other)
{
    const ht_item *a = *(ht_item *const *)one, *b = *(ht_item *const *)other;
    if (a->value.i != b->value.i)
        return a->value.i < b->value.i ? 1 : -1;
    return strcmp(a->key.bytes->data, b->key.bytes->data); /* copied bytes end in a NUL */
}

static int print_most_frequent(const ht_table *counts, long most)
{
    ht_item **items = malloc((size_t)counts->load * sizeof *items + 1), *item;
    size_t cursor = 0, count = 0, i;

    if (items == NULL)
        return HT_ENOMEM;
    while ((item = ht_next(counts, &cursor)) != NULL)
        items[count++] = item;
    qsort(items, count, sizeof *items, by_count);
    for (i = 0; i < count && i < (size_t)most; i++)
        printf("%10ld %s\n", items[i]->value.i, items[i]->key.bytes->data);
    free(items);
    return HT_OK;
}

int main(int argc, char **argv)
{
    ht_table *counts = ht_create(NULL);
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    int status = counts == NULL ? HT_ENOMEM : HT_OK;

    if (file == NULL) {
        perror(argc > 1 ? argv[1] : "usage: wordcount FILE [how many to print]");
        ht_free(counts);
        return EXIT_FAILURE;
    }
    while (status == HT_OK && (length = getline(&line, &room, file)) >= 0)
        status = count_line(counts, line, line + length);
    if (status == HT_OK)
        status = print_most_frequent(counts, argc > 2 ? atol(argv[2]) : 10);
    if (status != HT_OK)
        fprintf(stderr, "wordcount: %s\n", ht_strerror(status));
    free(line);
    fclose(file);
    ht_free(counts);
    return status == HT_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* examples/wordcount.c with GLib's GHashTable. Its keys end in a NUL, which is written into the line. */

#define _POSIX_C_SOURCE 200809L

#include <ctype.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct count {
    const char *word;
    long count;
};

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static void count_line(GHashTable *counts, char *at, char *end)
{
    while (at < end) {
        char *word, after;
        long *count;
        while (at < end && !is_word(*at))
            at++;
        word = at;
        while (at < end && is_word(*at))
            at++;
        if (at == word)
            break;
        after = *at;
        *at = '\0';
        count = g_hash_table_lookup(counts, word);
        if (count == NULL) {
            count = g_new0(long, 1);
            g_hash_table_insert(counts, g_strdup(word), count);
        }
        ++*count;
        *at = after;
    }
}

static int by_count(const void *one, const void *other)
{
    const struct count *a = one, *b = other;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return strcmp(a->word, b->word);
}

int main(int argc, char **argv)
{
    GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    char *line = NULL;
    size_t room = 0, i, number = 0;
    ssize_t length;
    struct count *all;
    GHashTableIter iter;
    gpointer word, count;

    if (file == NULL)
        return EXIT_FAILURE;
    while ((length = getline(&line, &room, file)) >= 0)
        count_line(counts, line, line + length);
    all = g_new(struct count, g_hash_table_size(counts));
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &word, &count)) {
        all[number].word = word;
        all[number++].count = *(long *)count;
    }
    qsort(all, number, sizeof *all, by_count);
    for (i = 0; i < number && i < 10; i++)
        printf("%10ld %s\n", all[i].count, all[i].word);
    g_free(all);
    free(line);
    fclose(file);
    g_hash_table_destroy(counts);
    return EXIT_SUCCESS;
}

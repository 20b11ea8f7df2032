/*
 * A cache of things that are dear to make: pointer values, with a destructor that the table calls whenever one
 * goes, whoever made it go.
 *
 *     cc examples/cache.c $(pkg-config --cflags --libs hashtable) -o cache
 */

#include <hashtable.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_PAGES = 3 };

struct page {
    long number;
    long last_used;
    char *text;
};

struct cache {
    ht_table *pages;
    long clock, hits, misses, destroyed;
};

/* The destructor. The context is the cache. */
static void free_page(void *pointer, void *context)
{
    struct page *page = pointer;
    struct cache *cache = context;

    printf("  page %ld goes\n", page->number);
    cache->destroyed++;
    free(page->text);
    free(page);
}

/* The dear thing. */
static struct page *make_page(long number)
{
    struct page *page = malloc(sizeof *page);
    char *text = malloc(64);

    if (page == NULL || text == NULL) {
        free(page);
        free(text);
        return NULL;
    }
    sprintf(text, "Here begins page %ld.", number);
    page->number = number;
    page->text = text;
    return page;
}

/* Frees the page that was not used for the longest time. A walk may remove what it likes, but one suffices. */
static void evict(struct cache *cache)
{
    ht_item *item, *oldest = NULL;
    size_t cursor = 0;

    while ((item = ht_next(cache->pages, &cursor)) != NULL)
        if (oldest == NULL
            || ((struct page *)item->value.ptr)->last_used < ((struct page *)oldest->value.ptr)->last_used)
            oldest = item;
    if (oldest != NULL)
        ht_item_free(ht_remove(cache->pages, oldest->key, HT_INTEGER)); /* and so the destructor is called */
}

/* A page, made or remembered; the cache's in either case. NULL without memory. */
static const struct page *page(struct cache *cache, long number)
{
    ht_value key, value;
    ht_item *item;
    struct page *wanted;

    key.i = number;
    item = ht_lookup(cache->pages, key, HT_INTEGER);
    if (item != NULL) {
        cache->hits++;
        wanted = item->value.ptr;
    } else {
        cache->misses++;
        wanted = make_page(number);
        value.ptr = wanted;
        if (wanted == NULL)
            return NULL;
        if (cache->pages->load >= MOST_PAGES)
            evict(cache);
        if (ht_add(cache->pages, LONG_MAX, key, HT_INTEGER, value, HT_POINTER) != HT_OK) {
            free_page(wanted, cache); /* what could not be added is still ours */
            return NULL;
        }
    }
    wanted->last_used = ++cache->clock;
    return wanted;
}

int main(void)
{
    static const long WANTED[] = {1, 2, 1, 3, 4, 1, 2, 5, 1};
    struct cache cache = {NULL, 0, 0, 0, 0};
    ht_options options = HT_OPTIONS;
    size_t i;

    options.free_value = free_page;
    options.value_context = &cache;
    cache.pages = ht_create(&options);
    for (i = 0; cache.pages != NULL && i < sizeof WANTED / sizeof WANTED[0]; i++) {
        const struct page *found = page(&cache, WANTED[i]);
        if (found != NULL)
            printf("%s\n", found->text);
    }
    printf("%ld hits, %ld misses; now the rest:\n", cache.hits, cache.misses);
    ht_free(cache.pages);
    printf("%ld pages made, %ld destroyed\n", cache.misses, cache.destroyed);
    return cache.misses == cache.destroyed && cache.misses > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

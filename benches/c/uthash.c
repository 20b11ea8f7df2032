/* uthash: chained; the links are in the caller's own struct, of which each has a malloc of its own. */

#include "side.h"

#include <stdlib.h>
#include <uthash.h>

#define TO_STRING(number) #number
#define VERSION(number) TO_STRING(number)

struct entry {
    long key, value;
    char *text;
    UT_hash_handle hh;
};

/* uthash's handle is a pointer to its first entry. */
struct table {
    struct entry *head;
};

static void *ints_make(void)
{
    return calloc(1, sizeof(struct table));
}

#define UTHASH(X, what, hash, of_key, bytes, length, taken, given)                                      \
    static void X##_put(void *handle, KEY_OF_##what key, long value)                                    \
    {                                                                                                   \
        struct table *table = handle;                                                                   \
        struct entry *entry;                                                                            \
        unsigned number = narrow(hash(key));                                                            \
        HASH_FIND_BYHASHVALUE(hh, table->head, bytes(key), length(key), number, entry);                 \
        if (entry == NULL) {                                                                            \
            entry = malloc(sizeof *entry);                                                              \
            taken(entry, key);                                                                          \
            HASH_ADD_KEYPTR_BYHASHVALUE(hh, table->head, of_key(entry), length(key), number, entry);    \
        }                                                                                               \
        entry->value = value;                                                                           \
    }                                                                                                   \
    static long X##_get(void *handle, KEY_OF_##what key)                                                \
    {                                                                                                   \
        struct table *table = handle;                                                                   \
        struct entry *entry;                                                                            \
        HASH_FIND_BYHASHVALUE(hh, table->head, bytes(key), length(key), narrow(hash(key)), entry);      \
        return entry == NULL ? 0 : entry->value;                                                        \
    }                                                                                                   \
    static void X##_del(void *handle, KEY_OF_##what key)                                                \
    {                                                                                                   \
        struct table *table = handle;                                                                   \
        struct entry *entry;                                                                            \
        HASH_FIND_BYHASHVALUE(hh, table->head, bytes(key), length(key), narrow(hash(key)), entry);      \
        if (entry == NULL)                                                                              \
            return;                                                                                     \
        HASH_DELETE(hh, table->head, entry);                                                            \
        given(entry);                                                                                   \
        free(entry);                                                                                    \
    }                                                                                                   \
    static long X##_walk(void *handle)                                                                  \
    {                                                                                                   \
        struct table *table = handle;                                                                   \
        const struct entry *entry;                                                                      \
        long sum = 0;                                                                                   \
        for (entry = table->head; entry != NULL; entry = entry->hh.next)                                \
            sum += entry->value;                                                                        \
        return sum;                                                                                     \
    }                                                                                                   \
    static void X##_end(void *handle)                                                                   \
    {                                                                                                   \
        struct table *table = handle;                                                                   \
        struct entry *entry = table->head, *next;                                                       \
        HASH_CLEAR(hh, table->head);                                                                    \
        for (; entry != NULL; entry = next) {                                                           \
            next = entry->hh.next;                                                                      \
            given(entry);                                                                               \
            free(entry);                                                                                \
        }                                                                                               \
        free(table);                                                                                    \
    }                                                                                                   \
    CONTENDER(X, "uthash", VERSION(UTHASH_VERSION), what, 0U)

#define int_of(entry) (&(entry)->key)
#define int_bytes(key) (&(key))
#define int_length(key) (sizeof(key))
#define take_int(entry, which) ((entry)->key = (which))
#define give_int(entry) ((void)(entry))
UTHASH(ints, INTS, hash_int, int_of, int_bytes, int_length, take_int, give_int)

#define texts_make ints_make
#define text_of(entry) ((entry)->text)
#define text_bytes(key) ((key).bytes)
#define text_length(key) ((unsigned)(key).length)
#define take_text(entry, which) ((entry)->text = strdup((which).bytes))
#define give_text(entry) (free((entry)->text))
UTHASH(texts, TEXTS, hash_text, text_of, text_bytes, text_length, take_text, give_text)

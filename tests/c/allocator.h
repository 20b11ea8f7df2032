/*
 * An allocator that can be made to fail, and counts. The linker puts the functions below in the place of the library's
 * malloc and its kin, where it is told so:
 *
 *     -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=free
 *
 * The program says which requests are refused: before it includes this, it defines `static int refuses(void)`, which is
 * asked once for each request that is made while `failing`.
 */

#ifndef ALLOCATOR_H
#define ALLOCATOR_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *string);
void __wrap_free(void *block);

static int failing;
/* Blocks that were handed out and did not come back. */
static long outstanding;

static int fails(void)
{
    if (!failing || !refuses())
        return 0;
    errno = ENOMEM;
    return 1;
}

void *__wrap_malloc(size_t size)
{
    void *block = fails() ? NULL : __real_malloc(size);
    outstanding += block != NULL;
    return block;
}

void *__wrap_calloc(size_t count, size_t size)
{
    void *block = fails() ? NULL : __real_calloc(count, size);
    outstanding += block != NULL;
    return block;
}

void *__wrap_realloc(void *block, size_t size)
{
    void *moved = fails() ? NULL : __real_realloc(block, size);
    outstanding += block == NULL && moved != NULL;
    return moved;
}

char *__wrap_strdup(const char *string)
{
    char *twin = __wrap_malloc(strlen(string) + 1);
    return twin == NULL ? NULL : strcpy(twin, string);
}

void __wrap_free(void *block)
{
    outstanding -= block != NULL;
    __real_free(block);
}

/* Memory of the program's own, which does not fail. */
static inline void *sure(size_t size)
{
    int before = failing;
    void *block;
    failing = 0;
    block = malloc(size);
    failing = before;
    if (block == NULL)
        abort();
    return block;
}

#endif

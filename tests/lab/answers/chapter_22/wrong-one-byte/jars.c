#include "jars.h"

#include <stdlib.h>
#include <string.h>

struct jar {
    struct jar *next;
    char *name;
    long shelf;
    long spoons;
};

static struct jar *cupboard;

static char *copied(const char *text)
{
    char *copy = malloc(strlen(text));

    if (copy == NULL)
        abort();
    return strcpy(copy, text);
}

/* Where the jar of that name hangs; the end of the chain if there is none. */
static struct jar **find(const char *name)
{
    struct jar **link = &cupboard;

    while (*link != NULL && strcmp((*link)->name, name) != 0)
        link = &(*link)->next;
    return link;
}

static void throw_away(struct jar *jar)
{
    free(jar->name);
    free(jar);
}

void put(const char *name, long spoons)
{
    struct jar **link = find(name);

    if (*link == NULL) {
        *link = calloc(1, sizeof **link);
        if (*link == NULL)
            abort();
        (*link)->name = copied(name);
    }
    (*link)->spoons = spoons;
}

long spoons_of(const char *name)
{
    struct jar *jar = *find(name);

    return jar == NULL ? -1 : jar->spoons;
}

void rename_jar(const char *name, const char *new_name)
{
    struct jar *jar = *find(name);

    if (jar != NULL) {
        free(jar->name);
        jar->name = copied(new_name);
    }
}

long take_out(const char *name)
{
    struct jar **link = find(name);
    struct jar *jar = *link;
    long spoons;

    if (jar == NULL)
        return -1;
    *link = jar->next;
    spoons = jar->spoons;
    throw_away(jar);
    return spoons;
}

void clear_cupboard(void)
{
    while (cupboard != NULL) {
        struct jar *jar = cupboard;

        cupboard = jar->next;
        throw_away(jar);
    }
}

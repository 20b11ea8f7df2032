/* The picture of a table: a line for each bin, `[]` and a `*` for each entry in it. */
#include <stdlib.h>

static char *append(char *end, const char *text)
{
    while (*text != '\0')
        *end++ = *text++;
    return end;
}

/* The picture of a table, of which `loads` says how many entries each bin has. It is the caller's, to free;
   NULL if there is no memory. */
char *picture(const size_t *loads, size_t bins)
{
    size_t bin, star, room = 1;
    char *text, *end;
    for (bin = 0; bin < bins; bin++)
        room += 3 + loads[bin];
    text = end = malloc(room);
    if (text == NULL)
        return NULL;
    for (bin = 0; bin < bins; bin++) {
        end = append(end, "[]");
        for (star = 0; star < loads[bin]; star++)
            end = append(end, "*");
        end = append(end, "\n");
    }
    *end = '\0';
    return text;
}

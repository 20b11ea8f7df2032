/* A table has a picture, however many bins it has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *picture(const size_t *loads, size_t bins);

static const size_t MANY = 1000000;

int main(void)
{
    size_t *loads = calloc(MANY, sizeof *loads);
    char *text;

    loads[1] = 3;
    text = picture(loads, 3);
    if (strcmp(text, "[]\n[]***\n[]\n") != 0) {
        fprintf(stderr, "the picture of three bins is\n%s", text);
        return 1;
    }
    free(text);

    text = picture(loads, MANY);
    if (strlen(text) != 3 * MANY + 3) {
        fprintf(stderr, "the picture of a million bins has %lu characters\n", (unsigned long)strlen(text));
        return 1;
    }
    free(text);
    free(loads);
    puts("all is well");
    return 0;
}

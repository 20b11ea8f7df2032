/* A rack: a set of numbers, in as many bins as one asks for. */
#include <stdlib.h>

struct peg {
    unsigned long number;
    struct peg *next;
};

struct rack {
    size_t bins;
    struct peg **heads;
};

/* A rack with no number on it. NULL if there is no memory for so many bins, or if there are to be none. */
struct rack *rack_new(size_t bins)
{
    struct rack *rack;
    if (bins == 0)
        return NULL;
    rack = malloc(sizeof *rack);
    if (rack == NULL)
        return NULL;
    rack->bins = bins;
    rack->heads = calloc(1, bins * sizeof *rack->heads);
    if (rack->heads == NULL) {
        free(rack);
        return NULL;
    }
    return rack;
}

int rack_has(const struct rack *rack, unsigned long number)
{
    const struct peg *peg = rack->heads[number % rack->bins];
    while (peg != NULL && peg->number != number)
        peg = peg->next;
    return peg != NULL;
}

/* Hangs a number on the rack. Returns 0, or -1 if there is no memory. */
int rack_hang(struct rack *rack, unsigned long number)
{
    struct peg **head = &rack->heads[number % rack->bins], *peg;
    if (rack_has(rack, number))
        return 0;
    peg = malloc(sizeof *peg);
    if (peg == NULL)
        return -1;
    peg->number = number;
    peg->next = *head;
    *head = peg;
    return 0;
}

void rack_free(struct rack *rack)
{
    size_t bin;
    for (bin = 0; bin < rack->bins; bin++) {
        while (rack->heads[bin] != NULL) {
            struct peg *peg = rack->heads[bin];
            rack->heads[bin] = peg->next;
            free(peg);
        }
    }
    free(rack->heads);
    free(rack);
}

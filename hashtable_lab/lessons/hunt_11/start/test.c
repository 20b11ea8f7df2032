/* A rack that no memory can hold is no rack. */
#include <stdio.h>

struct rack;
struct rack *rack_new(size_t bins);
int rack_has(const struct rack *rack, unsigned long number);
int rack_hang(struct rack *rack, unsigned long number);
void rack_free(struct rack *rack);

int main(void)
{
    struct rack *rack = rack_new(1000);
    if (rack == NULL || rack_hang(rack, 1234567) != 0 || !rack_has(rack, 1234567) || rack_has(rack, 567)) {
        fputs("a rack of a thousand bins does not work\n", stderr);
        return 1;
    }
    rack_free(rack);
    rack = rack_new((size_t)1 << 62);
    if (rack != NULL) {
        fputs("there is a rack of 2**62 bins\n", stderr);
        return 1;
    }
    puts("all is well");
    return 0;
}

/* What has been put on a shelf is in one of its bins. */
#include <stdio.h>

struct shelf;
struct shelf *shelf_new(long size);
int shelf_put(struct shelf *shelf, long number);
long shelf_count(const struct shelf *shelf, long bin);
void shelf_free(struct shelf *shelf);

int main(void)
{
    struct shelf *shelf = shelf_new(4);
    long bin, found = 0;
    shelf_put(shelf, 1);
    shelf_put(shelf, -3);
    shelf_put(shelf, -4);
    for (bin = 0; bin < 4; bin++)
        found += shelf_count(shelf, bin);
    shelf_free(shelf);
    if (found != 3) {
        fprintf(stderr, "3 numbers were put on the shelf, and %ld are in its bins\n", found);
        return 1;
    }
    puts("all is well");
    return 0;
}

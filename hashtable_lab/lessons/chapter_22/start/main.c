#include "jars.h"

#include <stdio.h>

int main(void)
{
    put("sugar", 42);
    put("salt", 7);
    rename_jar("salt", "sea salt");
    printf("%ld spoons of sugar, thrown away\n", take_out("sugar"));
    printf("%ld spoons of sea salt\n", spoons_of("sea salt"));
    clear_cupboard();
    return 0;
}

/*
 * Checks, while building, that the public header lays its types out as the list in build.rs has it. The list
 * comes in as the macro LAYOUT; Rust's types are checked against it in layout.rs. What does not hold is an
 * array of negative size. Nothing of this file ends up in the library.
 */

#include "hashtable.h"

#include <stddef.h>

#define SIZE(type, size) typedef char sizeof_##type[sizeof(type) == (size) ? 1 : -1];
#define FIELD(type, field, offset, size)                                                       \
    typedef char offsetof_##type##_##field[offsetof(type, field) == (offset) ? 1 : -1];       \
    typedef char sizeof_##type##_##field[sizeof(((type *)0)->field) == (size) ? 1 : -1];
#define NUMBER(name, number) typedef char number_##name[(int)(name) == (number) ? 1 : -1];

LAYOUT

// libhashtable from C++: a handle that frees itself, std::string keys of any content, no copy to look one up.
//
//     c++ examples/cpp_use.cpp $(pkg-config --cflags --libs hashtable) -o cpp_use

#include <hashtable.h>

#include <iostream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

namespace {

struct Free {
    void operator()(ht_table *table) const { ht_free(table); }
};
using Table = std::unique_ptr<ht_table, Free>;

// Reads the string during the call only.
ht_value borrow(const std::string &text, ht_bytes &bytes)
{
    ht_value value;
    bytes.length = text.size();
    bytes.data = text.data();
    value.bytes = &bytes;
    return value;
}

void check(int status)
{
    if (status == HT_ENOMEM)
        throw std::bad_alloc();
    if (status != HT_OK)
        throw std::invalid_argument(ht_strerror(status));
}

// The number under a key, as a reference; 0 for a new one. Items never move: it is good until the key goes.
long &at(const Table &table, const std::string &key)
{
    ht_bytes bytes;
    ht_item *item = nullptr;
    check(ht_upsert(table.get(), LONG_MAX, borrow(key, bytes), HT_BYTES, HT_COPY_KEY, &item, nullptr));
    return item->value.i;
}

} // namespace

int main()
{
    Table ages(ht_create(nullptr));
    if (!ages)
        throw std::bad_alloc();

    at(ages, "Ada") = 36;
    at(ages, "Alan") = 41;
    long &grace = at(ages, "Grace");
    for (long number = 0; number < 1000; number++)
        at(ages, "guest " + std::to_string(number)) = number;
    grace = 85; // still the item that it was, after seven resizes
    at(ages, std::string("with\0NUL", 8)) = 1;

    std::cout << at(ages, "Ada") + at(ages, "Alan") + at(ages, "Grace") << "\n"
              << at(ages, std::string("with\0NUL", 8)) << at(ages, "with") << "\n"
              << ages->load << " items in " << ages->size << " bins\n";
    try {
        at(Table(), "nobody");
    } catch (const std::invalid_argument &error) {
        std::cout << "no table: " << error.what() << "\n";
    }
}

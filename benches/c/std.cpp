// The standard library's: chained, a node an entry.

#include "map.hpp"

#include <unordered_map>

using Ints = std::unordered_map<long, long, IntHash>;
using Texts = std::unordered_map<std::string, long, TextHash, TextEqual>;

static void *ints_make()
{
    return new Ints;
}

static void *texts_make()
{
    return new Texts;
}

MAP_CONTENDER(ints, Ints, "std::unordered_map", "libstdc++ " VERSION(__GLIBCXX__), INTS)
MAP_CONTENDER(texts, Texts, "std::unordered_map", "libstdc++ " VERSION(__GLIBCXX__), TEXTS)

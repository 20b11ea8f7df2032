// Boost's unordered_map: chained, a node an entry. It takes hash and equality along when it looks for a view.

#include "map.hpp"

#include <boost/unordered_map.hpp>
#include <boost/version.hpp>

using Ints = boost::unordered_map<long, long, IntHash>;
using Texts = boost::unordered_map<std::string, long, TextHash, TextEqual>;

static auto find(Texts &map, struct text key)
{
    return map.find(view(key), TextHash{}, TextEqual{});
}

static void *ints_make()
{
    return new Ints;
}

static void *texts_make()
{
    return new Texts;
}

MAP_CONTENDER(ints, Ints, "boost::unordered_map", BOOST_LIB_VERSION, INTS)
MAP_CONTENDER(texts, Texts, "boost::unordered_map", BOOST_LIB_VERSION, TEXTS)

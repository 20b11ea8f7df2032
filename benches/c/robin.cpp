// tsl::robin_map: open addressing, linear, entries far from home take the place of those that are near.

#include "map.hpp"

#include <tsl/robin_map.h>

using Ints = tsl::robin_map<long, long, IntHash>;
using Texts = tsl::robin_map<std::string, long, TextHash, TextEqual>;

static void *ints_make()
{
    return new Ints;
}

static void *texts_make()
{
    return new Texts;
}

#ifdef TSL_RH_VERSION_MAJOR
#define EDITION VERSION(TSL_RH_VERSION_MAJOR) "." VERSION(TSL_RH_VERSION_MINOR)
#else
#define EDITION "of no stated version"
#endif
MAP_CONTENDER(ints, Ints, "tsl::robin_map", EDITION, INTS)
MAP_CONTENDER(texts, Texts, "tsl::robin_map", EDITION, TEXTS)

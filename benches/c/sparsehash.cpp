// Google's dense_hash_map: open addressing, quadratic. Two keys are set apart; it has no lookup by a view, so only
// ints are measured.

#include "map.hpp"

#include <limits>
#include <sparsehash/dense_hash_map>

using Ints = google::dense_hash_map<long, long, IntHash>;

static void *ints_make()
{
    auto *map = new Ints;
    map->set_empty_key(std::numeric_limits<long>::min());
    map->set_deleted_key(std::numeric_limits<long>::min() + 1);
    return map;
}

MAP_CONTENDER(ints, Ints, "google::dense_hash_map", "2", INTS)

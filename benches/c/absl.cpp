// Abseil's flat_hash_map: open addressing, probed by the group; entries move.

#include "map.hpp"

#include <absl/base/config.h>
#include <absl/container/flat_hash_map.h>

using Ints = absl::flat_hash_map<long, long, IntHash>;
using Texts = absl::flat_hash_map<std::string, long, TextHash, TextEqual>;

static void *ints_make()
{
    return new Ints;
}

static void *texts_make()
{
    return new Texts;
}

MAP_CONTENDER(ints, Ints, "absl::flat_hash_map", VERSION(ABSL_LTS_RELEASE_VERSION), INTS)
MAP_CONTENDER(texts, Texts, "absl::flat_hash_map", VERSION(ABSL_LTS_RELEASE_VERSION), TEXTS)

// The maps of C++, which have one interface, more or less. Strings are looked up as they are, without a copy.

#ifndef BENCH_MAP_HPP
#define BENCH_MAP_HPP

#include "side.h"

#include <string>
#include <string_view>

struct IntHash {
    size_t operator()(long key) const { return hash_int(key); }
};

struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view key) const { return hash_bytes(key.data(), key.size()); }
};

struct TextEqual {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const { return a == b; }
};

template <class Map> static Map &map_of(void *table)
{
    return *static_cast<Map *>(table);
}

static inline std::string_view view(struct text key)
{
    return {key.bytes, key.length};
}

template <class Map> static auto find(Map &map, long key)
{
    return map.find(key);
}

template <class Map> static auto find(Map &map, struct text key)
{
    return map.find(view(key));
}

template <class Map> static void put(Map &map, long key, long value)
{
    map[key] = value;
}

template <class Map> static void put(Map &map, struct text key, long value)
{
    map.insert_or_assign(std::string(view(key)), value);
}

template <class Map> static long sum(const Map &map)
{
    long sum = 0;
    for (const auto &entry : map)
        sum += entry.second;
    return sum;
}

#define MAP_CONTENDER(X, Map, title, edition, what)                                         \
    static void X##_put(void *table, KEY_OF_##what key, long value)                         \
    {                                                                                       \
        put(map_of<Map>(table), key, value);                                                \
    }                                                                                       \
    static long X##_get(void *table, KEY_OF_##what key)                                     \
    {                                                                                       \
        auto &map = map_of<Map>(table);                                                     \
        auto found = find(map, key);                                                        \
        return found == map.end() ? 0 : found->second;                                      \
    }                                                                                       \
    static void X##_del(void *table, KEY_OF_##what key)                                     \
    {                                                                                       \
        auto &map = map_of<Map>(table);                                                     \
        auto found = find(map, key);                                                        \
        if (found != map.end())                                                             \
            map.erase(found);                                                               \
    }                                                                                       \
    static long X##_walk(void *table)                                                       \
    {                                                                                       \
        return sum(map_of<Map>(table));                                                     \
    }                                                                                       \
    static void X##_end(void *table)                                                        \
    {                                                                                       \
        delete static_cast<Map *>(table);                                                   \
    }                                                                                       \
    CONTENDER(X, title, edition, what, 0U)

#define TO_STRING(number) #number
#define VERSION(number) TO_STRING(number)

#endif

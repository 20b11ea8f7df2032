/*
 * side.h - what the C side of `make bench` asks of a contender.
 *
 * A contender is a table with six functions, each `static`, by whose names CONTENDER finds them:
 *
 *     void *X_make(void);                              an empty table
 *     void X_put(void *table, KEY key, long value);    adds or replaces
 *     long X_get(void *table, KEY key);                the value; 0 if there is none
 *     void X_del(void *table, KEY key);                removes, and frees what was its
 *     long X_walk(void *table);                        the sum of all values
 *     void X_end(void *table);                         frees the table
 *
 *     CONTENDER(X, "name", version, INTS or TEXTS, flags)
 *
 * KEY is a long or a struct text. The loops over keys are made here, in the contender's own file, so that what a
 * compiler can inline, it does. A table owns its string keys: it makes copies of them.
 */

#ifndef BENCH_SIDE_H
#define BENCH_SIDE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A string key; there is a NUL behind it too. */
struct text {
    const char *bytes;
    size_t length;
};

enum kind { INTS, TEXTS };

/* Takes part only where the hash of an int is the int itself, since that is its own. */
#define IDENTITY_ONLY 1U

struct contender {
    const char *name, *version;
    enum kind kind;
    unsigned flags;
    void *(*make)(void);
    void (*put_all)(void *table, const void *keys, size_t n);
    long (*get_all)(void *table, const void *keys, size_t n);
    void (*del_all)(void *table, const void *keys, size_t n);
    long (*mix_all)(void *table, const void *fresh, const void *old, size_t n);
    long (*walk)(void *table);
    void (*end)(void *table);
    struct contender *next;
};

void enrol(struct contender *contender);

/* ---- The hash that all contenders have ------------------------------------------------------------------- */

/* That of the task: random ints are their own hash, other ints are mixed; and all may be put into one bin. */
enum hashing { IDENTITY, MIXED, ONE_BIN };
extern enum hashing hashing;

static inline uint64_t mixed(uint64_t bits)
{
    bits *= UINT64_C(0x9e3779b97f4a7c15);
    return bits ^ bits >> 32;
}

static inline uint64_t hash_int(long key)
{
    return hashing == IDENTITY ? (uint64_t)key : hashing == MIXED ? mixed((uint64_t)key) : 0;
}

/* Eight bytes at a time, and the rest. */
static inline uint64_t hash_bytes(const char *bytes, size_t length)
{
    uint64_t hash = length, word = 0;
    if (hashing == ONE_BIN)
        return 0;
    for (; length > 8; bytes += 8, length -= 8) {
        memcpy(&word, bytes, 8);
        hash = mixed(hash ^ word);
    }
    word = 0;
    memcpy(&word, bytes, length);
    return mixed(mixed(hash ^ word));
}

static inline uint64_t hash_text(struct text key)
{
    return hash_bytes(key.bytes, key.length);
}

/* For those whose hashes have 32 bits. */
static inline uint32_t narrow(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

#ifdef __cplusplus
}
#endif

/* ---- The loops ------------------------------------------------------------------------------------------- */

#define KEY_OF_INTS long
#define KEY_OF_TEXTS struct text

#define CONTENDER(X, title, edition, what, how)                                                                    \
    static void X##_put_all(void *table, const void *keys, size_t n)                                               \
    {                                                                                                              \
        const KEY_OF_##what *key = (const KEY_OF_##what *)keys;                                                    \
        for (size_t i = 0; i < n; i++)                                                                             \
            X##_put(table, key[i], 1);                                                                             \
    }                                                                                                              \
    static long X##_get_all(void *table, const void *keys, size_t n)                                               \
    {                                                                                                              \
        const KEY_OF_##what *key = (const KEY_OF_##what *)keys;                                                    \
        long sum = 0;                                                                                              \
        for (size_t i = 0; i < n; i++)                                                                             \
            sum += X##_get(table, key[i]);                                                                         \
        return sum;                                                                                                \
    }                                                                                                              \
    static void X##_del_all(void *table, const void *keys, size_t n)                                               \
    {                                                                                                              \
        const KEY_OF_##what *key = (const KEY_OF_##what *)keys;                                                    \
        for (size_t i = 0; i < n; i++)                                                                             \
            X##_del(table, key[i]);                                                                                \
    }                                                                                                              \
    static long X##_mix_all(void *table, const void *fresh, const void *old, size_t n)                             \
    {                                                                                                              \
        const KEY_OF_##what *come = (const KEY_OF_##what *)fresh, *go = (const KEY_OF_##what *)old;                \
        long sum = 0;                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                                           \
            X##_put(table, come[i], 1);                                                                            \
            sum += X##_get(table, come[i]);                                                                        \
            sum += X##_get(table, go[i]);                                                                          \
            X##_del(table, go[i]);                                                                                 \
        }                                                                                                          \
        return sum;                                                                                                \
    }                                                                                                              \
    __attribute__((constructor)) static void X##_enrol(void)                                                       \
    {                                                                                                              \
        static struct contender contender = {title,       edition,     what,        how,    X##_make, X##_put_all, \
                                             X##_get_all, X##_del_all, X##_mix_all, X##_walk, X##_end,  NULL};     \
        enrol(&contender);                                                                                         \
    }

#endif

/*
 * The C side of `make bench`: contenders live lives of tables by turns, as in python_side.py.
 *
 * A task is a line on stdin: keys, number of entries, rounds, workloads, contenders, with tabs between them. A
 * result is a line of JSON on stdout. Time is the thread's own processor time.
 */

#define _GNU_SOURCE

#include "side.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SAMPLE_NS 5000000.0
/* Operations in one pass, at least, and at most: see python_side.py. */
#define PASS 20000
#define SLICE 250000
/* Pairs of keys that come and go in a pass: each is eight operations. */
#define PAIRS 50000
#define MOST_CONTENDERS 64

enum hashing hashing;
static struct contender *contenders[MOST_CONTENDERS];
static size_t enrolled;

void enrol(struct contender *contender)
{
    if (enrolled < MOST_CONTENDERS)
        contenders[enrolled++] = contender;
}

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(EXIT_FAILURE);
}

static void *allocate(size_t number, size_t size)
{
    void *memory = calloc(number, size);
    if (memory == NULL)
        fail("out of memory");
    return memory;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* ---- Keys ------------------------------------------------------------------------------------------------ */

/* What is put in, in this order; what is looked for, shuffled, and as often as makes a pass; what is not there. */
struct keys {
    enum kind kind;
    size_t n, sought_count, absent_count;
    void *present, *sought, *absent;
    char *bytes;
};

static size_t width(const struct keys *keys)
{
    return keys->kind == INTS ? sizeof(long) : sizeof(struct text);
}

static const void *at(const struct keys *keys, const void *array, size_t index)
{
    return (const char *)array + index * width(keys);
}

static uint64_t random_state;

/* splitmix64, of Steele, Lea and Flood: the same numbers in every run. */
static uint64_t random_bits(void)
{
    uint64_t bits = random_state += UINT64_C(0x9e3779b97f4a7c15);
    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}

static void shuffle(const struct keys *keys, void *array, size_t count)
{
    char spare[sizeof(struct text)];
    size_t size = width(keys), i;
    for (i = count; i > 1; i--) {
        char *one = (char *)array + (i - 1) * size, *other = (char *)array + random_bits() % i * size;
        memcpy(spare, one, size);
        memcpy(one, other, size);
        memcpy(other, spare, size);
    }
}

/* All keys of a task, `every` of them: first those that are put in, then those that are not. */
static void *make_all(struct keys *keys, const char *name, size_t every)
{
    bool dense = strcmp(name, "dense") == 0 || strcmp(name, "one-bin-ints") == 0;
    bool apart = strcmp(name, "apart") == 0, is_long = strcmp(name, "long") == 0;
    size_t shortest = is_long ? 100 : 7, longest = is_long ? 140 : 14, i;
    if (keys->kind == INTS) {
        long *all = allocate(every, sizeof *all);
        for (i = 0; i < every; i++)
            all[i] = dense ? (long)i : apart ? (long)i * 4096 : (long)random_bits();
        return all;
    } else {
        struct text *all = allocate(every, sizeof *all);
        char *end = keys->bytes = allocate(every, longest + 1);
        for (i = 0; i < every; i++) {
            size_t length = shortest + random_bits() % (longest - shortest + 1), j;
            all[i].bytes = end;
            all[i].length = length;
            for (j = 0; j + 5 < length; j++)
                *end++ = (char)('a' + random_bits() % 26);
            /* The number makes each another; it is at the end, where a comparison sees it last. */
            for (j = 0; j < 5; j++)
                *end++ = (char)('0' + (i >> 6 * j & 63));
            *end++ = '\0';
        }
        return all;
    }
}

static struct keys make_keys(const char *name, size_t n)
{
    struct keys keys = {0};
    size_t absent = n < SLICE ? n : SLICE, copies = n < PASS ? (PASS + n - 1) / n : 1, i;
    char *all;
    random_state = 2014;
    keys.kind = strcmp(name, "short") == 0 || strcmp(name, "long") == 0 || strcmp(name, "one-bin-short") == 0
                    ? TEXTS
                    : INTS;
    hashing = strncmp(name, "one-bin", 7) == 0 ? ONE_BIN : strcmp(name, "ints") == 0 ? IDENTITY : MIXED;
    keys.n = n;
    all = make_all(&keys, name, n + absent);
    keys.present = all;
    keys.absent_count = absent;
    keys.absent = all + n * width(&keys);
    shuffle(&keys, keys.absent, absent);
    keys.sought_count = n * copies;
    keys.sought = allocate(keys.sought_count, width(&keys));
    memcpy(keys.sought, keys.present, n * width(&keys));
    shuffle(&keys, keys.sought, n);
    for (i = 1; i < copies; i++)
        memcpy((char *)keys.sought + i * n * width(&keys), keys.sought, n * width(&keys));
    return keys;
}

static void free_keys(struct keys *keys)
{
    free(keys->present);
    free(keys->sought);
    free(keys->bytes);
}

/* ---- A life ---------------------------------------------------------------------------------------------- */

static const char *const WORKLOADS[] = {"insert", "hit", "miss", "replace", "iterate", "mixed", "delete"};
enum workload { INSERT, HIT, MISS, REPLACE, ITERATE, MIX, DELETE, NUMBER_OF_WORKLOADS };

struct task {
    char keys[32], workloads[256], contenders[512];
    size_t n;
    int rounds;
};

/* Whether `name` is one of the names in `list`, which has commas between them. */
static bool among(const char *list, const char *name)
{
    size_t length = strlen(name);
    const char *found;
    for (found = list; (found = strstr(found, name)) != NULL; found += length)
        if ((found == list || found[-1] == ',') && (found[length] == '\0' || found[length] == ','))
            return true;
    return false;
}

static void tell(const struct task *task, const struct contender *contender, const char *workload, int round,
                 double value, const char *unit)
{
    printf("{\"workload\": \"%s\", \"keys\": \"%s\", \"n\": %zu, \"round\": %d, \"contender\": \"%s\", "
           "\"value\": %.6g, \"unit\": \"%s\"}\n",
           workload, task->keys, task->n, round, contender->name, value, unit);
    fflush(stdout);
}

/* Small tables are measured by the batch. */
struct batch {
    const struct contender *contender;
    size_t count;
    void **tables;
};

static void empty_tables(struct batch *batch)
{
    size_t i;
    for (i = 0; i < batch->count; i++) {
        if (batch->tables[i] != NULL)
            batch->contender->end(batch->tables[i]);
        batch->tables[i] = batch->contender->make();
        if (batch->tables[i] == NULL)
            fail("out of memory");
    }
}

static void fill(struct batch *batch, const struct keys *keys)
{
    size_t i;
    for (i = 0; i < batch->count; i++)
        batch->contender->put_all(batch->tables[i], keys->present, keys->n);
}

/* What came out is what had to: else a contender does not do what it is measured for. */
static void expect(const struct contender *contender, long got, size_t wanted)
{
    if (got != (long)wanted) {
        fprintf(stderr, "bench: %s: %ld, not %zu\n", contender->name, got, wanted);
        exit(EXIT_FAILURE);
    }
}

/* One pass: nanoseconds, and how many operations it was. */
static double pass(struct batch *batch, const struct keys *keys, enum workload workload, int round, size_t *done)
{
    const struct contender *contender = batch->contender;
    size_t sought = keys->sought_count < SLICE ? keys->sought_count : SLICE, i;
    /* In each round the next slice of the keys. */
    size_t first = (size_t)round * SLICE % (keys->sought_count - sought + 1);
    const void *from = at(keys, keys->sought, first);
    size_t pairs = keys->absent_count < PAIRS ? keys->absent_count : PAIRS;
    void *one = batch->tables[0];
    double start, took;
    long sum = 0;
    switch (workload) {
    case INSERT:
        empty_tables(batch);
        start = now();
        fill(batch, keys);
        took = now() - start;
        *done = batch->count * keys->n;
        break;
    case HIT:
        start = now();
        sum = contender->get_all(one, from, sought);
        took = now() - start;
        expect(contender, sum, *done = sought);
        break;
    case MISS:
        start = now();
        for (*done = 0; *done < PASS; *done += keys->absent_count)
            sum += contender->get_all(one, keys->absent, keys->absent_count);
        took = now() - start;
        expect(contender, sum, 0);
        break;
    case REPLACE:
        start = now();
        contender->put_all(one, from, sought);
        took = now() - start;
        *done = sought;
        break;
    case ITERATE:
        start = now();
        for (i = 0; i < batch->count; i++)
            sum += contender->walk(batch->tables[i]);
        took = now() - start;
        expect(contender, sum, *done = batch->count * keys->n);
        break;
    case MIX:
        start = now();
        for (i = 0; i < batch->count; i++) {
            sum += contender->mix_all(batch->tables[i], keys->absent, from, pairs);
            /* And back again, so that the table holds what it held. */
            sum += contender->mix_all(batch->tables[i], from, keys->absent, pairs);
        }
        took = now() - start;
        *done = 8 * batch->count * pairs;
        expect(contender, sum, *done / 2);
        break;
    default:
        sought = keys->n < SLICE ? keys->n : SLICE;
        start = now();
        for (i = 0; i < batch->count; i++)
            contender->del_all(batch->tables[i], from, sought);
        took = now() - start;
        expect(contender, contender->walk(batch->tables[0]), keys->n - sought);
        for (i = 0; i < batch->count; i++)
            contender->put_all(batch->tables[i], from, sought);
        *done = batch->count * sought;
    }
    return took;
}

static void live(const struct task *task, const struct contender *contender, const struct keys *keys, int round)
{
    struct batch batch = {contender, keys->n < PASS ? (PASS + keys->n - 1) / keys->n : 1, NULL};
    size_t i;
    int workload;
    batch.tables = allocate(batch.count, sizeof *batch.tables);
    if (!among(task->workloads, WORKLOADS[INSERT])) {
        empty_tables(&batch);
        fill(&batch, keys);
    }
    for (workload = INSERT; workload < NUMBER_OF_WORKLOADS; workload++) {
        double spent = 0;
        size_t operations = 0, done;
        if (!among(task->workloads, WORKLOADS[workload]))
            continue;
        while (spent < SAMPLE_NS) {
            spent += pass(&batch, keys, workload, round, &done);
            operations += done;
        }
        tell(task, contender, WORKLOADS[workload], round, spent / (double)operations, "ns");
    }
    for (i = 0; i < batch.count; i++)
        contender->end(batch.tables[i]);
    free(batch.tables);
}

/* ---- Memory ---------------------------------------------------------------------------------------------- */

static double resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;
    if (file == NULL)
        return 0;
    if (fscanf(file, "%*u %lu", &pages) != 1)
        pages = 0;
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static double allocated(void)
{
    struct mallinfo2 info = mallinfo2();
    return (double)info.uordblks + (double)info.hblkhd;
}

/* In a child process: on a heap where no table has been before. */
static void tell_memory(const struct task *task, const struct contender *contender, const struct keys *keys)
{
    pid_t child = fork();
    int status;
    if (child < 0)
        fail("fork");
    if (child == 0) {
        double pages = resident(), bytes = allocated();
        void *table = contender->make();
        contender->put_all(table, keys->present, keys->n);
        pages = (resident() - pages) / (double)keys->n;
        bytes = (allocated() - bytes) / (double)keys->n;
        if (among(task->workloads, "memory-resident"))
            tell(task, contender, "memory-resident", 0, pages, "bytes");
        if (among(task->workloads, "memory-malloc"))
            tell(task, contender, "memory-malloc", 0, bytes, "bytes");
        _exit(EXIT_SUCCESS);
    }
    if (waitpid(child, &status, 0) != child || status != 0)
        fail("a child that measures memory");
}

/* ---- Tasks ----------------------------------------------------------------------------------------------- */

static bool takes_part(const struct task *task, const struct contender *contender, enum kind kind)
{
    if (contender->kind != kind || (contender->flags & IDENTITY_ONLY && hashing != IDENTITY))
        return false;
    return strcmp(task->contenders, "*") == 0 || among(task->contenders, contender->name);
}

static void carry_out(const struct task *task)
{
    struct keys keys = make_keys(task->keys, task->n);
    const struct contender *ours[MOST_CONTENDERS];
    size_t count = 0, i;
    int round, workload, timed = 0;
    for (i = 0; i < enrolled; i++)
        if (takes_part(task, contenders[i], keys.kind))
            ours[count++] = contenders[i];
    if (strstr(task->workloads, "memory") != NULL)
        for (i = 0; i < count; i++)
            tell_memory(task, ours[i], &keys);
    for (workload = INSERT; workload < NUMBER_OF_WORKLOADS; workload++)
        timed |= among(task->workloads, WORKLOADS[workload]);
    for (round = 0; timed && round < task->rounds; round++)
        for (i = 0; i < count; i++)
            live(task, ours[(i + (size_t)round) % count], &keys, round);
    free_keys(&keys);
    printf("{\"done\": true}\n");
    fflush(stdout);
}

static void tell_about(void)
{
    const char *separator = "";
    size_t i, j;
    printf("{\"about\": {");
    for (i = 0; i < enrolled; i++) {
        /* Most are there twice, for ints and for strings. */
        for (j = 0; j < i && strcmp(contenders[j]->name, contenders[i]->name) != 0; j++)
            ;
        if (j < i)
            continue;
        printf("%s\"%s\": \"%s\"", separator, contenders[i]->name, contenders[i]->version);
        separator = ", ";
    }
    printf("}, \"skipped\": []}\n");
    fflush(stdout);
}

int main(void)
{
    struct task *tasks = NULL;
    char line[1024];
    size_t count = 0, i;
    tell_about();
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct task task;
        if (sscanf(line, "%31[^\t]\t%zu\t%d\t%255[^\t]\t%511[^\n]", task.keys, &task.n, &task.rounds,
                   task.workloads, task.contenders) != 5 ||
            task.n == 0)
            fail("a task that is none");
        tasks = realloc(tasks, (count + 1) * sizeof *tasks);
        if (tasks == NULL)
            fail("out of memory");
        tasks[count++] = task;
    }
    for (i = 0; i < count; i++)
        carry_out(&tasks[i]);
    free(tasks);
    return EXIT_SUCCESS;
}

/* A program that embeds Python: initialises it, uses the module, finalises it, three times over. */
#include <Python.h>

int main(int argc, char **argv)
{
    static const char *use =
        "import gc, hashtable\n"
        "h = hashtable.HashTable(size=3, max_load=0.7, hash_func=lambda key: 5, items={'a': 1})\n"
        "h['self'] = h\n"
        "h.set('b', [h.keys(), iter(h)])\n"
        "assert h.pop('a') == 1 and 'b' in h and h.get('zz') is None, h\n"
        "assert hashtable.HashTable().hash_func is hash\n"
        "for own in hashtable.xxh3_hash, hashtable.SipHash(5), hashtable.XXH3(seed=6):\n"
        "    t = hashtable.HashTable(hash_func=own, items={'x': 1})\n"
        "    assert t.hash_func is own and t.bin_of('x') == own('x') % t.size and t['x'] == 1\n"
        "assert hashtable.SipHash(5).seed == 5 and repr(own) == 'hashtable.XXH3(seed=0x6)'\n"
        "assert h.stats().load == len(h) == 2 and len(h.bins()) == h.size\n"
        "assert {**hashtable.HashTable(items={'x': 1})} == {'x': 1}\n"
        "import collections.abc\n"
        "assert isinstance(h, collections.abc.MutableMapping)\n"
        "alive = hashtable.HashTable(items={'at': 'exit'})\n";
    int round;

    for (round = 0; round < 3; round++) {
        Py_InitializeEx(0);
        if (argc > 1) {
            PyObject *path = PySys_GetObject("path"); /* borrowed */
            PyObject *entry = PyUnicode_FromString(argv[1]);
            if (path == NULL || entry == NULL || PyList_Insert(path, 0, entry) < 0)
                return 2;
            Py_DECREF(entry);
        }
        if (PyRun_SimpleString(use) < 0)
            return 1;
        if (Py_FinalizeEx() < 0)
            return 3;
        printf("round %d\n", round + 1);
        fflush(stdout);
    }
    return 0;
}

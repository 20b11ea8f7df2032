/* A module with one type: Sieve(func, size). A thing falls into the hole func(thing) % size, and is counted. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *func;
    long *counts;
    long size;
} Sieve;

static int init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    Sieve *sieve = (Sieve *)self;
    static char *names[] = {"func", "size", NULL};
    PyObject *func;
    long size, *counts;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "Ol:Sieve", names, &func, &size))
        return -1;
    if (size < 1 || size > 1000000) {
        PyErr_SetString(PyExc_ValueError, "size is from 1 to 1000000");
        return -1;
    }
    counts = PyMem_Calloc((size_t)size, sizeof *counts);
    if (counts == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    Py_INCREF(func);
    Py_XDECREF(sieve->func);
    PyMem_Free(sieve->counts);
    sieve->func = func;
    sieve->counts = counts;
    sieve->size = size;
    return 0;
}

static PyObject *drop(PyObject *self, PyObject *thing)
{
    Sieve *sieve = (Sieve *)self;
    PyObject *func = sieve->func, *result;
    long number;
    if (func == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the sieve has no function");
        return NULL;
    }
    /* It may call __init__, which takes it away from us. */
    Py_INCREF(func);
    result = PyObject_CallFunctionObjArgs(func, thing, NULL);
    Py_DECREF(func);
    if (result == NULL)
        return NULL;
    number = PyLong_AsLong(result);
    Py_DECREF(result);
    if (number == -1 && PyErr_Occurred())
        return NULL;
    number %= sieve->size;
    number += number < 0 ? sieve->size : 0;
    return PyLong_FromLong(++sieve->counts[number]);
}

static int traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Sieve *)self)->func);
    return 0;
}

static int clear(PyObject *self)
{
    Py_CLEAR(((Sieve *)self)->func);
    return 0;
}

static void dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    clear(self);
    PyMem_Free(((Sieve *)self)->counts);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"drop", drop, METH_O, "drop(thing): how many things, with this one, have fallen into its hole."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject SieveType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "sieve.Sieve",
    .tp_basicsize = sizeof(Sieve),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_init = init,
    .tp_traverse = traverse,
    .tp_clear = clear,
    .tp_dealloc = dealloc,
    .tp_methods = methods,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "sieve"};

PyMODINIT_FUNC PyInit_sieve(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made != NULL && PyModule_AddType(made, &SieveType) < 0)
        Py_CLEAR(made);
    return made;
}

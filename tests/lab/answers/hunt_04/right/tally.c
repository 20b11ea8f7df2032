/* A module with one type: Tally(size), which counts numbers by their remainder. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

struct counts {
    long size;
    long count[];
};

typedef struct {
    PyObject_HEAD
    struct counts *counts;
} Tally;

static struct counts *counts_new(long size)
{
    struct counts *counts = PyMem_Calloc(1, sizeof *counts + (size_t)size * sizeof(long));
    if (counts == NULL)
        PyErr_NoMemory();
    else
        counts->size = size;
    return counts;
}

static PyObject *new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *self = PyType_GenericNew(type, args, kwargs);
    if (self != NULL && (((Tally *)self)->counts = counts_new(4)) == NULL)
        Py_CLEAR(self);
    return self;
}

static int init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    Tally *tally = (Tally *)self;
    static char *names[] = {"size", NULL};
    struct counts *counts;
    long size;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "l:Tally", names, &size))
        return -1;
    if (size < 1 || size > 1000000) {
        PyErr_SetString(PyExc_ValueError, "size is from 1 to 1000000");
        return -1;
    }
    counts = counts_new(size);
    if (counts == NULL)
        return -1;
    PyMem_Free(tally->counts);
    tally->counts = counts;
    return 0;
}

static PyObject *add(PyObject *self, PyObject *args)
{
    struct counts *counts = ((Tally *)self)->counts;
    long number, rest;
    if (!PyArg_ParseTuple(args, "l:add", &number))
        return NULL;
    rest = number % counts->size;
    counts->count[rest < 0 ? rest + counts->size : rest]++;
    Py_RETURN_NONE;
}

static PyObject *count(PyObject *self, PyObject *args)
{
    struct counts *counts = ((Tally *)self)->counts;
    long rest;
    if (!PyArg_ParseTuple(args, "l:count", &rest))
        return NULL;
    if (rest < 0 || rest >= counts->size)
        return PyErr_Format(PyExc_IndexError, "there is no remainder %ld", rest);
    return PyLong_FromLong(counts->count[rest]);
}

static Py_ssize_t length(PyObject *self)
{
    return ((Tally *)self)->counts->size;
}

static void dealloc(PyObject *self)
{
    PyMem_Free(((Tally *)self)->counts);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"add", add, METH_VARARGS, "add(number): counts it."},
    {"count", count, METH_VARARGS, "count(rest): how many numbers had that remainder."},
    {NULL, NULL, 0, NULL},
};

static PySequenceMethods sequence = {.sq_length = length};

static PyTypeObject TallyType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "tally.Tally",
    .tp_basicsize = sizeof(Tally),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = new,
    .tp_init = init,
    .tp_dealloc = dealloc,
    .tp_methods = methods,
    .tp_as_sequence = &sequence,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "tally"};

PyMODINIT_FUNC PyInit_tally(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made != NULL && PyModule_AddType(made, &TallyType) < 0)
        Py_CLEAR(made);
    return made;
}

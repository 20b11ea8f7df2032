/* A module with one type: Crate(size), a bag of numbers in bins. The bins are doubled when they are half full. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

struct store {
    long size;
    long load;
    long *numbers; /* as many as half of the bins */
};

typedef struct {
    PyObject_HEAD
    struct store store;
    long size;
} Crate;

/* Doubles the bins until there is room for `load` numbers. Returns 0, or -1 with an exception set. */
static int make_room(struct store *store, long load)
{
    long size = store->size, *numbers;
    while (size / 2 < load)
        size *= 2;
    if (size == store->size)
        return 0;
    numbers = PyMem_Realloc(store->numbers, (size_t)(size / 2) * sizeof *numbers);
    if (numbers == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    store->numbers = numbers;
    store->size = size;
    return 0;
}

static PyObject *new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"size", NULL};
    Crate *crate;
    long size = 4;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|l:Crate", names, &size))
        return NULL;
    if (size < 1 || size > 1000000)
        return PyErr_Format(PyExc_ValueError, "size is from 1 to 1000000");
    crate = (Crate *)type->tp_alloc(type, 0);
    if (crate == NULL)
        return NULL;
    crate->store.size = crate->size = size;
    crate->store.numbers = PyMem_Malloc((size_t)(size / 2) * sizeof(long));
    if (crate->store.numbers == NULL) {
        Py_DECREF(crate);
        return PyErr_NoMemory();
    }
    return (PyObject *)crate;
}

static PyObject *add(PyObject *self, PyObject *args)
{
    struct store *store = &((Crate *)self)->store;
    long number;
    if (!PyArg_ParseTuple(args, "l:add", &number) || make_room(store, store->load + 1) < 0)
        return NULL;
    store->numbers[store->load++] = number;
    ((Crate *)self)->size = store->size;
    Py_RETURN_NONE;
}

static PyObject *reserve(PyObject *self, PyObject *args)
{
    long load;
    if (!PyArg_ParseTuple(args, "l:reserve", &load))
        return NULL;
    if (load > 1000000)
        return PyErr_Format(PyExc_ValueError, "that is too much");
    if (make_room(&((Crate *)self)->store, load) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *counts(PyObject *self, PyObject *unused)
{
    struct store *store = &((Crate *)self)->store;
    PyObject *list = PyList_New(store->size);
    long bin, index;
    for (bin = 0; list != NULL && bin < store->size; bin++) {
        long count = 0;
        PyObject *number;
        for (index = 0; index < store->load; index++)
            count += (store->numbers[index] % store->size + store->size) % store->size == bin;
        number = PyLong_FromLong(count);
        if (number == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, bin, number);
    }
    return list;
}

static void dealloc(PyObject *self)
{
    PyMem_Free(((Crate *)self)->store.numbers);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"add", add, METH_VARARGS, "add(number): puts a number in."},
    {"reserve", reserve, METH_VARARGS, "reserve(load): makes room for that many numbers."},
    {"counts", counts, METH_NOARGS, "counts(): how many numbers are in each bin."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"size", T_LONG, offsetof(Crate, size), READONLY, "how many bins there are"},
    {"load", T_LONG, offsetof(Crate, store.load), READONLY, "how many numbers there are"},
    {NULL, 0, 0, 0, NULL},
};

static PyTypeObject CrateType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "crate.Crate",
    .tp_basicsize = sizeof(Crate),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = new,
    .tp_dealloc = dealloc,
    .tp_methods = methods,
    .tp_members = members,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "crate"};

PyMODINIT_FUNC PyInit_crate(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made != NULL && PyModule_AddType(made, &CrateType) < 0)
        Py_CLEAR(made);
    return made;
}

/* pair: an object that holds two others. The garbage collector knows of it. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

typedef struct {
    PyObject_HEAD
    PyObject *first;      /* owned, or NULL */
    PyObject *second;     /* owned, or NULL */
    PyObject *weak_references;
} Pair;

static int pair_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Pair *)self)->first);
    Py_VISIT(((Pair *)self)->second);
    return 0;
}

static int pair_clear(PyObject *self)
{
    Py_XDECREF(((Pair *)self)->first);
    Py_XDECREF(((Pair *)self)->second);
    return 0;
}

static void pair_dealloc(PyObject *self)
{
    Pair *pair = (Pair *)self;

    PyObject_GC_UnTrack(self);
    if (pair->weak_references != NULL)
        PyObject_ClearWeakRefs(self);
    Py_XDECREF(pair->first);
    Py_XDECREF(pair->second);
    Py_TYPE(self)->tp_free(self);
}

static PyMemberDef pair_members[] = {
    {"first", T_OBJECT, offsetof(Pair, first), 0, NULL},
    {"second", T_OBJECT, offsetof(Pair, second), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyTypeObject pair_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "pair.Pair",
    .tp_basicsize = sizeof(Pair),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = pair_traverse,
    .tp_clear = pair_clear,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = pair_dealloc,
    .tp_members = pair_members,
    .tp_weaklistoffset = offsetof(Pair, weak_references),
};

static struct PyModuleDef pair_module = {PyModuleDef_HEAD_INIT, "pair", NULL, -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_pair(void)
{
    PyObject *module;

    if (PyType_Ready(&pair_type) < 0)
        return NULL;
    module = PyModule_Create(&pair_module);
    if (module == NULL)
        return NULL;
    Py_INCREF(&pair_type);
    if (PyModule_AddObject(module, "Pair", (PyObject *)&pair_type) < 0) {
        Py_DECREF(&pair_type);
        Py_DECREF(module);
        return NULL;
    }
    return module;
}

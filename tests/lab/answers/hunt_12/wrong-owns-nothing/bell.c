/* A module with one type: Bell(func), which calls a function when it is rung. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *func; /* owned */
} Bell;

static int init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"func", NULL};
    PyObject *func;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Bell", names, &func))
        return -1;
    ((Bell *)self)->func = func;
    return 0;
}

static PyObject *ring(PyObject *self, PyObject *args)
{
    PyObject *func = ((Bell *)self)->func, *result;
    if (func == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the bell has no function");
        return NULL;
    }
    /* It may call __init__, which takes it away from us. */
    Py_INCREF(func);
    result = PyObject_CallObject(func, args);
    Py_DECREF(func);
    return result;
}

static void dealloc(PyObject *self)
{
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"ring", ring, METH_VARARGS, "ring(...): what the function returns for these arguments."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject BellType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "bell.Bell",
    .tp_basicsize = sizeof(Bell),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = PyType_GenericNew,
    .tp_init = init,
    .tp_dealloc = dealloc,
    .tp_methods = methods,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "bell"};

PyMODINIT_FUNC PyInit_bell(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made != NULL && PyModule_AddType(made, &BellType) < 0)
        Py_CLEAR(made);
    return made;
}

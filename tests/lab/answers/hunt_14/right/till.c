/* A module with one type: Till(), which adds up. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long total;
} Till;

static PyObject *add(PyObject *self, PyObject *args)
{
    long amount;
    if (!PyArg_ParseTuple(args, "l:add", &amount))
        return NULL;
    ((Till *)self)->total += amount;
    Py_RETURN_NONE;
}

static PyObject *total(PyObject *self, PyObject *unused)
{
    return PyLong_FromLong(((Till *)self)->total);
}

static PyMethodDef methods[] = {
    {"add", add, METH_VARARGS, "add(amount): adds it to the total."},
    {"total", total, METH_NOARGS, "total(): what has been added up."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject TillType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "till.Till",
    .tp_basicsize = sizeof(Till),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = PyType_GenericNew,
    .tp_methods = methods,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "till",
};

PyMODINIT_FUNC PyInit_till(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made != NULL && PyModule_AddType(made, &TillType) < 0)
        Py_CLEAR(made);
    return made;
}

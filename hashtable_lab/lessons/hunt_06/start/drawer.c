/* A module with one function: drawer(func, key, drawers), which says in which of the drawers a key belongs. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *drawer(PyObject *module, PyObject *args)
{
    PyObject *func, *key, *result;
    long long number, drawers;
    if (!PyArg_ParseTuple(args, "OOL:drawer", &func, &key, &drawers))
        return NULL;
    if (drawers < 1) {
        PyErr_SetString(PyExc_ValueError, "there has to be a drawer");
        return NULL;
    }
    result = PyObject_CallFunctionObjArgs(func, key, NULL);
    if (result == NULL)
        return NULL;
    if (!PyLong_Check(result)) {
        PyErr_Format(PyExc_ValueError, "an int is wanted, and not a %s", Py_TYPE(result)->tp_name);
        return NULL;
    }
    number = PyLong_AsLongLong(result);
    Py_DECREF(result);
    if (number == -1 && PyErr_Occurred())
        return NULL;
    number %= drawers;
    return PyLong_FromLongLong(number < 0 ? number + drawers : number);
}

static PyMethodDef functions[] = {
    {"drawer", drawer, METH_VARARGS, "drawer(func, key, drawers): in which of the drawers a key belongs."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "drawer",
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit_drawer(void)
{
    return PyModule_Create(&module);
}

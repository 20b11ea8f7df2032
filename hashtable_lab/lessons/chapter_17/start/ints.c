/* ints: one function, extend(target, source). It works, as long as nothing goes wrong. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Appends each item of `source`, as an int of C's range, to the list `target`. */
static PyObject *extend(PyObject *module, PyObject *args)
{
    PyObject *target, *source, *iterator, *item, *number;
    long value;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!O:extend", &PyList_Type, &target, &source))
        return NULL;
    iterator = PyObject_GetIter(source); /* a new reference */
    if (iterator == NULL)
        return NULL;
    while ((item = PyIter_Next(iterator)) != NULL) { /* a new reference */
        value = PyLong_AsLong(item);
        if (value == -1) {
            PyErr_SetString(PyExc_ValueError, "extend: not an integer");
            return NULL;
        }
        number = PyLong_FromLong(value); /* a new reference */
        PyList_Append(target, number);   /* takes a reference of its own */
        Py_DECREF(item);
    }
    Py_DECREF(iterator);
    Py_RETURN_NONE;
}

static PyMethodDef ints_methods[] = {
    {"extend", extend, METH_VARARGS, "extend(target, source)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef ints_module = {PyModuleDef_HEAD_INIT, "ints", NULL, -1, ints_methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_ints(void)
{
    return PyModule_Create(&ints_module);
}

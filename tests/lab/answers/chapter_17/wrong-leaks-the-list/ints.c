/* ints: one function, extend(target, source). */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Appends each item of `source`, as an int of C's range, to the list `target`. */
static PyObject *extend(PyObject *module, PyObject *args)
{
    PyObject *target, *source, *iterator, *fresh, *result = NULL;
    PyObject *item = NULL, *number = NULL;
    Py_ssize_t size;
    long value;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!O:extend", &PyList_Type, &target, &source))
        return NULL;
    fresh = PyList_New(0);
    if (fresh == NULL)
        return NULL;
    iterator = PyObject_GetIter(source);
    if (iterator == NULL)
        return NULL;
    while ((item = PyIter_Next(iterator)) != NULL) {
        value = PyLong_AsLong(item);
        if (value == -1 && PyErr_Occurred())
            goto done;
        number = PyLong_FromLong(value);
        if (number == NULL || PyList_Append(fresh, number) < 0)
            goto done;
        Py_CLEAR(number);
        Py_CLEAR(item);
    }
    if (PyErr_Occurred())
        goto done;
    /* Now: code of the user's may have changed it meanwhile. */
    size = PyList_GET_SIZE(target);
    if (PyList_SetSlice(target, size, size, fresh) < 0)
        goto done;
    Py_INCREF(Py_None);
    result = Py_None;
done:
    Py_XDECREF(number);
    Py_XDECREF(item);
    Py_XDECREF(fresh);
    Py_XDECREF(iterator);
    return result;
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

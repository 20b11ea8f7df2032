/* A module with one function: stamp(thing, func=hash), which says what number is stamped on a thing. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *stamp(PyObject *module, PyObject *args)
{
    PyObject *thing, *func = NULL, *number;
    if (!PyArg_ParseTuple(args, "O|O:stamp", &thing, &func))
        return NULL;
    if (func == NULL) {
        PyObject *builtins = PyEval_GetBuiltins();
        if (builtins == NULL) {
            PyErr_SetString(PyExc_RuntimeError, "there are no builtins");
            return NULL;
        }
        func = PyDict_GetItemString(builtins, "hash");
        if (func == NULL) {
            PyErr_SetString(PyExc_RuntimeError, "there is no builtin hash");
            return NULL;
        }
    }
    number = PyObject_CallFunctionObjArgs(func, thing, NULL);
    Py_DECREF(func);
    if (number != NULL && !PyLong_Check(number)) {
        PyErr_SetString(PyExc_ValueError, "a stamp is an int");
        Py_CLEAR(number);
    }
    return number;
}

static PyMethodDef functions[] = {
    {"stamp", stamp, METH_VARARGS, "stamp(thing, func=hash): the number that is stamped on a thing."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "stamp",
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit_stamp(void)
{
    return PyModule_Create(&module);
}

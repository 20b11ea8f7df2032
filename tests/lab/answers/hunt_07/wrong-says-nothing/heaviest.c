/* A module with one function: heaviest(weigh, things), which returns the thing for which weigh(thing) is largest. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Weighs one thing. Returns 0, or -1 with an exception set. */
static int weigh_one(PyObject *weigh, PyObject *thing, long *weight)
{
    PyObject *result = PyObject_CallFunctionObjArgs(weigh, thing, NULL);
    if (result == NULL || !PyLong_Check(result)) {
        Py_XDECREF(result);
        return -1;
    }
    *weight = PyLong_AsLong(result);
    Py_DECREF(result);
    return *weight == -1 && PyErr_Occurred() ? -1 : 0;
}

static PyObject *heaviest(PyObject *module, PyObject *args)
{
    PyObject *weigh, *things, *iterator, *thing, *best = NULL;
    long weight, most = 0;
    if (!PyArg_ParseTuple(args, "OO:heaviest", &weigh, &things))
        return NULL;
    iterator = PyObject_GetIter(things);
    if (iterator == NULL)
        return NULL;
    while ((thing = PyIter_Next(iterator)) != NULL) {
        if (weigh_one(weigh, thing, &weight) < 0) {
            Py_DECREF(thing);
            break;
        }
        if (best == NULL || weight > most) {
            most = weight;
            Py_XSETREF(best, thing);
        } else {
            Py_DECREF(thing);
        }
    }
    Py_DECREF(iterator);
    if (PyErr_Occurred())
        Py_CLEAR(best);
    else if (best == NULL)
        PyErr_SetString(PyExc_ValueError, "there is nothing to weigh");
    return best;
}

static PyMethodDef functions[] = {
    {"heaviest", heaviest, METH_VARARGS, "heaviest(weigh, things): the thing whose weight is the largest."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "heaviest",
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit_heaviest(void)
{
    return PyModule_Create(&module);
}

/* A notice board: one notice, and one listener who may be told of it. */
#include <Python.h>

#if PY_VERSION_HEX < 0x030A0000 /* they came with Python 3.10 */
static inline PyObject *Py_NewRef(PyObject *object)
{
    Py_INCREF(object);
    return object;
}

static inline PyObject *Py_XNewRef(PyObject *object)
{
    Py_XINCREF(object);
    return object;
}
#endif

/* Owned. Never NULL once the module is there: at first it is None. */
static PyObject *notice;
/* Owned. NULL: nobody listens. */
static PyObject *listener;

/* set(notice): from now on this is the notice. */
static PyObject *set(PyObject *module, PyObject *object)
{
    Py_SETREF(notice, Py_NewRef(object));
    Py_RETURN_NONE;
}

/* get(): the notice. */
static PyObject *get(PyObject *module, PyObject *unused)
{
    return Py_NewRef(notice);
}

/* listen(function): from now on this is the listener; None: nobody is. */
static PyObject *listen(PyObject *module, PyObject *function)
{
    if (function == Py_None)
        Py_CLEAR(listener);
    else
        Py_XSETREF(listener, Py_NewRef(function));
    Py_RETURN_NONE;
}

/* both(): a tuple of the notice and the listener, or None for a listener that there is not. */
static PyObject *both(PyObject *module, PyObject *unused)
{
    PyObject *tuple = PyTuple_New(2);

    if (tuple == NULL)
        return NULL;
    /* This steals what it puts in. */
    PyTuple_SET_ITEM(tuple, 0, Py_NewRef(notice));
    PyTuple_SET_ITEM(tuple, 1, Py_NewRef(listener ? listener : Py_None));
    return tuple;
}

/* tell(): calls the listener, if there is one, with the notice. What it returns is not wanted; what it raises
   comes out. */
static PyObject *tell(PyObject *module, PyObject *unused)
{
    PyObject *result;

    if (listener == NULL)
        Py_RETURN_NONE;
    /* A new reference. */
    Py_INCREF(listener);
    result = PyObject_CallFunctionObjArgs(listener, notice, NULL);
    if (result == NULL)
        return NULL;
    Py_DECREF(result);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"set", set, METH_O, NULL},
    {"get", get, METH_NOARGS, NULL},
    {"listen", listen, METH_O, NULL},
    {"both", both, METH_NOARGS, NULL},
    {"tell", tell, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "board", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_board(void)
{
    notice = Py_NewRef(Py_None);
    return PyModule_Create(&module);
}

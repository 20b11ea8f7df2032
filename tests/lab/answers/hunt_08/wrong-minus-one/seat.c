/* A module with one function: seat(func, guest, seats), which says on which of the seats a guest belongs. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <limits.h>

/* The number that a function has for a guest. -1L means that an exception is set. */
static long number_of(PyObject *func, PyObject *guest)
{
    long number;
    PyObject *result = PyObject_CallFunctionObjArgs(func, guest, NULL);
    if (result == NULL)
        return -1L;
    number = PyLong_AsLong(result);
    Py_DECREF(result);
    if (number == -1 && PyErr_Occurred())
        return -1L;
    return number;
}

static PyObject *seat(PyObject *module, PyObject *args)
{
    PyObject *func, *guest;
    long number, seats;
    if (!PyArg_ParseTuple(args, "OOl:seat", &func, &guest, &seats))
        return NULL;
    if (seats < 1) {
        PyErr_SetString(PyExc_ValueError, "there has to be a seat");
        return NULL;
    }
    number = number_of(func, guest);
    if (number == -1L)
        return NULL;
    number %= seats;
    return PyLong_FromLong(number < 0 ? number + seats : number);
}

static PyMethodDef functions[] = {
    {"seat", seat, METH_VARARGS, "seat(func, guest, seats): on which of the seats a guest belongs."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "seat",
    .m_methods = functions,
};

PyMODINIT_FUNC PyInit_seat(void)
{
    return PyModule_Create(&module);
}

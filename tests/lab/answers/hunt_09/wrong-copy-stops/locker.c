/* A module with one type: Locker(), which keeps one int or one text, as C has them: not the object that it was. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long number;
    char *text; /* NULL if it is the number that is kept */
    Py_ssize_t length;
} Locker;

static PyObject *number_out(long number)
{
    return PyLong_FromLong(number);
}

static PyObject *text_out(const char *text, Py_ssize_t length)
{
    return PyUnicode_FromStringAndSize(text, length);
}

/* A copy of a text, for PyMem_Free. */
static char *text_in(PyObject *thing, Py_ssize_t *length)
{
    const char *text = PyUnicode_AsUTF8AndSize(thing, length);
    char *copy;
    if (text == NULL)
        return NULL;
    copy = PyMem_Malloc((size_t)*length + 1);
    if (copy == NULL)
        PyErr_NoMemory();
    else
        strcpy(copy, text);
    return copy;
}

static PyObject *put(PyObject *self, PyObject *thing)
{
    Locker *locker = (Locker *)self;
    char *text = NULL;
    Py_ssize_t length = 0;
    long number = 0;
    if (PyLong_Check(thing)) {
        number = PyLong_AsLong(thing);
        if (number == -1 && PyErr_Occurred())
            return NULL;
    } else if (PyUnicode_Check(thing)) {
        text = text_in(thing, &length);
        if (text == NULL)
            return NULL;
    } else {
        PyErr_SetString(PyExc_TypeError, "an int or a str is wanted");
        return NULL;
    }
    PyMem_Free(locker->text);
    locker->text = text;
    locker->length = length;
    locker->number = number;
    Py_RETURN_NONE;
}

static PyObject *get(PyObject *self, PyObject *unused)
{
    Locker *locker = (Locker *)self;
    return locker->text != NULL ? text_out(locker->text, locker->length) : number_out(locker->number);
}

static void dealloc(PyObject *self)
{
    PyMem_Free(((Locker *)self)->text);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"put", put, METH_O, "put(thing): keeps an int of 64 bits or a str, instead of what was there."},
    {"get", get, METH_NOARGS, "get(): what is there; in the beginning 0."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject LockerType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "locker.Locker",
    .tp_basicsize = sizeof(Locker),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = dealloc,
    .tp_methods = methods,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "locker"};

PyMODINIT_FUNC PyInit_locker(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made != NULL && PyModule_AddType(made, &LockerType) < 0)
        Py_CLEAR(made);
    return made;
}

/* A guest book: `visitors.enter(name)` writes into it, `visitors.guests()` shows it. */
#include <Python.h>

/* One for the whole process: whoever imports this module last begins a new book for all. */
static PyObject *book;

static PyObject *
enter(PyObject *module, PyObject *name)
{
    (void)module;
    if (PyList_Append(book, name) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *
guests(PyObject *module, PyObject *nothing)
{
    (void)module;
    (void)nothing;
    return PyList_AsTuple(book);
}

static int
exec_visitors(PyObject *module)
{
    (void)module;
    book = PyList_New(0);
    return book == NULL ? -1 : 0;
}

static PyMethodDef methods[] = {
    {"enter", enter, METH_O, "Writes a name into the book."},
    {"guests", guests, METH_NOARGS, "The names in the book."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)exec_visitors},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_SUPPORTED},
#endif
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "visitors",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit_visitors(void)
{
    return PyModuleDef_Init(&definition);
}

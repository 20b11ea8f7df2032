/* A guest book: `visitors.enter(name)` writes into it, `visitors.guests()` shows it. */
#include <Python.h>

/* One for each module object, and so for each interpreter. */
typedef struct {
    PyObject *book;
} State;

static State *
state_of(PyObject *module)
{
    return (State *)PyModule_GetState(module);
}

static PyObject *
enter(PyObject *module, PyObject *name)
{
    if (PyList_Append(state_of(module)->book, name) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *
guests(PyObject *module, PyObject *nothing)
{
    (void)nothing;
    return PyList_AsTuple(state_of(module)->book);
}

static int
exec_visitors(PyObject *module)
{
    /* The state begins as zeroes; the new reference is the module's. */
    state_of(module)->book = PyList_New(0);
    return state_of(module)->book == NULL ? -1 : 0;
}

static int
traverse_visitors(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(state_of(module)->book);
    return 0;
}

static int
clear_visitors(PyObject *module)
{
    Py_CLEAR(state_of(module)->book);
    return 0;
}

static void
free_visitors(void *module)
{
    clear_visitors((PyObject *)module);
}

static PyMethodDef methods[] = {
    {"enter", enter, METH_O, "Writes a name into the book."},
    {"guests", guests, METH_NOARGS, "The names in the book."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)exec_visitors},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "visitors",
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = traverse_visitors,
    .m_clear = clear_visitors,
    .m_free = free_visitors,
};

PyMODINIT_FUNC
PyInit_visitors(void)
{
    return PyModuleDef_Init(&definition);
}

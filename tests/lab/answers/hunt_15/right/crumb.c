/* A module with one type: Crumb(label), an object with a label on it. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject_HEAD
    char *label; /* a copy, owned */
} Crumb;

static PyObject *new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"label", NULL};
    const char *label;
    Crumb *crumb;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "s:Crumb", names, &label))
        return NULL;
    crumb = (Crumb *)type->tp_alloc(type, 0);
    if (crumb == NULL)
        return NULL;
    crumb->label = PyMem_Malloc(strlen(label) + 1);
    if (crumb->label == NULL) {
        Py_DECREF(crumb);
        return PyErr_NoMemory();
    }
    strcpy(crumb->label, label);
    return (PyObject *)crumb;
}

static PyObject *label(PyObject *self, PyObject *unused)
{
    return PyUnicode_FromString(((Crumb *)self)->label);
}

static void dealloc(PyObject *self)
{
    PyMem_Free(((Crumb *)self)->label);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"label", label, METH_NOARGS, "label(): what is on it."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject CrumbType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "crumb.Crumb",
    .tp_basicsize = sizeof(Crumb),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = new,
    .tp_dealloc = dealloc,
    .tp_methods = methods,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "crumb"};

PyMODINIT_FUNC PyInit_crumb(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made != NULL && PyModule_AddType(made, &CrumbType) < 0)
        Py_CLEAR(made);
    return made;
}

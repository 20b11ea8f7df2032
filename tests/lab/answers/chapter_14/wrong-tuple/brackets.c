/* A table with the methods of the talk and without brackets. What is in it is in a dict of its own, which leaves the
 * one thing to do here: the slots of a mapping. (To be short, it takes no part in garbage collection.) */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *dict; /* owned */
} Table;

static PyObject *table_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Table *self = (Table *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->dict = PyDict_New();
    if (self->dict == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static void table_dealloc(PyObject *object)
{
    Py_XDECREF(((Table *)object)->dict);
    Py_TYPE(object)->tp_free(object);
}

static PyObject *table_get(PyObject *object, PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(((Table *)object)->dict, key); /* borrowed */
    if (value == NULL) {
        if (PyErr_Occurred())
            return NULL;
        Py_RETURN_NONE;
    }
    Py_INCREF(value);
    return value;
}

static PyObject *table_set(PyObject *object, PyObject *args)
{
    PyObject *key, *value;
    if (!PyArg_ParseTuple(args, "OO:set", &key, &value))
        return NULL;
    if (PyDict_SetItem(((Table *)object)->dict, key, value) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef table_methods[] = {
    {"get", table_get, METH_O, "Return the value for key, or None."},
    {"set", table_set, METH_VARARGS, "Map key to value."},
    {NULL, NULL, 0, NULL},
};

static Py_ssize_t table_length(PyObject *object)
{
    return PyDict_Size(((Table *)object)->dict);
}

static PyObject *table_subscript(PyObject *object, PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(((Table *)object)->dict, key);
    if (value == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetObject(PyExc_KeyError, key); /* a key that is a tuple becomes the exception's arguments */
        return NULL;
    }
    Py_INCREF(value);
    return value;
}

static int table_ass_subscript(PyObject *object, PyObject *key, PyObject *value)
{
    PyObject *dict = ((Table *)object)->dict;
    return value == NULL ? PyObject_DelItem(dict, key) : PyObject_SetItem(dict, key, value);
}

static int table_contains(PyObject *object, PyObject *key)
{
    return PyDict_Contains(((Table *)object)->dict, key);
}

static PyMappingMethods table_as_mapping = {
    .mp_length = table_length,
    .mp_subscript = table_subscript,
    .mp_ass_subscript = table_ass_subscript,
};

static PySequenceMethods table_as_sequence = {
    .sq_contains = table_contains,
};

static PyTypeObject TableType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "brackets.Table",
    .tp_basicsize = sizeof(Table),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = table_new,
    .tp_dealloc = table_dealloc,
    .tp_methods = table_methods,
    .tp_as_mapping = &table_as_mapping,
    .tp_as_sequence = &table_as_sequence,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "brackets",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit_brackets(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made == NULL || PyType_Ready(&TableType) < 0)
        return NULL;
    Py_INCREF(&TableType);
    if (PyModule_AddObject(made, "Table", (PyObject *)&TableType) < 0) {
        Py_DECREF(&TableType);
        Py_DECREF(made);
        return NULL;
    }
    return made;
}

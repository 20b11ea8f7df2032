/*
 * chooser: an extension module for Python 2.7, by hand, on one page: a struct, a type, a module.
 *
 *     cc -shared -fPIC $(python2.7-config --includes) chooser.c -o chooser.so
 *
 * Its type has one knob, a hash function, and one method, which says in which of so many bins a key belongs.
 */

#include <Python.h>
#include <structmember.h>

/* ---- The struct: what an instance is in memory --------------------------------------------------------- */

typedef struct {
    PyObject_HEAD        /* the reference count and the type: no semicolon, since it is a macro that has some */
    PyObject *hash_func; /* owned; NULL until __init__ has run */
} Chooser;

/* ---- What the type's slots point to -------------------------------------------------------------------- */

static PyObject *Chooser_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    return type->tp_alloc(type, 0); /* new, and zeroed: hash_func is NULL */
}

static int Chooser_init(Chooser *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"hash_func", NULL};
    PyObject *hash_func, *old = self->hash_func;

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Chooser", names, &hash_func))
        return -1;
    if (!PyCallable_Check(hash_func)) {
        PyErr_SetString(PyExc_TypeError, "hash_func must be callable.");
        return -1;
    }
    Py_INCREF(hash_func); /* +1: we keep what the arguments only lend us */
    self->hash_func = hash_func;
    Py_XDECREF(old); /* -1: what an __init__ before this one kept, if there was one */
    return 0;
}

static void Chooser_dealloc(Chooser *self)
{
    Py_XDECREF(self->hash_func); /* -1: what __init__ kept */
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *Chooser_repr(Chooser *self)
{
    const char *kind = self->hash_func == NULL ? "nothing" : Py_TYPE(self->hash_func)->tp_name;

    return PyString_FromFormat("<Chooser with a hash_func of type %s>", kind);
}

static PyObject *Chooser_bin_of(Chooser *self, PyObject *args)
{
    PyObject *key, *hash_func = self->hash_func, *result;
    long size, hash;

    if (!PyArg_ParseTuple(args, "Ol:bin_of", &key, &size))
        return NULL;
    if (size <= 0 || hash_func == NULL) {
        PyErr_SetString(PyExc_ValueError, size <= 0 ? "size must be positive." : "__init__ was never called.");
        return NULL;
    }
    Py_INCREF(hash_func); /* +1: it may call our __init__, which gives self's reference back */
    result = PyObject_CallFunctionObjArgs(hash_func, key, NULL); /* a new reference */
    Py_DECREF(hash_func);                                        /* -1 */
    if (result == NULL)
        return NULL; /* it raised: the exception is its own, and is set already */
    hash = PyInt_AsLong(result);
    Py_DECREF(result); /* -1: the new reference */
    if (hash == -1 && PyErr_Occurred())
        return NULL; /* no integer, or one that no long can hold */
    hash %= size; /* of a negative hash not above 0, and never below -size */
    return PyInt_FromLong(hash < 0 ? hash + size : hash);
}

/* ---- The type: what all instances have in common ------------------------------------------------------- */

static PyMethodDef Chooser_methods[] = {
    {"bin_of", (PyCFunction)Chooser_bin_of, METH_VARARGS, "bin_of(key, size): the bin of key among size bins."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef Chooser_members[] = {
    {"hash_func", T_OBJECT, offsetof(Chooser, hash_func), READONLY, "the function that hashes the keys."},
    {NULL, 0, 0, 0, NULL},
};

static PyTypeObject ChooserType = {
    PyObject_HEAD_INIT(NULL)                  /* the type is an object too; PyType_Ready says of which type */
    0,                                        /* ob_size */
    "chooser.Chooser",                        /* tp_name */
    sizeof(Chooser),                          /* tp_basicsize */
    0,                                        /* tp_itemsize */
    (destructor)Chooser_dealloc,              /* tp_dealloc */
    0,                                        /* tp_print */
    0,                                        /* tp_getattr */
    0,                                        /* tp_setattr */
    0,                                        /* tp_compare */
    (reprfunc)Chooser_repr,                   /* tp_repr */
    0,                                        /* tp_as_number */
    0,                                        /* tp_as_sequence */
    0,                                        /* tp_as_mapping */
    0,                                        /* tp_hash */
    0,                                        /* tp_call */
    0,                                        /* tp_str */
    0,                                        /* tp_getattro */
    0,                                        /* tp_setattro */
    0,                                        /* tp_as_buffer */
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, /* tp_flags */
    "Chooser(hash_func)",                     /* tp_doc */
    0,                                        /* tp_traverse */
    0,                                        /* tp_clear */
    0,                                        /* tp_richcompare */
    0,                                        /* tp_weaklistoffset */
    0,                                        /* tp_iter */
    0,                                        /* tp_iternext */
    Chooser_methods,                          /* tp_methods */
    Chooser_members,                          /* tp_members */
    0,                                        /* tp_getset */
    0,                                        /* tp_base */
    0,                                        /* tp_dict */
    0,                                        /* tp_descr_get */
    0,                                        /* tp_descr_set */
    0,                                        /* tp_dictoffset */
    (initproc)Chooser_init,                   /* tp_init */
    0,                                        /* tp_alloc */
    Chooser_new,                              /* tp_new */
};

/* ---- The module: what `import chooser` makes ----------------------------------------------------------- */

PyMODINIT_FUNC initchooser(void)
{
    PyObject *module;

    if (PyType_Ready(&ChooserType) < 0)
        return; /* nothing to return it with: the interpreter looks whether an exception is set */
    module = Py_InitModule3("chooser", NULL, "Says in which bin a key belongs."); /* borrowed */
    if (module == NULL)
        return;
    Py_INCREF(&ChooserType);                                         /* +1, since the next call */
    PyModule_AddObject(module, "Chooser", (PyObject *)&ChooserType); /* steals a reference */
}

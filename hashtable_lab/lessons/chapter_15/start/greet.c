/* A module with one static type, greet.Greeter, whose instances greet whom you name. There is nothing wrong in here. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *greeter_call(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *name;
    if (!PyArg_ParseTuple(args, "U", &name))
        return NULL;
    return PyUnicode_FromFormat("hello, %U", name);
}

static PyTypeObject GreeterType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "greet.Greeter",
    .tp_basicsize = sizeof(PyObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_call = greeter_call,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "greet",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit_greet(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made == NULL || PyType_Ready(&GreeterType) < 0)
        return NULL;
    Py_INCREF(&GreeterType);
    if (PyModule_AddObject(made, "Greeter", (PyObject *)&GreeterType) < 0) {
        Py_DECREF(&GreeterType);
        Py_DECREF(made);
        return NULL;
    }
    return made;
}

/* A module with one type: Cloakroom(), where coats hang. A ticket and a coat are numbers. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

struct hook {
    long ticket;
    long coat;
    struct hook *next;
};

typedef struct {
    PyObject_HEAD
    struct hook *hooks;
} Cloakroom;

/* Takes the hook of a ticket out of the row. NULL if there is none. */
static struct hook *unhook(Cloakroom *self, long ticket)
{
    struct hook **place = &self->hooks, *hook;
    while (*place != NULL && (*place)->ticket != ticket)
        place = &(*place)->next;
    hook = *place;
    if (hook != NULL)
        *place = hook->next;
    return hook;
}

static PyObject *put(PyObject *self, PyObject *args)
{
    Cloakroom *room = (Cloakroom *)self;
    struct hook *hook;
    long ticket, coat;
    if (!PyArg_ParseTuple(args, "ll:put", &ticket, &coat))
        return NULL;
    hook = PyMem_Malloc(sizeof *hook);
    if (hook == NULL)
        return PyErr_NoMemory();
    *hook = (struct hook){ticket, coat, room->hooks};
    room->hooks = hook;
    Py_RETURN_NONE;
}

static PyObject *take(PyObject *self, PyObject *args)
{
    struct hook *hook;
    long ticket, coat;
    if (!PyArg_ParseTuple(args, "l:take", &ticket))
        return NULL;
    hook = unhook((Cloakroom *)self, ticket);
    coat = hook->coat;
    PyMem_Free(hook);
    return PyLong_FromLong(coat);
}

static void dealloc(PyObject *self)
{
    Cloakroom *room = (Cloakroom *)self;
    while (room->hooks != NULL)
        PyMem_Free(unhook(room, room->hooks->ticket));
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"put", put, METH_VARARGS, "put(ticket, coat): hangs up a coat."},
    {"take", take, METH_VARARGS, "take(ticket): the coat, which is then gone."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject CloakroomType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "cloakroom.Cloakroom",
    .tp_basicsize = sizeof(Cloakroom),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = dealloc,
    .tp_methods = methods,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "cloakroom"};

PyMODINIT_FUNC PyInit_cloakroom(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made != NULL && PyModule_AddType(made, &CloakroomType) < 0)
        Py_CLEAR(made);
    return made;
}

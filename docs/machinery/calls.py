"""What each call of the C API that the module makes does to references, and whether Python code can run in
it.

From the C API's documentation (its reference manual says "new", "borrowed" and "steals" of each function),
and from the interpreter's source where that says nothing: of macros, of what an allocation may start.
"""

from __future__ import annotations

from dataclasses import dataclass

NEW = "new"
BORROWED = "borrowed"
NO_REFERENCE = "none"

# Why Python code can run.
COLLECTION = "a collection"
LAST = "the end of an object"


@dataclass(frozen=True)
class Call:
    """`why`: what we use it for; `runs`: what Python code can run in it; `steals`: whose reference it takes
    over."""

    returns: str
    why: str
    runs: str = ""
    steals: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    words: str
    calls: dict[str, Call]


GROUPS = (
    Group(
        "Counting",
        "What all the others are about. Under glass these four go through the ledger.",
        {
            "Py_INCREF": Call(
                NO_REFERENCE, "one more place that knows the object: an entry, a field, a temporary"
            ),
            "Py_XINCREF": Call(
                NO_REFERENCE, "the same, of a hash function that may be NULL, the builtin one"
            ),
            "Py_DECREF": Call(
                NO_REFERENCE,
                "gives back one that is ours",
                f"{LAST}: `__del__`, weak references, all that it owned",
            ),
            "Py_XDECREF": Call(NO_REFERENCE, "the same, of what may be NULL", f"{LAST}, as above"),
            "Py_REFCNT": Call(
                NO_REFERENCE, "whether nobody else has the pair that an iterator showed before"
            ),
        },
    ),
    Group(
        "New objects",
        "The caller owns what comes back, or has NULL and an exception.",
        {
            "PyLong_FromSize_t": Call(NEW, "`size`, `load`, the number of a bin"),
            "PyLong_FromLongLong": Call(NEW, "a hash, as a Python program sees it"),
            "PyLong_FromString": Call(NEW, "a seed of up to 128 bits, from hexadecimal digits"),
            "PyFloat_FromDouble": Call(NEW, "`max_load`, the means in `stats()`"),
            "PyUnicode_FromStringAndSize": Call(NEW, "the picture; names to look up"),
            "PyUnicode_FromFormat": Call(
                NEW, "the repr of a view: `%R` is the repr of its list", "`__repr__`"
            ),
            "PyTuple_New": Call(
                NEW, "pairs; what `__reduce__` returns. Its items are NULL until they are set", COLLECTION
            ),
            "PyTuple_Pack": Call(
                NEW, "the arguments of a KeyError; it takes references of its own to the items", COLLECTION
            ),
            "PyList_New": Call(NEW, "`bins()`. Its items are NULL until they are set", COLLECTION),
            "PyDict_New": Call(
                NEW, "keyword arguments for the interpreter to judge; slots of a pickled instance", COLLECTION
            ),
            "PySet_New": Call(
                NEW,
                "what `|`, `&`, `-` and `^` of views return",
                f"`__iter__`, `__hash__`, `__eq__`; {COLLECTION}",
            ),
            "PyDictProxy_New": Call(
                NEW, "`mapping` of a view; it takes a reference of its own to the table", COLLECTION
            ),
            "PySequence_List": Call(NEW, "what a view shows, for its repr", "`__iter__`, `__next__`"),
            "Py_GenericAlias": Call(
                NEW, "`HashTable[K, V]`; takes references of its own to both", COLLECTION
            ),
            "PyStructSequence_NewType": Call(NEW, "the class of `stats()`, once an interpreter", COLLECTION),
            "PyStructSequence_New": Call(
                NEW, "what `stats()` returns. Its items are NULL until they are set", COLLECTION
            ),
        },
    ),
    Group(
        "Stolen references",
        "These take over the reference that they are given, and it is not ours to give back any more: not"
        " even if they fail. What is handed to them was an `Owned`, which ends as `into_stolen()`.",
        {
            "PyTuple_SetItem": Call(
                NO_REFERENCE,
                "fills a new tuple",
                f"{LAST}, of the item that was there; in a new tuple there is none",
                "the item",
            ),
            "PyTuple_SET_ITEM": Call(
                NO_REFERENCE,
                "fills a new tuple; a macro that forgets what was there without giving it back",
                steals="the item",
            ),
            "PyList_SetItem": Call(
                NO_REFERENCE,
                "fills a new list",
                f"{LAST}, of the item that was there; in a new list there is none",
                "the item",
            ),
            "PyStructSequence_SetItem": Call(
                NO_REFERENCE, "fills a new record; as PyTuple_SET_ITEM", steals="the item"
            ),
        },
    ),
    Group(
        "Asking objects",
        "Each of these may end in a method that somebody wrote in Python: no table is borrowed across them.",
        {
            "PyObject_Hash": Call(
                NO_REFERENCE, "the builtin `hash`, the default hash function", "`__hash__`"
            ),
            "PyObject_RichCompareBool": Call(
                NO_REFERENCE,
                "whether two keys or two values are equal; the same object is, unasked",
                "`__eq__`, `__bool__`",
            ),
            "PyObject_CallOneArg": Call(
                NEW, "the hash function, `__missing__`, methods of others", "whatever is called"
            ),
            "PyObject_CallFunctionObjArgs": Call(
                NEW,
                "what is called with no argument or with two; NULL ends the arguments",
                "whatever is called",
            ),
            "PyObject_GetAttrString": Call(
                NEW, "`keys` of a mapping, methods by name", "`__getattr__`, descriptors"
            ),
            "PyObject_GetItem": Call(NEW, "the value of a key in another mapping", "`__getitem__`"),
            "PyObject_SetItem": Call(
                NO_REFERENCE,
                "`fromkeys()` of a subclass; the container takes references of its own",
                "`__setitem__`",
            ),
            "PyObject_GetIter": Call(NEW, "what `update()` and the views' operators read", "`__iter__`"),
            "PyIter_Next": Call(NEW, "its next item; NULL without an exception at its end", "`__next__`"),
            "PySequence_Fast": Call(
                NEW,
                "the two items of a pair; may be the pair itself, with one reference more",
                "`__iter__`, `__next__`",
            ),
            "PySequence_Contains": Call(
                NO_REFERENCE, "`item in view`; a name in a class's dict", "`__contains__`, `__eq__`"
            ),
            "PyObject_Size": Call(NO_REFERENCE, "`len()` of the other operand of a comparison", "`__len__`"),
            "PyMapping_Size": Call(NO_REFERENCE, "`len()` of the other operand of `==`", "`__len__`"),
            "PyObject_IsInstance": Call(
                NO_REFERENCE, "whether it is a Mapping or a Set", "`__instancecheck__`"
            ),
            "PyNumber_Index": Call(NEW, "an int, of whatever says that it is one", "`__index__`"),
            "PyNumber_ToBase": Call(NEW, "the digits of a seed, a str", "`__index__`"),
            "PyFloat_AsDouble": Call(
                NO_REFERENCE, "the number that `max_load` is", "`__float__`, `__index__`"
            ),
            "PyImport_ImportModule": Call(
                NEW, "`builtins`, `collections.abc`, `copyreg`, `sys`", "the module's own code"
            ),
            "tp_descr_get": Call(
                NEW, "binds `__missing__` to its table; called through the type's slot", "`__get__`"
            ),
        },
    ),
    Group(
        "Looking at objects",
        "Reads, and nothing else: of a type, of a field. They are for objects that are known to be alive.",
        {
            "Py_TYPE": Call(BORROWED, "the type of an object, which the object keeps alive"),
            "Py_None": Call(
                BORROWED,
                "`None`; what is returned is made ours by an INCREF, and from 3.12 on that changes nothing",
            ),
            "Py_True": Call(BORROWED, "as `None`"),
            "Py_False": Call(BORROWED, "as `None`"),
            "Py_NotImplemented": Call(BORROWED, "as `None`: the other operand may know better"),
            "PyObject_TypeCheck": Call(NO_REFERENCE, "whether it is a HashTable or of a subclass"),
            "PyType_IsSubtype": Call(NO_REFERENCE, "whether a pickle's class is ours"),
            "PyType_Check": Call(NO_REFERENCE, "whether that is a class at all"),
            "PyCallable_Check": Call(NO_REFERENCE, "whether the type has a `tp_call`"),
            "PyCFunction_CheckExact": Call(
                NO_REFERENCE, "whether a hash function may be `hash` or one of ours"
            ),
            "PyIndex_Check": Call(NO_REFERENCE, "whether the type has an `nb_index`"),
            "PyLong_Check": Call(NO_REFERENCE, "the kind of a key, the type of an argument"),
            "PyLong_CheckExact": Call(NO_REFERENCE, "whether its equality is int's own"),
            "PyBool_Check": Call(NO_REFERENCE, "whether it is: a bool has the equality of an int"),
            "PyFloat_Check": Call(NO_REFERENCE, "the kind of a key"),
            "PyFloat_CheckExact": Call(NO_REFERENCE, "whether its equality is float's own"),
            "PyUnicode_Check": Call(NO_REFERENCE, "the kind of a key"),
            "PyUnicode_CheckExact": Call(NO_REFERENCE, "whether its equality is str's own"),
            "PyBytes_Check": Call(NO_REFERENCE, "what a hash function of ours is given"),
            "PyTuple_Check": Call(NO_REFERENCE, "what is looked for in a view of items"),
            "PyDict_Check": Call(NO_REFERENCE, "whether it is a mapping, without a question"),
            "PyDict_CheckExact": Call(NO_REFERENCE, "whether it can be read as a dict"),
            "PyDictItems_Check": Call(NO_REFERENCE, "the other operand of `^`; from 3.10 on"),
            "PyAnySet_Check": Call(NO_REFERENCE, "whether it is a set, without a question"),
            "PyLong_AsLong": Call(
                NO_REFERENCE, "the width of an int's digits", "`__index__` of what is no int; here it is one"
            ),
            "PyLong_AsLongLongAndOverflow": Call(
                NO_REFERENCE,
                "an int's value, or which way it is too wide",
                "`__index__` of what is no int; here it is one",
            ),
            "tp_hash": Call(NO_REFERENCE, "int's own hash of a wide int, through the slot of `int` itself"),
            "PyFloat_AS_DOUBLE": Call(NO_REFERENCE, "a float's value"),
            "PyBytes_AS_STRING": Call(NO_REFERENCE, "a pointer into the bytes, good as long as they are"),
            "PyBytes_Size": Call(NO_REFERENCE, "how many they are"),
            "PyUnicode_GetLength": Call(NO_REFERENCE, "code points, for the talk's hash"),
            "PyUnicode_READY": Call(
                NO_REFERENCE, "makes an old-style str readable before 3.12; can fail for memory only"
            ),
            "PyUnicode_IS_READY": Call(NO_REFERENCE, "whether that is done"),
            "PyUnicode_KIND": Call(NO_REFERENCE, "bytes in a code point"),
            "PyUnicode_DATA": Call(NO_REFERENCE, "a pointer into the str, good as long as that is"),
            "PyUnicode_GET_LENGTH": Call(NO_REFERENCE, "code points"),
            "PyUnicode_Compare": Call(
                NO_REFERENCE, "two old-style strs, before 3.12; can fail for memory only"
            ),
            "PyUnicode_Equal": Call(NO_REFERENCE, "two strs, from 3.14 on"),
            "PyUnicode_CompareWithASCIIString": Call(NO_REFERENCE, "the name of a keyword argument"),
        },
    ),
    Group(
        "Lending containers",
        "What comes back is the container's. It is good as long as nothing runs that could change the"
        " container: so it is made ours at once, or the container is one that nobody else can change.",
        {
            "PyTuple_GetItem": Call(BORROWED, "an argument; an item of a pair"),
            "PyTuple_GET_ITEM": Call(
                BORROWED, "the same, unchecked: names of keywords, a pair that is used again"
            ),
            "PyTuple_Size": Call(NO_REFERENCE, "how many arguments"),
            "PyTuple_GET_SIZE": Call(NO_REFERENCE, "how many keywords"),
            "PyVectorcall_NARGS": Call(NO_REFERENCE, "how many positional arguments"),
            "PySequence_Fast_GET_ITEM": Call(BORROWED, "the first and the second of a pair"),
            "PySequence_Fast_GET_SIZE": Call(NO_REFERENCE, "whether they are two"),
            "PyDict_Next": Call(BORROWED, "the next key and value of a dict, lent both"),
            "PyDict_Size": Call(NO_REFERENCE, "whether a dict has changed since"),
            "PyDict_GetItemWithError": Call(
                BORROWED,
                "what is kept for this interpreter; NULL without an exception if it is not there yet",
                "`__eq__` of a key that is no str",
            ),
            "PyDict_SetDefault": Call(
                BORROWED,
                "keeps it, unless another thread was first; the dict takes references of its own",
                "`__eq__` of a key that is no str",
            ),
            "PyDict_SetItem": Call(
                NO_REFERENCE,
                "the dict takes references of its own, and steals nothing",
                f"`__hash__`, `__eq__`; {LAST}, of the old value",
            ),
            "PySet_Add": Call(NO_REFERENCE, "the set takes a reference of its own", "`__hash__`, `__eq__`"),
            "PyArg_ParseTupleAndKeywords": Call(
                BORROWED,
                'the constructor\'s arguments: with `"O"` it lends them, from the tuple and the dict',
                f"`__eq__` of a keyword of a subclass of str; {COLLECTION}, if it raises",
            ),
            "PyInterpreterState_Get": Call(NO_REFERENCE, "the interpreter that runs"),
            "PyInterpreterState_GetDict": Call(
                BORROWED,
                "the dict that it has for extensions; NULL without an exception",
                f"{COLLECTION}, the first time",
            ),
        },
    ),
    Group(
        "Exceptions",
        "To set an exception is to make an object, and to drop the one that was set before with all that its"
        " traceback holds.",
        {
            "PyErr_SetString": Call(
                NO_REFERENCE, "raises; the class is borrowed, the text is copied", f"{COLLECTION}; {LAST}"
            ),
            "PyErr_SetObject": Call(
                NO_REFERENCE,
                "raises KeyError; takes references of its own, so ours is given back",
                f"{COLLECTION}; {LAST}",
            ),
            "PyErr_Format": Call(
                NO_REFERENCE,
                "raises with a number or a name in the text; always returns NULL",
                f"{COLLECTION}; {LAST}",
            ),
            "PyErr_NoMemory": Call(
                NO_REFERENCE,
                "raises MemoryError, of which the interpreter keeps some ready; always returns NULL",
                f"{COLLECTION}; {LAST}",
            ),
            "PyErr_Occurred": Call(
                BORROWED, "whether -1 or NULL means an exception; only compared with NULL"
            ),
            "PyErr_ExceptionMatches": Call(NO_REFERENCE, "whether it is one that we know what to do with"),
            "PyErr_Clear": Call(NO_REFERENCE, "drops it", f"{LAST}: what its traceback holds"),
            "PyErr_CheckSignals": Call(
                NO_REFERENCE, "lets Ctrl-C into a long loop", f"signal handlers; from 3.12 on {COLLECTION}"
            ),
        },
    ),
    Group(
        "Birth and death",
        "The slots in lifecycle.rs, iterators.rs, views.rs and seeded.rs.",
        {
            "PyObject_GC_New": Call(
                NEW, "a table; its fields are not zero, and the collector does not track it yet", COLLECTION
            ),
            "PyType_GenericAlloc": Call(NEW, "an iterator, a view: all zero, and tracked", COLLECTION),
            "tp_alloc": Call(
                NEW,
                "an instance of a subclass, a hash function with a seed; through the type's slot",
                f"{COLLECTION}, for the former",
            ),
            "PyType_IS_GC": Call(NO_REFERENCE, "whether a pair holds what the collector is interested in"),
            "PyObject_GC_IsTracked": Call(NO_REFERENCE, "whether the collector has lost interest in a pair"),
            "PyObject_GC_Track": Call(NO_REFERENCE, "shows the collector an object, which has to be whole"),
            "PyObject_GC_UnTrack": Call(
                NO_REFERENCE, "the first line of a dealloc: nobody looks at it in pieces"
            ),
            "visit": Call(
                NO_REFERENCE,
                "what `tp_traverse` was given: shows the collector a reference, and changes no count",
            ),
            "PyObject_ClearWeakRefs": Call(
                NO_REFERENCE, "weak references to it are dead from here on", "their callbacks"
            ),
            "PyObject_GC_Del": Call(
                NO_REFERENCE, "frees the memory of an iterator or a view; `tp_free` of our types"
            ),
            "PyObject_Free": Call(
                NO_REFERENCE, "frees the memory of an object that the collector does not know"
            ),
            "tp_free": Call(
                NO_REFERENCE,
                "frees the memory of a table; through the type's slot, since a subclass has its own",
            ),
            "Py_ReprEnter": Call(
                NO_REFERENCE,
                "whether a view's repr is on its way already; holds a reference until Py_ReprLeave",
                COLLECTION,
            ),
            "Py_ReprLeave": Call(NO_REFERENCE, "gives that back"),
            "PyObject_SelfIter": Call(NEW, "`tp_iter` of an iterator: itself, with one reference more"),
            "PyObject_HashNotImplemented": Call(
                NO_REFERENCE, "`tp_hash` of what can change: TypeError", f"{COLLECTION}; {LAST}"
            ),
            "PyMem_RawMalloc": Call(NO_REFERENCE, "all memory that Rust asks for"),
            "PyMem_RawCalloc": Call(NO_REFERENCE, "the same, zeroed: the bins"),
            "PyMem_RawRealloc": Call(NO_REFERENCE, "the entries, when they become more"),
            "PyMem_RawFree": Call(NO_REFERENCE, "back to where it came from"),
        },
    ),
    Group(
        "The module",
        "Once for each import.",
        {
            "PyModuleDef_Init": Call(
                BORROWED, "what PyInit_hashtable returns: the definition itself, in two phases"
            ),
            "PyType_Ready": Call(NO_REFERENCE, "fills in what a static type inherits", COLLECTION),
            "PyModule_AddObjectRef": Call(
                NO_REFERENCE,
                "takes a reference of its own, unlike PyModule_AddObject, which steals if it succeeds",
                f"{LAST}, of what had the name",
            ),
            "PyModule_AddStringConstant": Call(
                NO_REFERENCE, "`__version__`", f"{LAST}, of what had the name"
            ),
            "PyModule_AddFunctions": Call(NO_REFERENCE, "the hash functions", COLLECTION),
            "Py_AtExit": Call(NO_REFERENCE, "puts the static types back to what they were; from 3.14 on"),
        },
    ),
    Group(
        "Locks",
        "Only in a Python without a GIL: in others there is nothing to take.",
        {
            "PyCriticalSection_Begin": Call(
                NO_REFERENCE, "takes the lock of an object", "other threads, while it waits"
            ),
            "PyCriticalSection_End": Call(NO_REFERENCE, "gives it up"),
            "PyCriticalSection2_Begin": Call(
                NO_REFERENCE, "takes the locks of two", "other threads, while it waits"
            ),
            "PyCriticalSection2_End": Call(NO_REFERENCE, "gives both up"),
        },
    ),
)

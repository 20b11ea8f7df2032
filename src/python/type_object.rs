//! The type `hashtable.HashTable`: a static `PyTypeObject`, filled in by hand.

use super::attributes::ATTRIBUTES;
use super::methods::METHODS;
use super::object::HashTableObject;
use super::{inside, iterators, lifecycle, mapping, merge};
use pyo3_ffi::{
    Py_TPFLAGS_BASETYPE, Py_TPFLAGS_DEFAULT, Py_TPFLAGS_HAVE_GC, Py_ssize_t, PyGetSetDef, PyMappingMethods,
    PyMethodDef, PyNumberMethods, PyObject_HEAD_INIT, PyObject_HashNotImplemented, PySequenceMethods,
    PyTypeObject, PyVarObject,
};
use std::cell::UnsafeCell;
use std::mem::{offset_of, zeroed};

const DOC: &std::ffi::CStr = c"HashTable(size=4, max_load=0.5, hash_func=...)
--

A hash table whose size, maximum load and hash function you choose.

size       the number of bins to begin with: a positive integer.
max_load   the largest proportion of entries to bins, a float above 0.0 and up to
           1.0, beyond which the bins are doubled. None: never, so that you can
           watch a chain turn into a linked list.
hash_func  a callable that takes a key and returns an integer of any size; by
           default the builtin hash. Called once for each operation, and never
           for a resize.

An entry is in bin hash % size, in a chain. Keys have a kind (int, float, string,
other): 1, 1.0 and \"1\" are three keys. Keys and values are held by reference.
repr() is a picture: one line for each bin, a * for each entry.

    >>> import hashtable
    >>> h = hashtable.HashTable(size=4, max_load=0.75, hash_func=len)
    >>> h.set(\"one\", 1)
    >>> h.set(\"two\", 2)
    >>> h
    []
    []
    []
    []**
    >>> h.get(\"two\")
    2

Calling __init__ again empties the table and gives it new parameters.";

/// A table that the interpreter keeps a pointer to, and may write to.
#[repr(transparent)]
pub(super) struct Static<T>(UnsafeCell<T>);

// SAFETY: after it is made, only the interpreter touches it, attached.
unsafe impl<T> Sync for Static<T> {}

impl<T> Static<T> {
    pub(super) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    pub(super) const fn as_ptr(&self) -> *mut T {
        self.0.get()
    }
}

static METHOD_TABLE: Static<[PyMethodDef; METHODS.len()]> = Static::new(METHODS);
static ATTRIBUTE_TABLE: Static<[PyGetSetDef; ATTRIBUTES.len()]> = Static::new(ATTRIBUTES);

static MAPPING: Static<PyMappingMethods> = Static::new(PyMappingMethods {
    mp_length: Some(mapping::length),
    mp_subscript: Some(mapping::subscript),
    mp_ass_subscript: Some(mapping::ass_subscript),
});

static SEQUENCE: Static<PySequenceMethods> = Static::new(PySequenceMethods {
    sq_contains: Some(mapping::contains_slot),
    // SAFETY: all of them are optional functions, for which zero means "none".
    ..unsafe { zeroed() }
});

static NUMBER: Static<PyNumberMethods> = Static::new(PyNumberMethods {
    nb_or: Some(merge::or),
    nb_inplace_or: Some(merge::inplace_or),
    // SAFETY: as above.
    ..unsafe { zeroed() }
});

/// What `match` goes by, from 3.10 on. To register with `MutableMapping` cannot set it on a static type.
#[cfg(Py_3_10)]
const MATCHES_AS_MAPPING: std::ffi::c_ulong = pyo3_ffi::Py_TPFLAGS_MAPPING;
#[cfg(not(Py_3_10))]
const MATCHES_AS_MAPPING: std::ffi::c_ulong = 0;

/// `HashTable`. `PyType_Ready` fills in what is inherited from `object` and left zero here.
pub(super) static HASH_TABLE_TYPE: Static<PyTypeObject> = Static::new(PyTypeObject {
    // A static type is owned by nobody: it begins with one reference that is never given back.
    ob_base: PyVarObject { ob_base: PyObject_HEAD_INIT, ob_size: 0 },
    tp_name: c"hashtable.HashTable".as_ptr(),
    tp_basicsize: size_of::<HashTableObject>() as Py_ssize_t,
    tp_flags: flags(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | MATCHES_AS_MAPPING),
    tp_doc: DOC.as_ptr(),

    tp_new: Some(lifecycle::new),
    tp_init: Some(lifecycle::init),
    tp_traverse: Some(lifecycle::traverse),
    tp_clear: Some(lifecycle::clear),
    tp_dealloc: Some(lifecycle::dealloc),
    // What `tp_alloc` of a type with HAVE_GC hands out.
    tp_free: Some(pyo3_ffi::PyObject_GC_Del),
    tp_weaklistoffset: offset_of!(HashTableObject, weak_references) as Py_ssize_t,

    tp_as_mapping: MAPPING.as_ptr(),
    tp_as_sequence: SEQUENCE.as_ptr(),
    tp_as_number: NUMBER.as_ptr(),
    tp_richcompare: Some(merge::rich_compare),
    // Mutable, so not hashable, as a dict.
    tp_hash: Some(PyObject_HashNotImplemented),
    tp_iter: Some(iterators::iter),
    tp_repr: Some(inside::repr),
    tp_methods: METHOD_TABLE.as_ptr().cast(),
    tp_getset: ATTRIBUTE_TABLE.as_ptr().cast(),

    // Every Python adds fields at the end.
    // SAFETY: all of them are numbers, pointers or optional functions, for which zero means "none".
    ..unsafe { zeroed() }
});

#[cfg(not(Py_GIL_DISABLED))]
pub(super) const fn flags(flags: std::ffi::c_ulong) -> std::ffi::c_ulong {
    flags
}

#[cfg(Py_GIL_DISABLED)]
pub(super) const fn flags(flags: std::ffi::c_ulong) -> std::sync::atomic::AtomicU64 {
    std::sync::atomic::AtomicU64::new(flags)
}

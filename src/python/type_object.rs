//! The type `hashtable.HashTable`: a static `PyTypeObject`, filled in by hand.

use super::api;
use super::attributes::ATTRIBUTES;
use super::errors::Result;
use super::iterators::ITERATOR_TYPE;
use super::methods::METHODS;
use super::object::HashTableObject;
use super::refs::Python;
use super::seeded::{SIP_HASH_TYPE, XXH3_TYPE};
use super::views::{ITEMS_TYPE, KEYS_TYPE, VALUES_TYPE};
use super::{inside, iterators, lifecycle, mapping, merge};
use pyo3_ffi::{
    Py_TPFLAGS_BASETYPE, Py_TPFLAGS_DEFAULT, Py_TPFLAGS_HAVE_GC, Py_ssize_t, PyGetSetDef, PyMappingMethods,
    PyMethodDef, PyNumberMethods, PyObject_HEAD_INIT, PyObject_HashNotImplemented, PySequenceMethods,
    PyType_Ready, PyTypeObject, PyVarObject,
};
use std::cell::UnsafeCell;
use std::mem::{offset_of, zeroed};

const DOC: &std::ffi::CStr = c"HashTable(size=4, max_load=0.5, hash_func=..., *, items=())
--

A hash table whose size, maximum load and hash function you choose.

size       the number of bins to begin with: a positive integer.
max_load   the largest proportion of entries to bins, a float above 0.0 and up to
           1.0, beyond which the bins are doubled. None: never, so that you can
           watch a chain turn into a linked list.
hash_func  a callable that takes a key and returns an integer of any size; by
           default the builtin hash. Called once for each operation, and never
           for a resize.
items      a mapping or an iterable of pairs to begin with.

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

It is a mapping: what works with a dict works with it. What no dict has: set(),
bins(), bin_of(), stats(), picture() and the attributes. Calling __init__ again
empties the table and gives it new parameters.";

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

/// A static type, and how it was before the interpreter filled it in.
pub(super) struct StaticType {
    object: Static<PyTypeObject>,
    #[cfg(Py_3_14)]
    pristine: fn() -> PyTypeObject,
}

impl StaticType {
    /// The type that `pristine` makes, and `object` is one already: a static cannot call a function that it is
    /// given.
    #[cfg_attr(not(Py_3_14), expect(unused_variables, reason = "before 3.14 a type stays ready"))]
    pub(super) const fn new(object: PyTypeObject, pristine: fn() -> PyTypeObject) -> Self {
        Self {
            object: Static::new(object),
            #[cfg(Py_3_14)]
            pristine,
        }
    }

    pub(super) const fn as_ptr(&self) -> *mut PyTypeObject {
        self.object.as_ptr()
    }
}

/// All our types.
static TYPES: [&StaticType; 7] =
    [&HASH_TABLE_TYPE, &ITERATOR_TYPE, &KEYS_TYPE, &VALUES_TYPE, &ITEMS_TYPE, &SIP_HASH_TYPE, &XXH3_TYPE];

/// Makes all types ready for use in this interpreter.
pub(super) fn make_ready(_: &mut Python) -> Result<()> {
    for class in TYPES {
        // SAFETY: the types live for ever; 0, or -1 with an exception set.
        api::succeeded(unsafe { PyType_Ready(class.as_ptr()) })?;
    }
    restore_at_exit();
    Ok(())
}

/// A program that embeds Python may finalise it and initialise it again. From 3.14 on, what a static type's dict
/// holds is freed by then, and the type still points to it. So each type is put back to what it was, and the next
/// interpreter makes it ready anew.
#[cfg(Py_3_14)]
fn restore_at_exit() {
    extern "C" fn restore() {
        for class in TYPES {
            // SAFETY: the interpreter is gone, and nobody uses the type. What it points to went with it.
            unsafe { class.as_ptr().write((class.pristine)()) };
        }
    }
    // There is room for 32 of these in an interpreter's life; once is enough, and without it nothing is worse than
    // it would be.
    // SAFETY: the thread is attached.
    unsafe { pyo3_ffi::Py_AtExit(Some(restore)) };
}

#[cfg(not(Py_3_14))]
fn restore_at_exit() {}

/// `HashTable`.
pub(super) static HASH_TABLE_TYPE: StaticType = StaticType::new(hash_table_type(), hash_table_type);

/// `PyType_Ready` fills in what is inherited from `object` and left zero here.
const fn hash_table_type() -> PyTypeObject {
    PyTypeObject {
        // A static type is owned by nobody: it begins with one reference that is never given back.
        ob_base: PyVarObject { ob_base: PyObject_HEAD_INIT, ob_size: 0 },
        tp_name: c"hashtable.HashTable".as_ptr(),
        tp_basicsize: size_of::<HashTableObject>() as Py_ssize_t,
        tp_flags: flags(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | MATCHES_AS_MAPPING),
        tp_doc: DOC.as_ptr(),

        tp_new: Some(lifecycle::new),
        tp_init: Some(lifecycle::init),
        tp_vectorcall: Some(lifecycle::vectorcall),
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
    }
}

#[cfg(not(Py_GIL_DISABLED))]
pub(super) const fn flags(flags: std::ffi::c_ulong) -> std::ffi::c_ulong {
    flags
}

#[cfg(Py_GIL_DISABLED)]
pub(super) const fn flags(flags: std::ffi::c_ulong) -> std::sync::atomic::AtomicU64 {
    std::sync::atomic::AtomicU64::new(flags)
}

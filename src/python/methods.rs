//! The methods of a table: what Python programs call by name.

use super::arguments::Arguments;
use super::errors::{empty, key_error};
use super::operations::{self, insert, remove, remove_last, value_of, value_or_insert};
use super::refs::Borrowed;
use super::{api, boundary, inside, iterators, lifecycle, merge, pickling, views};
use pyo3_ffi::{
    METH_CLASS, METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O, METH_VARARGS, Py_GenericAlias, Py_ssize_t,
    PyCFunction, PyCFunctionFast, PyMethodDef, PyMethodDefPointer, PyObject,
};
use std::ffi::{CStr, c_int};

/// `tp_methods`, which a row of zeroes ends.
pub(super) const METHODS: [PyMethodDef; 21] = [
    fastcall(
        c"set",
        set,
        c"set($self, key, value, /)
--

Map key to value.

A new key goes to the tail of its bin's chain; if the load would exceed the
maximum, the bins are doubled first. An equal key keeps its place, and the key
object that is already there stays; only the value changes.

The table keeps a reference to both. Calls the hash function once. Raises what
it raises, TypeError for a key that the default hash function does not accept,
and MemoryError if the table cannot grow; the table is then as it was.",
    ),
    fastcall(
        c"get",
        get,
        c"get($self, key, default=None, /)
--

Return the value for key, or default if key is not in the table.

What comes back is the very object that was set. Calls the hash function once.",
    ),
    fastcall(
        c"setdefault",
        setdefault,
        c"setdefault($self, key, default=None, /)
--

Return the value for key; if key is not in the table, map it to default first.

Calls the hash function once.",
    ),
    fastcall(
        c"pop",
        pop,
        c"pop($self, key, default=..., /)
--

Remove key and return its value.

If key is not in the table, return default if it is given, else raise KeyError.
Calls the hash function once. The number of bins never shrinks. Needs no memory
for the table.",
    ),
    noargs(
        c"popitem",
        popitem,
        c"popitem($self, /)
--

Remove the entry that was added last, and return it as a (key, value) pair.

Raises KeyError if the table is empty. Does not call the hash function.",
    ),
    PyMethodDef {
        ml_name: c"update".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunctionWithKeywords: update },
        ml_flags: METH_VARARGS | METH_KEYWORDS,
        ml_doc: c"update($self, other=(), /, **kwargs)
--

Map every key of other to its value, then every keyword to its.

other is a mapping (whatever has a method keys) or an iterable of pairs. Calls
the hash function once for each key; not at all for keys of another HashTable
with the same hash function. If one of them raises, what came before it stays."
            .as_ptr(),
    },
    noargs(
        c"clear",
        clear,
        c"clear($self, /)
--

Remove all entries. The number of bins stays.",
    ),
    noargs(
        c"copy",
        copy,
        c"copy($self, /)
--

Return a HashTable with the same bins, chains, entries and parameters.

Keys and values are the same objects. Does not call the hash function.",
    ),
    PyMethodDef {
        ml_name: c"fromkeys".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunctionFast: fromkeys },
        ml_flags: METH_FASTCALL | METH_CLASS,
        ml_doc: c"fromkeys($type, iterable, value=None, /)
--

Return a table with default parameters that maps each key to value."
            .as_ptr(),
    },
    noargs(
        c"keys",
        views::keys,
        c"keys($self, /)
--

Return a live view of the keys, in the order of insertion.",
    ),
    noargs(
        c"values",
        views::values,
        c"values($self, /)
--

Return a live view of the values, in the order of insertion of their keys.",
    ),
    noargs(
        c"items",
        views::items,
        c"items($self, /)
--

Return a live view of the (key, value) pairs, in the order of insertion.",
    ),
    noargs(
        c"bins",
        inside::bins,
        c"bins($self, /)
--

Return the keys in each bin: a list of lists, each in chain order.",
    ),
    one_arg(
        c"bin_of",
        inside::bin_of,
        c"bin_of($self, key, /)
--

Return the number of the bin that key belongs to, whether or not it is there.

Calls the hash function once.",
    ),
    noargs(
        c"stats",
        inside::stats,
        c"stats($self, /)
--

Return how the entries are spread over the bins, as a Stats record.

Costs a walk through everything.",
    ),
    fastcall(
        c"picture",
        inside::picture,
        c"picture($self, max_bins=None, /)
--

Return the picture of the bins: a line for each, [] and a * for each entry.

If there are more than max_bins, those in the middle are left out, and a line
says how many. repr(h) is h.picture(1000).",
    ),
    noargs(
        c"__reversed__",
        iterators::reversed,
        c"__reversed__($self, /)
--

Return an iterator over the keys, the one that was added last first.",
    ),
    noargs(
        c"__sizeof__",
        inside::sizeof,
        c"__sizeof__($self, /)
--

Return the size of the table in memory, in bytes: its bins and entries, and not
what the keys and values refer to.",
    ),
    noargs(
        c"__reduce__",
        pickling::reduce,
        c"__reduce__($self, /)
--

Help pickle and copy: by class, size, maximum load, hash function, and items.",
    ),
    PyMethodDef {
        ml_name: c"__class_getitem__".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunction: class_getitem },
        ml_flags: METH_O | METH_CLASS,
        ml_doc: c"__class_getitem__($type, item, /)
--

HashTable[K, V] is the type of tables from K to V."
            .as_ptr(),
    },
    PyMethodDef::zeroed(),
];

const fn method(
    name: &'static CStr,
    function: PyMethodDefPointer,
    flags: c_int,
    doc: &'static CStr,
) -> PyMethodDef {
    PyMethodDef { ml_name: name.as_ptr(), ml_meth: function, ml_flags: flags, ml_doc: doc.as_ptr() }
}

const fn fastcall(name: &'static CStr, function: PyCFunctionFast, doc: &'static CStr) -> PyMethodDef {
    method(name, PyMethodDefPointer { PyCFunctionFast: function }, METH_FASTCALL, doc)
}

pub(super) const fn noargs(name: &'static CStr, function: PyCFunction, doc: &'static CStr) -> PyMethodDef {
    method(name, PyMethodDefPointer { PyCFunction: function }, METH_NOARGS, doc)
}

pub(super) const fn one_arg(name: &'static CStr, function: PyCFunction, doc: &'static CStr) -> PyMethodDef {
    method(name, PyMethodDefPointer { PyCFunction: function }, METH_O, doc)
}

unsafe extern "C" fn set(slf: *mut PyObject, args: *mut *mut PyObject, nargs: Py_ssize_t) -> *mut PyObject {
    // SAFETY: the interpreter calls this as METH_FASTCALL, on an instance of our type.
    unsafe {
        let args = Arguments::new(args, nargs);
        boundary::method(slf, |py, this| {
            let [key, value] = args.exactly(py, c"set")?;
            insert(py, this, key, value)?;
            Ok(api::none(py))
        })
    }
}

unsafe extern "C" fn get(slf: *mut PyObject, args: *mut *mut PyObject, nargs: Py_ssize_t) -> *mut PyObject {
    // SAFETY: as in `set`.
    unsafe {
        let args = Arguments::new(args, nargs);
        boundary::method(slf, |py, this| {
            let (key, default) = args.one_or_two(py, c"get")?;
            match (value_of(py, this, key)?, default) {
                (Some(value), _) => Ok(value),
                (None, Some(default)) => Ok(default.to_owned(py)),
                (None, None) => Ok(api::none(py)),
            }
        })
    }
}

unsafe extern "C" fn setdefault(
    slf: *mut PyObject,
    args: *mut *mut PyObject,
    nargs: Py_ssize_t,
) -> *mut PyObject {
    // SAFETY: as in `set`.
    unsafe {
        let args = Arguments::new(args, nargs);
        boundary::method(slf, |py, this| {
            let (key, default) = args.one_or_two(py, c"setdefault")?;
            let none = api::none(py);
            value_or_insert(py, this, key, default.unwrap_or(none.as_borrowed()))
        })
    }
}

unsafe extern "C" fn pop(slf: *mut PyObject, args: *mut *mut PyObject, nargs: Py_ssize_t) -> *mut PyObject {
    // SAFETY: as in `set`.
    unsafe {
        let args = Arguments::new(args, nargs);
        boundary::method(slf, |py, this| {
            let (key, default) = args.one_or_two(py, c"pop")?;
            match (remove(py, this, key)?, default) {
                (Some(value), _) => Ok(value),
                (None, Some(default)) => Ok(default.to_owned(py)),
                (None, None) => Err(key_error(py, key)),
            }
        })
    }
}

unsafe extern "C" fn popitem(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe {
        boundary::method(slf, |py, this| {
            // The pair comes first: once the entry is out, nothing may fail.
            let pair = api::pair_to_fill(py)?;
            match remove_last(py, this) {
                Some((key, value)) => Ok(pair.fill(key, value)),
                None => Err(empty(py)),
            }
        })
    }
}

unsafe extern "C" fn update(slf: *mut PyObject, args: *mut PyObject, kwargs: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type, with a tuple, and a dict or NULL.
    unsafe {
        boundary::method(slf, |py, this| {
            merge::update(py, this, args, kwargs)?;
            Ok(api::none(py))
        })
    }
}

unsafe extern "C" fn clear(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe {
        boundary::method(slf, |py, this| {
            operations::clear(py, this);
            Ok(api::none(py))
        })
    }
}

unsafe extern "C" fn copy(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe { boundary::method(slf, lifecycle::copy) }
}

unsafe extern "C" fn fromkeys(
    class: *mut PyObject,
    args: *mut *mut PyObject,
    nargs: Py_ssize_t,
) -> *mut PyObject {
    // SAFETY: the interpreter calls this as METH_FASTCALL, on our type or on a subclass, which the caller keeps
    // alive.
    let (class, args) = unsafe { (Borrowed::assume_borrowed(class), Arguments::new(args, nargs)) };
    boundary::object(|py| {
        let (keys, value) = args.one_or_two(py, c"fromkeys")?;
        let none = api::none(py);
        merge::from_keys(py, class, keys, value.unwrap_or(none.as_borrowed())).map(Some)
    })
}

unsafe extern "C" fn class_getitem(class: *mut PyObject, item: *mut PyObject) -> *mut PyObject {
    // SAFETY: both are the caller's. Returns a new reference or raises.
    unsafe { Py_GenericAlias(class, item) }
}

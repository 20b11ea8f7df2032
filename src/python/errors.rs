//! Exceptions: one cold function for each that we raise.

use super::glass::{Py_DECREF, tell};
use super::refs::{Borrowed, Python};
use crate::table::NoMemory;
use pyo3_ffi::{
    Py_TYPE, PyErr_Format, PyErr_NoMemory, PyErr_SetObject, PyErr_SetString, PyExc_ImportError,
    PyExc_KeyError, PyExc_RuntimeError, PyExc_TypeError, PyExc_ValueError, PyObject, PyTuple_Pack,
};
use std::ffi::CStr;

/// A Python exception is set, and waits for whoever called us.
#[derive(Debug)]
pub(super) struct Raised;

pub(super) type Result<T> = std::result::Result<T, Raised>;

/// `MemoryError`.
#[cold]
pub(super) fn no_memory(_: NoMemory) -> Raised {
    // SAFETY: only layers that were entered from the interpreter ask tables for memory. The singleton exception
    // is used when there is none for another.
    unsafe { PyErr_NoMemory() };
    Raised
}

/// `KeyError(key)`. The key is packed into a tuple: else one that is a tuple itself would be taken for the
/// exception's arguments.
#[cold]
pub(super) fn key_error(_: &mut Python, key: Borrowed<'_>) -> Raised {
    // SAFETY: `PyTuple_Pack` takes a reference of its own to the key and returns a new one to the tuple, or NULL
    // with MemoryError set. `PyErr_SetObject` takes its own references to both of its arguments, so ours to the
    // tuple is given back.
    unsafe {
        let arguments = PyTuple_Pack(1, key.as_ptr());
        if !arguments.is_null() {
            tell!(received(arguments));
            PyErr_SetObject(PyExc_KeyError, arguments);
            Py_DECREF(arguments);
        }
    }
    Raised
}

/// `KeyError("popitem(): HashTable is empty")`, as a dict says it.
#[cold]
pub(super) fn empty(_: &mut Python) -> Raised {
    // SAFETY: `KeyError` is alive.
    unsafe { set(PyExc_KeyError, c"popitem(): HashTable is empty") }
}

/// `TypeError(message)`.
#[cold]
pub(super) fn type_error(_: &mut Python, message: &CStr) -> Raised {
    // SAFETY: `TypeError` is alive.
    unsafe { set(PyExc_TypeError, message) }
}

/// `TypeError` for a wrong number of arguments, in CPython's own words.
#[cold]
pub(super) fn wrong_number(_: &mut Python, method: &CStr, min: usize, max: usize, got: usize) -> Raised {
    let bound = match () {
        () if min == max => c"",
        () if got < min => c"at least ",
        () => c"at most ",
    };
    let number = if got < min { min } else { max };
    let plural = if number == 1 { c"" } else { c"s" };
    // Put together by the interpreter, so that a lack of memory for it is a MemoryError.
    // SAFETY: there are as many arguments as the format says, of the types that it says.
    unsafe {
        PyErr_Format(
            PyExc_TypeError,
            c"%s expected %s%zu argument%s, got %zu".as_ptr(),
            method.as_ptr(),
            bound.as_ptr(),
            number,
            plural.as_ptr(),
            got,
        );
    }
    Raised
}

/// `TypeError` for a key that a hash function of the module is not for.
#[cold]
pub(super) fn cannot_hash(_: &mut Python, key: Borrowed<'_>, function: &CStr, takes: &CStr) -> Raised {
    // SAFETY: as in `wrong_number`; the key is alive, and so are its type and the name of that.
    unsafe {
        PyErr_Format(
            PyExc_TypeError,
            c"cannot hash '%.200s' with %s: only %s".as_ptr(),
            (*Py_TYPE(key.as_ptr())).tp_name,
            function.as_ptr(),
            takes.as_ptr(),
        );
    }
    Raised
}

/// `TypeError` for an element of a sequence of pairs that is no sequence, as a dict says it.
#[cold]
pub(super) fn no_pair(_: &mut Python, number: usize) -> Raised {
    let format = c"cannot convert HashTable update sequence element #%zu to a sequence";
    // SAFETY: as in `wrong_number`.
    unsafe { PyErr_Format(PyExc_TypeError, format.as_ptr(), number) };
    Raised
}

/// `ValueError` for an element of a sequence of pairs that is too long or too short, as a dict says it.
#[cold]
pub(super) fn wrong_length(_: &mut Python, number: usize, length: isize) -> Raised {
    let format = c"HashTable update sequence element #%zu has length %zd; 2 is required";
    // SAFETY: as in `wrong_number`.
    unsafe { PyErr_Format(PyExc_ValueError, format.as_ptr(), number, length) };
    Raised
}

/// `ValueError(message)`.
#[cold]
pub(super) fn value_error(_: &mut Python, message: &CStr) -> Raised {
    // SAFETY: `ValueError` is alive.
    unsafe { set(PyExc_ValueError, message) }
}

/// `ImportError(message)`.
#[cold]
pub(super) fn import_error(_: &mut Python, message: &CStr) -> Raised {
    // SAFETY: `ImportError` is alive.
    unsafe { set(PyExc_ImportError, message) }
}

/// `RuntimeError(message)`.
#[cold]
pub(super) fn runtime_error(_: &mut Python, message: &CStr) -> Raised {
    // SAFETY: `RuntimeError` is alive.
    unsafe { set(PyExc_RuntimeError, message) }
}

/// # Safety
///
/// The thread is attached, and `exception` is an exception class.
unsafe fn set(exception: *mut PyObject, message: &CStr) -> Raised {
    // SAFETY: the class is borrowed from the interpreter, the message is copied.
    unsafe { PyErr_SetString(exception, message.as_ptr()) };
    Raised
}

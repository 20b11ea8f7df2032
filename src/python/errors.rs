//! Exceptions: one cold function for each that we raise.

use super::refs::{Borrowed, Python};
use crate::table::NoMemory;
use pyo3_ffi::{
    PyErr_NoMemory, PyErr_SetObject, PyErr_SetString, PyExc_KeyError, PyExc_RuntimeError, PyExc_TypeError,
    PyExc_ValueError, PyTuple_Pack,
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
            PyErr_SetObject(PyExc_KeyError, arguments);
            pyo3_ffi::Py_DECREF(arguments);
        }
    }
    Raised
}

/// `TypeError(message)`.
#[cold]
pub(super) fn type_error(_: &mut Python, message: &CStr) -> Raised {
    // SAFETY: the exception type is borrowed from the interpreter, the message is copied.
    unsafe { PyErr_SetString(PyExc_TypeError, message.as_ptr()) };
    Raised
}

/// `ValueError(message)`.
#[cold]
pub(super) fn value_error(_: &mut Python, message: &CStr) -> Raised {
    // SAFETY: as in `type_error`.
    unsafe { PyErr_SetString(PyExc_ValueError, message.as_ptr()) };
    Raised
}

/// `RuntimeError(message)`.
#[cold]
pub(super) fn runtime_error(_: &mut Python, message: &CStr) -> Raised {
    // SAFETY: as in `type_error`.
    unsafe { PyErr_SetString(PyExc_RuntimeError, message.as_ptr()) };
    Raised
}

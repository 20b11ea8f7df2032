//! Calls into the interpreter, each with the word for what it returns: a *new* reference, a *borrowed* one, or
//! none. None of them steals.
//!
//! Those that can run Python code take the token by `&mut`.

use super::errors::{Raised, Result};
use super::refs::{Borrowed, Owned, Python};
use pyo3_ffi::{
    Py_EQ, Py_None, Py_ssize_t, PyErr_Occurred, PyFloat_AsDouble, PyFloat_FromDouble,
    PyLong_AsLongLongAndOverflow, PyLong_FromSize_t, PyNumber_Index, PyObject, PyObject_CallOneArg,
    PyObject_Hash, PyObject_RichCompareBool, PyUnicode_FromStringAndSize,
};
use std::ffi::c_int;

/// A new reference to `None`.
pub(super) fn none(py: &Python) -> Owned {
    // SAFETY: `None` is alive as long as the interpreter is.
    unsafe { Borrowed::assume_borrowed(Py_None()) }.to_owned(py)
}

/// A new `int`.
pub(super) fn int(_: &Python, number: usize) -> Result<Owned> {
    // SAFETY: returns a new reference or raises. An int is not known to the garbage collector: no Python code.
    unsafe { Owned::assume_new(PyLong_FromSize_t(number)) }
}

/// A new `float`.
pub(super) fn float(_: &Python, number: f64) -> Result<Owned> {
    // SAFETY: as in `int`.
    unsafe { Owned::assume_new(PyFloat_FromDouble(number)) }
}

/// A new `str`, copied from UTF-8.
pub(super) fn string(_: &Python, text: &[u8]) -> Result<Owned> {
    // SAFETY: as in `int`; the text is `len` bytes, and no slice is longer than `Py_ssize_t` can say.
    unsafe { Owned::assume_new(PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as Py_ssize_t)) }
}

/// The builtin `hash(object)`.
#[inline]
pub(super) fn hash(_: &mut Python, object: Borrowed<'_>) -> Result<i64> {
    // SAFETY: the caller's reference keeps the object alive. -1 is no hash: it says that an exception is set.
    match unsafe { PyObject_Hash(object.as_ptr()) } {
        -1 => Err(Raised),
        hash => Ok(hash as i64),
    }
}

/// `callable(argument)`: a new reference.
#[inline]
pub(super) fn call(_: &mut Python, callable: Borrowed<'_>, argument: Borrowed<'_>) -> Result<Owned> {
    // SAFETY: both are kept alive by their owners during the call. No argument tuple is made.
    unsafe { Owned::assume_new(PyObject_CallOneArg(callable.as_ptr(), argument.as_ptr())) }
}

/// `operator.index(object)`: a new reference to an `int`.
pub(super) fn index(_: &mut Python, object: Borrowed<'_>) -> Result<Owned> {
    // SAFETY: the caller's reference keeps the object alive.
    unsafe { Owned::assume_new(PyNumber_Index(object.as_ptr())) }
}

/// `float(object)`, for what is no string.
#[expect(clippy::float_cmp, reason = "-1.0 is how the C API says that there may be an exception")]
pub(super) fn float_value(_: &mut Python, object: Borrowed<'_>) -> Result<f64> {
    // SAFETY: the caller's reference keeps the object alive.
    unsafe {
        let value = PyFloat_AsDouble(object.as_ptr());
        if value == -1.0 && !PyErr_Occurred().is_null() { Err(Raised) } else { Ok(value) }
    }
}

/// `left == right`, as a truth value.
#[inline]
pub(super) fn equal(_: &mut Python, left: Borrowed<'_>, right: Borrowed<'_>) -> Result<bool> {
    // SAFETY: both are kept alive by their owners during the call.
    match unsafe { PyObject_RichCompareBool(left.as_ptr(), right.as_ptr(), Py_EQ) } {
        -1 => Err(Raised),
        equal => Ok(equal != 0),
    }
}

/// What an `int` is worth, as far as 64 bits go.
pub(super) enum Wide {
    Fits(i64),
    TooLow,
    TooHigh,
}

/// The value of an `int`, or of an instance of a subclass.
///
/// # Safety
///
/// `object` is an instance of `int`.
#[inline]
pub(super) unsafe fn int_value(_: &Python, object: *mut PyObject) -> Wide {
    let mut overflow: c_int = 0;
    // SAFETY: on an int the call reads its digits: it runs no Python code and raises nothing.
    let value = unsafe { PyLong_AsLongLongAndOverflow(object, &raw mut overflow) };
    // SAFETY: the thread is attached.
    debug_assert!(value != -1 || overflow != 0 || unsafe { PyErr_Occurred() }.is_null());
    match overflow {
        0 => Wide::Fits(value),
        1.. => Wide::TooHigh,
        _ => Wide::TooLow,
    }
}

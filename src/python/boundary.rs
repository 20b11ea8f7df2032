//! The door between the interpreter and us.
//!
//! Every slot and every method is an `extern "C"` function whose body goes through one of these. Three things are
//! done here: the lock of `self` is taken, where there is no GIL; our `Result` becomes what the C API expects of
//! a failure; and a panic, which must not unwind into C, becomes a `SystemError` (before Python 3.14 it ends the process:
//! `setup.py` says why).

use super::errors::Result;
use super::glass::tell;
use super::lock;
use super::object::This;
use super::refs::{Owned, Python};
use pyo3_ffi::{Py_ssize_t, PyErr_SetString, PyExc_SystemError, PyObject};
use std::ffi::c_int;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;

/// For a method of a table that returns a new reference, or NULL with an exception set.
///
/// # Safety
///
/// `slf` is an instance of our type, which the caller keeps alive until this returns.
#[inline]
pub(super) unsafe fn method(
    slf: *mut PyObject,
    body: impl FnOnce(&mut Python, This<'_>) -> Result<Owned>,
) -> *mut PyObject {
    tell!(called(&body, slf));
    // SAFETY: the caller's obligation.
    unsafe { on_table(slf, |py, this| body(py, this).map(Owned::into_returned)) }.unwrap_or(null_mut())
}

/// For a slot of a table that returns 0, or -1 with an exception set.
///
/// # Safety
///
/// As for [`method`].
#[inline]
pub(super) unsafe fn slot(
    slf: *mut PyObject,
    body: impl FnOnce(&mut Python, This<'_>) -> Result<()>,
) -> c_int {
    tell!(called(&body, slf));
    // SAFETY: the caller's obligation.
    unsafe { on_table(slf, body) }.map_or(-1, |()| 0)
}

/// For a slot of a table that returns a truth value, or -1 with an exception set.
///
/// # Safety
///
/// As for [`method`].
#[inline]
pub(super) unsafe fn truth(
    slf: *mut PyObject,
    body: impl FnOnce(&mut Python, This<'_>) -> Result<bool>,
) -> c_int {
    tell!(called(&body, slf));
    // SAFETY: the caller's obligation.
    unsafe { on_table(slf, body) }.map_or(-1, c_int::from)
}

/// For a slot of a table that returns a length.
///
/// # Safety
///
/// As for [`method`].
#[inline]
pub(super) unsafe fn length(
    slf: *mut PyObject,
    body: impl FnOnce(&mut Python, This<'_>) -> Result<usize>,
) -> Py_ssize_t {
    tell!(called(&body, slf));
    // SAFETY: the caller's obligation.
    unsafe { on_table(slf, body) }.map_or(-1, |length| length as Py_ssize_t)
}

#[inline]
unsafe fn on_table<T>(
    slf: *mut PyObject,
    body: impl FnOnce(&mut Python, This<'_>) -> Result<T>,
) -> Option<T> {
    enter(|py| {
        lock::with(py, slf, |py| {
            // SAFETY: the caller's obligation; and the lock is held.
            body(py, unsafe { This::assume_locked(slf) })
        })
    })
}

/// For anything else that returns a new reference, or NULL with an exception set, or (an iterator at its end)
/// without.
#[inline]
pub(super) fn object(body: impl FnOnce(&mut Python) -> Result<Option<Owned>>) -> *mut PyObject {
    tell!(called(&body, null_mut()));
    enter(|py| body(py).map(|object| object.map_or(null_mut(), Owned::into_returned))).unwrap_or(null_mut())
}

/// For anything else that returns 0, or -1 with an exception set.
#[inline]
pub(super) fn status(body: impl FnOnce(&mut Python) -> Result<()>) -> c_int {
    tell!(called(&body, null_mut()));
    enter(body).map_or(-1, |()| 0)
}

/// For anything else that returns a number, or -1 with an exception set.
#[inline]
pub(super) fn number(body: impl FnOnce(&mut Python) -> Result<usize>) -> Py_ssize_t {
    tell!(called(&body, null_mut()));
    enter(body).map_or(-1, |number| number as Py_ssize_t)
}

#[inline]
fn enter<T>(body: impl FnOnce(&mut Python) -> Result<T>) -> Option<T> {
    // SAFETY: (1) the interpreter calls slots and methods with the thread attached. (2) Whoever is further up the
    // stack and lets the interpreter run has given up its token for that time, and with it every borrow.
    let mut py = unsafe { Python::assume_attached() };
    let result = if let Ok(result) = catch_unwind(AssertUnwindSafe(|| body(&mut py))) {
        result.ok()
    } else {
        panicked();
        None
    };
    tell!(left(&mut py, result.is_none()));
    result
}

/// A bug of ours was caught. The panic's own message went to stderr.
///
/// A build with assertions is there to find bugs, and ends: a test that bears any exception must not bear this one.
#[cold]
fn panicked() {
    if cfg!(debug_assertions) {
        std::process::abort();
    }
    // SAFETY: the thread is attached; the message is copied.
    unsafe { PyErr_SetString(PyExc_SystemError, c"hashtable: internal error (a bug in hashtable)".as_ptr()) };
}

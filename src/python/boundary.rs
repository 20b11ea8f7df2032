//! The door between the interpreter and us.
//!
//! Every slot and every method is an `extern "C"` function whose body goes through one of these. Two things stop
//! here: our `Result` becomes what the C API expects of a failure, and a panic, which must not unwind into C,
//! becomes a `SystemError`.

use super::errors::Result;
use super::refs::{Owned, Python};
use pyo3_ffi::{PyErr_SetString, PyExc_SystemError, PyObject};
use std::ffi::c_int;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;

/// For what returns a new reference, or NULL with an exception set.
#[inline]
pub(super) fn object(body: impl FnOnce(&mut Python) -> Result<Owned>) -> *mut PyObject {
    enter(body).map_or(null_mut(), Owned::into_ptr)
}

/// For what returns 0, or -1 with an exception set.
#[inline]
pub(super) fn status(body: impl FnOnce(&mut Python) -> Result<()>) -> c_int {
    enter(body).map_or(-1, |()| 0)
}

#[inline]
fn enter<T>(body: impl FnOnce(&mut Python) -> Result<T>) -> Option<T> {
    // SAFETY: (1) the interpreter calls slots and methods with the thread attached. (2) Whoever is further up the
    // stack and lets the interpreter run has given up its token for that time, and with it every borrow.
    let mut py = unsafe { Python::assume_attached() };
    if let Ok(result) = catch_unwind(AssertUnwindSafe(|| body(&mut py))) {
        result.ok()
    } else {
        panicked();
        None
    }
}

/// A bug of ours was caught. The panic's own message went to stderr.
#[cold]
fn panicked() {
    // SAFETY: the thread is attached; the message is copied.
    unsafe { PyErr_SetString(PyExc_SystemError, c"hashtable: internal error (a bug in hashtable)".as_ptr()) };
}

//! The slots of a mapping: `h[k]`, `h[k] = v`, `del h[k]`, `k in h`, `len(h)`.

use super::errors::{Result, key_error};
use super::object::This;
use super::operations::{contains, insert, remove, value_of};
use super::refs::{Borrowed, Owned, Python};
use super::{api, boundary};
use pyo3_ffi::{Py_ssize_t, PyObject};
use std::ffi::c_int;

/// `mp_length`.
pub(super) unsafe extern "C" fn length(slf: *mut PyObject) -> Py_ssize_t {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe { boundary::length(slf, |py, this| Ok(this.table(py).load())) }
}

/// `mp_subscript`: `h[k]`.
pub(super) unsafe extern "C" fn subscript(slf: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type, and keeps the key alive.
    unsafe {
        boundary::method(slf, |py, this| {
            let key = Borrowed::assume_borrowed(key);
            match value_of(py, this, key)? {
                Some(value) => Ok(value),
                None => missing(py, this, key),
            }
        })
    }
}

/// What `h[k]` is for a key that is not there: what a subclass's `__missing__` says, as for a dict's; else
/// `KeyError`.
#[cold]
fn missing(py: &mut Python, this: This<'_>, key: Borrowed<'_>) -> Result<Owned> {
    if !this.is_exact()
        && let Some(missing) = api::special_method(py, this.as_object(), c"__missing__")?
    {
        return api::call(py, missing.as_borrowed(), key);
    }
    Err(key_error(py, key))
}

/// `mp_ass_subscript`: `h[k] = v`, and `del h[k]`, which comes with no value.
pub(super) unsafe extern "C" fn ass_subscript(
    slf: *mut PyObject,
    key: *mut PyObject,
    value: *mut PyObject,
) -> c_int {
    // SAFETY: the interpreter calls this on an instance of our type, and keeps key and value alive.
    unsafe {
        boundary::slot(slf, |py, this| {
            let key = Borrowed::assume_borrowed(key);
            if !value.is_null() {
                return insert(py, this, key, Borrowed::assume_borrowed(value));
            }
            match remove(py, this, key)? {
                Some(_) => Ok(()),
                None => Err(key_error(py, key)),
            }
        })
    }
}

/// `sq_contains`: `k in h`.
pub(super) unsafe extern "C" fn contains_slot(slf: *mut PyObject, key: *mut PyObject) -> c_int {
    // SAFETY: the interpreter calls this on an instance of our type, and keeps the key alive.
    unsafe { boundary::truth(slf, |py, this| contains(py, this, Borrowed::assume_borrowed(key))) }
}

//! The read-only attributes: `size`, `load`, `max_load`, `hash_func`.

use super::{api, boundary, lifecycle};
use pyo3_ffi::{PyGetSetDef, PyObject, getter};
use std::ffi::{CStr, c_void};
use std::ptr::{null, null_mut};

/// `tp_getset`, which a row of zeroes ends.
pub(super) const ATTRIBUTES: [PyGetSetDef; 5] = [
    attribute(c"size", size, c"The number of bins now."),
    attribute(c"load", load, c"The number of entries."),
    attribute(
        c"max_load",
        max_load,
        c"The largest proportion of load to size, beyond which the bins are doubled; None: never.",
    ),
    attribute(c"hash_func", hash_func, c"The function that hashes the keys."),
    PyGetSetDef { name: null(), get: None, set: None, doc: null(), closure: null_mut() },
];

const fn attribute(name: &'static CStr, get: getter, doc: &'static CStr) -> PyGetSetDef {
    PyGetSetDef { name: name.as_ptr(), get: Some(get), set: None, doc: doc.as_ptr(), closure: null_mut() }
}

unsafe extern "C" fn size(slf: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    // SAFETY: the descriptor checks that `slf` is an instance of our type.
    unsafe { boundary::method(slf, |py, this| api::int(py, this.table(py).size())) }
}

unsafe extern "C" fn load(slf: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    // SAFETY: as in `size`.
    unsafe { boundary::method(slf, |py, this| api::int(py, this.table(py).load())) }
}

unsafe extern "C" fn max_load(slf: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    // SAFETY: as in `size`.
    unsafe {
        boundary::method(slf, |py, this| match this.table(py).max_load() {
            Some(max_load) => api::float(py, max_load.proportion()),
            None => Ok(api::none(py)),
        })
    }
}

unsafe extern "C" fn hash_func(slf: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    // SAFETY: as in `size`.
    unsafe { boundary::method(slf, lifecycle::hash_func_of) }
}

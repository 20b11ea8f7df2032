//! Bugs on purpose, in a build that is made for a memory checker, which has to see them before it is believed: see
//! `tests/python/under.py`. No other build has this file.

use super::api;
use super::boundary;
use super::errors::Result;
use super::methods::one_arg;
use super::type_object::Static;
use pyo3_ffi::{
    Py_DECREF, PyBytes_FromStringAndSize, PyLong_AsLong, PyMethodDef, PyModule_AddFunctions, PyObject,
};
use std::hint::black_box;
use std::ptr::null;

static FUNCTIONS: Static<[PyMethodDef; 2]> = Static::new([
    one_arg(
        c"_memory_probe",
        probe,
        c"_memory_probe($module, which, /)\n--\n\nDo what no memory checker bears.",
    ),
    PyMethodDef::zeroed(),
]);

/// Adds the function to the module.
pub(super) fn add_function(module: *mut PyObject) -> Result<()> {
    // SAFETY: the definitions live for ever.
    api::succeeded(unsafe { PyModule_AddFunctions(module, FUNCTIONS.as_ptr().cast()) })
}

/// 0: all is well. 1: reads behind the end of a block. 2: reads an object that is gone. 3: writes before a block.
unsafe extern "C" fn probe(_module: *mut PyObject, which: *mut PyObject) -> *mut PyObject {
    // SAFETY: for 0, obligations of no weight; for all else there is no justification, and that is the point.
    unsafe {
        let mut block = black_box(vec![1_u64; 3]);
        match PyLong_AsLong(which) {
            1 => {
                black_box(block.as_ptr().add(3).read_volatile());
            }
            2 => {
                let object = PyBytes_FromStringAndSize(null(), 100);
                Py_DECREF(object);
                black_box(black_box(&raw mut (*object).ob_type).read_volatile());
            }
            3 => block.as_mut_ptr().sub(1).write_volatile(7),
            _ => {}
        }
    }
    boundary::object(|py| Ok(Some(api::none(py))))
}

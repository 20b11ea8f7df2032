//! Bugs on purpose, in a build that is made for a memory checker, which has to see them before it is believed: see
//! `tests/python/under.py`. No other build has this file.

use super::errors::Result;
use super::methods::one_arg;
use super::type_object::Static;
use super::{api, boundary, lock};
use pyo3_ffi::{
    Py_DECREF, PyBytes_FromStringAndSize, PyEval_RestoreThread, PyEval_SaveThread, PyLong_AsLong,
    PyMethodDef, PyModule_AddFunctions, PyObject,
};
use std::hint::black_box;
use std::ptr::null;
use std::thread::sleep;
use std::time::Duration;

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

/// What threads count in.
static SHARED: Static<u64> = Static::new(0);

/// 0: all is well, in threads too: they count under a lock. 1: reads behind the end of a block. 2: reads an object that
/// is gone. 3: writes before a block. 4: counts without a lock, and lets other threads do so at the same time.
unsafe extern "C" fn probe(module: *mut PyObject, which: *mut PyObject) -> *mut PyObject {
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
            4 => {
                let state = PyEval_SaveThread();
                count();
                sleep(Duration::from_millis(200));
                PyEval_RestoreThread(state);
            }
            _ => {}
        }
    }
    boundary::object(|py| {
        lock::with(py, module, |py| {
            // SAFETY: whoever holds the lock is alone.
            unsafe { count() };
            Ok(Some(api::none(py)))
        })
    })
}

/// # Safety
///
/// No other thread counts meanwhile.
unsafe fn count() {
    let shared = SHARED.as_ptr();
    // SAFETY: it lives for ever, and this thread is alone with it.
    unsafe { shared.write_volatile(shared.read_volatile().wrapping_add(1)) };
}

//! The extension module, in an interpreter that is part of this process: its Rust code is instrumented for coverage and
//! for AddressSanitizer, whose malloc the interpreter's objects come from too. The input is a program for `program.py`,
//! which runs it on a table and on the model of the Python tests.

#![no_main]

// For its one export.
use hashtable as _;
use libfuzzer_sys::fuzz_target;
use pyo3_ffi::*;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};

unsafe extern "C" {
    fn PyInit_hashtable() -> *mut PyObject;
}

/// `program.run`.
static RUN: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());

/// What `program` and what it imports are found by: the folder of this file, and that of the tests.
const BEGIN: &str = concat!(
    "import sys\n",
    "root = '",
    env!("CARGO_MANIFEST_DIR"),
    "'\n",
    "sys.path[:0] = [root + '/fuzz_targets', root + '/../tests/python']\n",
    "sys.dont_write_bytecode = True\n\0",
);

/// Starts the interpreter, with the module among those that are built in.
fn begin() {
    // Each object is a block of malloc's, so that AddressSanitizer sees where it ends and when it goes.
    // SAFETY: nobody else is running yet.
    unsafe { std::env::set_var("PYTHONMALLOC", "malloc") };
    // SAFETY: in the order that the interpreter wants: the list of modules, the start, then the rest, all in the thread
    // that has started it. The module is there for good, as is the reference that is kept.
    unsafe {
        assert_eq!(PyImport_AppendInittab(c"hashtable".as_ptr(), Some(PyInit_hashtable)), 0);
        Py_InitializeEx(0);
        assert_eq!(PyRun_SimpleString(BEGIN.as_ptr().cast()), 0);
        let program = PyImport_ImportModule(c"program".as_ptr());
        if program.is_null() {
            PyErr_Print();
            panic!("program.py cannot be imported");
        }
        RUN.store(PyObject_GetAttrString(program, c"run".as_ptr()), Relaxed);
    }
}

fuzz_target!(init: begin(), |bytes: &[u8]| {
    // SAFETY: the interpreter runs, in this thread. The two references that are made here are given back, or the process
    // ends.
    unsafe {
        let data = PyBytes_FromStringAndSize(bytes.as_ptr().cast(), bytes.len() as Py_ssize_t);
        assert!(!data.is_null());
        let result = PyObject_CallFunctionObjArgs(RUN.load(Relaxed), data, null_mut::<PyObject>());
        Py_DECREF(data);
        if result.is_null() {
            PyErr_Print();
            panic!("the table is not what its model is");
        }
        Py_DECREF(result);
    }
});

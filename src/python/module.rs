//! The module: `PyInit_hashtable`, in two phases.
//!
//! The first phase only hands the interpreter a description. The second, [`exec`], fills the module object that
//! the interpreter has made: so each interpreter, and each fresh import, gets a module of its own.

use super::boundary;
use super::errors::{Raised, Result};
use super::refs::{Borrowed, Owned, Python};
use super::type_object::{HASH_TABLE_TYPE, Static};
use pyo3_ffi::compat::PyModule_AddObjectRef;
use pyo3_ffi::{
    Py_mod_exec, PyDict_GetItemString, PyDict_SetItemString, PyErr_SetString, PyExc_RuntimeError,
    PyImport_ImportModule, PyInterpreterState_Get, PyInterpreterState_GetDict, PyModule_AddStringConstant,
    PyModuleDef, PyModuleDef_HEAD_INIT, PyModuleDef_Init, PyModuleDef_Slot, PyObject, PyObject_GetAttrString,
    PyType_Ready,
};
use std::ffi::{CStr, c_int, c_void};
use std::ptr::null_mut;

const DOC: &CStr = c"A hash table whose size, maximum load and hash function you choose.

    >>> import hashtable
    >>> h = hashtable.HashTable(size=8, max_load=0.9, hash_func=len)
    >>> h.set(\"hello\", \"world\")
    >>> h.get(\"hello\")
    'world'";

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => c"",
};

/// Where an interpreter's own `hash` is kept, among what extensions may keep in it.
const BUILTIN_HASH: &CStr = c"hashtable.builtin_hash";

static MODULE: Static<PyModuleDef> = Static::new(PyModuleDef {
    m_base: PyModuleDef_HEAD_INIT,
    m_name: c"hashtable".as_ptr(),
    m_doc: DOC.as_ptr(),
    m_size: 0,
    // No module functions: in the 2014 module the methods were listed here too, and `hashtable.set(1, 2)` crashed.
    m_methods: null_mut(),
    m_slots: SLOTS.as_ptr().cast(),
    m_traverse: None,
    m_clear: None,
    m_free: None,
});

static SLOTS: Static<[PyModuleDef_Slot; SLOT_COUNT]> = Static::new([
    PyModuleDef_Slot { slot: Py_mod_exec, value: exec as *mut c_void },
    // A static type is shared by all interpreters, so they must share a GIL too. One that has its own gets an
    // ImportError.
    #[cfg(Py_3_12)]
    PyModuleDef_Slot {
        slot: pyo3_ffi::Py_mod_multiple_interpreters,
        value: pyo3_ffi::Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED,
    },
    // Said out loud: in a Python that can do without, importing this module turns the GIL on.
    #[cfg(Py_3_13)]
    PyModuleDef_Slot { slot: pyo3_ffi::Py_mod_gil, value: pyo3_ffi::Py_MOD_GIL_USED },
    PyModuleDef_Slot { slot: 0, value: null_mut() },
]);

const SLOT_COUNT: usize = 2 + cfg!(Py_3_12) as usize + cfg!(Py_3_13) as usize;

/// What `import hashtable` looks up in the shared library and calls first.
///
/// # Safety
///
/// Only the interpreter calls this, attached.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInit_hashtable() -> *mut PyObject {
    // SAFETY: the definition lives for ever. What is returned is borrowed, by the protocol of two phases.
    unsafe { PyModuleDef_Init(MODULE.as_ptr()) }
}

/// The second phase: puts what is in the module into it.
unsafe extern "C" fn exec(module: *mut PyObject) -> c_int {
    boundary::status(|py| {
        let builtin_hash = import_builtin_hash(py)?;
        // SAFETY: the type lives for ever; each call returns 0, or -1 with an exception set. None of them steals:
        // the module and the interpreter's dict take references of their own.
        unsafe {
            let type_object = HASH_TABLE_TYPE.as_ptr();
            succeeded(PyType_Ready(type_object))?;
            succeeded(PyDict_SetItemString(
                interpreter_dict()?,
                BUILTIN_HASH.as_ptr(),
                builtin_hash.as_ptr(),
            ))?;
            succeeded(PyModule_AddStringConstant(module, c"__version__".as_ptr(), VERSION.as_ptr()))?;
            succeeded(PyModule_AddObjectRef(module, c"HashTable".as_ptr(), type_object.cast()))
        }
    })
}

fn succeeded(status: c_int) -> Result<()> {
    if status < 0 { Err(Raised) } else { Ok(()) }
}

/// `builtins.hash`: a new reference.
fn import_builtin_hash(_: &mut Python) -> Result<Owned> {
    // SAFETY: both calls return a new reference or raise.
    unsafe {
        let builtins = Owned::assume_new(PyImport_ImportModule(c"builtins".as_ptr()))?;
        Owned::assume_new(PyObject_GetAttrString(builtins.as_ptr(), c"hash".as_ptr()))
    }
}

/// This interpreter's builtin `hash`, as it was when the module was imported: a new reference.
pub(super) fn builtin_hash(py: &mut Python) -> Result<Owned> {
    // SAFETY: the dict's reference is borrowed, and good until Python code runs.
    let kept = unsafe { PyDict_GetItemString(interpreter_dict()?, BUILTIN_HASH.as_ptr()) };
    if kept.is_null() {
        return import_builtin_hash(py);
    }
    // SAFETY: as above.
    Ok(unsafe { Borrowed::assume_borrowed(kept) }.to_owned(py))
}

/// Whether `object` is the builtin `hash`.
pub(super) fn is_builtin_hash(py: &mut Python, object: Borrowed<'_>) -> Result<bool> {
    Ok(builtin_hash(py)?.as_ptr() == object.as_ptr())
}

/// The dict in which an interpreter lets extensions keep things: borrowed, and as old as the interpreter.
///
/// A Rust static is no place for a Python object: it would outlive the interpreter that the object belongs to.
fn interpreter_dict() -> Result<*mut PyObject> {
    // SAFETY: the thread is attached. NULL comes without an exception.
    unsafe {
        let dict = PyInterpreterState_GetDict(PyInterpreterState_Get());
        if dict.is_null() {
            PyErr_SetString(
                PyExc_RuntimeError,
                c"hashtable: the interpreter has no dict for extensions".as_ptr(),
            );
            return Err(Raised);
        }
        Ok(dict)
    }
}

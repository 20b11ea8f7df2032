//! The module: `PyInit_hashtable`, in two phases.
//!
//! The first phase only hands the interpreter a description. The second, [`exec`], fills the module object that
//! the interpreter has made: so each interpreter, and each fresh import, gets a module of its own.

use super::errors::{Raised, Result, import_error, runtime_error};
use super::layouts::BITS_PER_DIGIT;
use super::refs::{Borrowed, Owned, Python};
use super::seeded::{SIP_HASH_TYPE, XXH3_TYPE};
use super::type_object::{HASH_TABLE_TYPE, Static, StaticType, make_ready};
use super::views::{ITEMS_TYPE, KEYS_TYPE, VALUES_TYPE};
use super::{api, boundary, inside, lock, pickling};
use pyo3_ffi::compat::PyModule_AddObjectRef;
use pyo3_ffi::{
    Py_mod_exec, PyDict_GetItemWithError, PyDict_SetDefault, PyErr_Occurred, PyInterpreterState_Get,
    PyInterpreterState_GetDict, PyLong_AsLong, PyMethodDef, PyModule_AddStringConstant, PyModuleDef,
    PyModuleDef_HEAD_INIT, PyModuleDef_Init, PyModuleDef_Slot, PyObject,
};
use std::ffi::{CStr, c_int, c_long, c_void};
use std::ptr::null_mut;

const DOC: &CStr = c"A hash table whose size, maximum load and hash function you choose.

    >>> import hashtable
    >>> h = hashtable.HashTable(size=8, max_load=0.9, hash_func=len)
    >>> h.set(\"hello\", \"world\")
    >>> h.get(\"hello\")
    'world'

Hash functions to choose from, which a table uses without a Python call: SipHash,
XXH3, xxh3_hash, fnv1a_hash, fibonacci_hash, identity_hash, talk_hash.";

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => c"",
};

/// What is kept for an interpreter, in the dict that it has for extensions.
///
/// A Rust static is no place for a Python object: it would outlive the interpreter that the object belongs to.
#[derive(Clone, Copy)]
pub(super) enum Kept {
    /// The builtin `hash`, as it was when the module was first imported.
    BuiltinHash,
    /// The class of what `stats()` returns.
    Stats,
}

impl Kept {
    fn name(self) -> &'static CStr {
        match self {
            Self::BuiltinHash => c"hashtable.builtin_hash",
            Self::Stats => c"hashtable.Stats",
        }
    }

    fn make(self, py: &mut Python) -> Result<Owned> {
        match self {
            Self::BuiltinHash => api::import(py, c"builtins", c"hash"),
            Self::Stats => inside::stats_type(py),
        }
    }
}

static MODULE: Static<PyModuleDef> = Static::new(PyModuleDef {
    m_base: PyModuleDef_HEAD_INIT,
    m_name: c"hashtable".as_ptr(),
    m_doc: DOC.as_ptr(),
    m_size: 0,
    // None of the methods: in the 2014 module they were listed here too, and `hashtable.set(1, 2)` crashed.
    m_methods: FUNCTIONS.as_ptr().cast(),
    m_slots: SLOTS.as_ptr().cast(),
    m_traverse: None,
    m_clear: None,
    m_free: None,
});

static FUNCTIONS: Static<[PyMethodDef; pickling::FUNCTIONS.len()]> = Static::new(pickling::FUNCTIONS);

static SLOTS: Static<[PyModuleDef_Slot; SLOT_COUNT]> = Static::new([
    PyModuleDef_Slot { slot: Py_mod_exec, value: exec as *mut c_void },
    // A static type is shared by all interpreters, so they must share a GIL too. One that has its own gets an
    // ImportError.
    #[cfg(Py_3_12)]
    PyModuleDef_Slot {
        slot: pyo3_ffi::Py_mod_multiple_interpreters,
        value: pyo3_ffi::Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED,
    },
    // Every slot and method takes the lock of the object that it is about: see `lock`.
    #[cfg(Py_3_13)]
    PyModuleDef_Slot { slot: pyo3_ffi::Py_mod_gil, value: pyo3_ffi::Py_MOD_GIL_NOT_USED },
    PyModuleDef_Slot { slot: 0, value: null_mut() },
]);

const SLOT_COUNT: usize = 2 + cfg!(Py_3_12) as usize + cfg!(Py_3_13) as usize;

/// What `import hashtable` looks up in the shared library and calls first.
///
/// # Safety
///
/// Only the interpreter calls this, attached.
#[cfg_attr(not(feature = "lab"), unsafe(no_mangle))]
#[cfg_attr(feature = "lab", unsafe(export_name = "PyInit__glass"))]
pub unsafe extern "C" fn PyInit_hashtable() -> *mut PyObject {
    // SAFETY: the definition lives for ever. What is returned is borrowed, by the protocol of two phases.
    unsafe { PyModuleDef_Init(MODULE.as_ptr()) }
}

/// The second phase: puts what is in the module into it.
unsafe extern "C" fn exec(module: *mut PyObject) -> c_int {
    boundary::status(|py| {
        check_digits(py)?;
        make_ready(py)?;
        kept(py, Kept::BuiltinHash)?;
        let stats = kept(py, Kept::Stats)?;
        // SAFETY: each call returns 0, or -1 with an exception set. None of them steals: the module takes references
        // of its own.
        unsafe {
            api::succeeded(PyModule_AddStringConstant(module, c"__version__".as_ptr(), VERSION.as_ptr()))?;
            api::succeeded(PyModule_AddObjectRef(module, c"Stats".as_ptr(), stats.as_ptr()))?;
            let classes =
                [(c"HashTable", &HASH_TABLE_TYPE), (c"SipHash", &SIP_HASH_TYPE), (c"XXH3", &XXH3_TYPE)];
            for (name, class) in classes {
                api::succeeded(PyModule_AddObjectRef(module, name.as_ptr(), class.as_ptr().cast()))?;
            }
            super::native::add_functions(py, module)?;
            #[cfg(feature = "lab")]
            super::glass::prepare(py, module)?;
        }
        #[cfg(hashtable_memory_probe)]
        super::probe::add_function(module)?;
        register(py, c"MutableMapping", &HASH_TABLE_TYPE)?;
        register(py, c"KeysView", &KEYS_TYPE)?;
        register(py, c"ValuesView", &VALUES_TYPE)?;
        register(py, c"ItemsView", &ITEMS_TYPE)
    })
}

/// Refuses an interpreter whose ints are not made of the digits that [`layouts`](super::layouts) reads. Nobody has seen
/// one of 64 bits; but it can be built.
fn check_digits(py: &mut Python) -> Result<()> {
    let info = api::import(py, c"sys", c"int_info")?;
    let bits = api::attribute(py, info.as_borrowed(), c"bits_per_digit")?;
    // SAFETY: our reference keeps it alive. -1 is not the right number either, and comes with an exception.
    match unsafe { PyLong_AsLong(bits.as_ptr()) } {
        -1 => Err(Raised),
        bits if bits == c_long::from(BITS_PER_DIGIT) => Ok(()),
        _ => Err(import_error(py, c"hashtable needs a Python whose ints have digits of 30 bits")),
    }
}

/// Says that `class` is what `collections.abc` calls by this name.
fn register(py: &mut Python, name: &CStr, class: &StaticType) -> Result<()> {
    let abstract_class = api::import(py, c"collections.abc", name)?;
    // SAFETY: a static type lives for ever.
    let class = unsafe { Borrowed::assume_borrowed(class.as_ptr().cast()) };
    api::call_method(py, abstract_class.as_borrowed(), c"register", class)?;
    Ok(())
}

/// The dict that the interpreter has for extensions: borrowed, and as old as the interpreter.
pub(super) fn interpreter_dict(py: &mut Python) -> Result<*mut PyObject> {
    // SAFETY: the thread is attached. NULL comes without an exception.
    let dict = unsafe { PyInterpreterState_GetDict(PyInterpreterState_Get()) };
    if dict.is_null() {
        return Err(runtime_error(py, c"hashtable: the interpreter has no dict for extensions"));
    }
    Ok(dict)
}

/// What is kept for this interpreter, made if it is not there: a new reference.
pub(super) fn kept(py: &mut Python, what: Kept) -> Result<Owned> {
    let dict = interpreter_dict(py)?;
    // Not by `PyDict_GetItemString`: if there is no memory for the name, that tells stderr, and not us.
    let name = api::string(py, what.name().to_bytes())?;
    lock::with(py, dict, |py| {
        // SAFETY: what is in the dict is borrowed from it, and good until Python code runs: its lock is held. NULL from
        // the first call comes with an exception, or because nothing is there; from the second, with one.
        unsafe {
            let object = PyDict_GetItemWithError(dict, name.as_ptr());
            if !object.is_null() {
                return Ok(Borrowed::assume_borrowed(object).to_owned(py));
            }
            if !PyErr_Occurred().is_null() {
                return Err(Raised);
            }
            let made = what.make(py)?;
            // Python code has run: another thread may have been here. The first one stays.
            let object = PyDict_SetDefault(dict, name.as_ptr(), made.as_ptr());
            if object.is_null() { Err(Raised) } else { Ok(Borrowed::assume_borrowed(object).to_owned(py)) }
        }
    })
}

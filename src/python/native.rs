//! The module's own hash functions. Python programs call them like any other; a table that has one as its
//! `hash_func` knows it, and hashes without a call.

use super::api::Wide;
use super::errors::{Result, cannot_hash, no_memory};
use super::hashing::int_as_hash;
use super::layouts::Int;
use super::methods::one_arg;
use super::object::This;
use super::refs::{Borrowed, Owned, Python};
use super::type_object::Static;
use super::{api, boundary, seeded, utf8};
use crate::hashes::{Function, Key};
use pyo3_ffi::{
    PyBytes_AS_STRING, PyBytes_Check, PyBytes_Size, PyCFunction_CheckExact, PyCFunctionObject,
    PyFloat_AS_DOUBLE, PyFloat_Check, PyLong_Check, PyLong_FromLongLong, PyMethodDef, PyModule_AddFunctions,
    PyObject, PyUnicode_Check, PyUnicode_GetLength,
};
use std::ffi::CStr;
use std::slice;

/// The functions without a seed, in the order of [`METHODS`].
const FUNCTIONS: [Function; 5] =
    [Function::Talk, Function::Identity, Function::Fibonacci, Function::Fnv1a, Function::Xxh3(0)];

/// The functions of the module, which a row of zeroes ends.
static METHODS: Static<[PyMethodDef; FUNCTIONS.len() + 1]> = Static::new([
    one_arg(
        name(Function::Talk),
        talk,
        c"talk_hash($module, key, /)
--

The hash of the talk: an int is itself, a float its floor, a str or bytes its length.

Good at being understood; bad at nearly everything else: words of one length are
all in one chain.",
    ),
    one_arg(
        name(Function::Identity),
        identity,
        c"identity_hash($module, key, /)
--

An int is itself, a float its 64 bits. Other keys are a TypeError.

Good at ints without gaps, which get a bin each. Bad at numbers that share their
low bits: multiples of 4096, most floats.",
    ),
    one_arg(
        name(Function::Fibonacci),
        fibonacci,
        c"fibonacci_hash($module, key, /)
--

The 64 bits of an int or a float times the golden ratio, high byte first. Other
keys are a TypeError.

Good at numbers, whatever lies between them. Bad against an attacker.",
    ),
    one_arg(
        name(Function::Fnv1a),
        fnv1a,
        c"fnv1a_hash($module, key, /)
--

FNV-1a of 64 bits: of the UTF-8 of a str, of bytes, of the 8 bytes of a float or an
int. A wider int has as many as it needs.

Good at short keys, and known everywhere. Bad at long keys, which take a nanosecond
a byte, and against an attacker.",
    ),
    one_arg(
        name(Function::Xxh3(0)),
        xxh3,
        c"xxh3_hash($module, key, /)
--

XXH3 of 64 bits: of the UTF-8 of a str, of bytes, of the 8 bytes of a float or an
int. A wider int has as many as it needs.

Good at keys of every kind and length. Bad against an attacker. XXH3 is the same
with a seed.",
    ),
    PyMethodDef::zeroed(),
]);

/// What Python programs know a function by.
pub(super) const fn name(function: Function) -> &'static CStr {
    match function {
        Function::Talk => c"talk_hash",
        Function::Identity => c"identity_hash",
        Function::Fibonacci => c"fibonacci_hash",
        Function::Fnv1a => c"fnv1a_hash",
        Function::Xxh3(0) => c"xxh3_hash",
        Function::Xxh3(_) => c"XXH3",
        Function::Sip(_) => c"SipHash",
    }
}

/// Puts the functions into the module.
///
/// # Safety
///
/// `module` is a module, which its owner keeps alive.
pub(super) unsafe fn add_functions(_: &mut Python, module: *mut PyObject) -> Result<()> {
    // SAFETY: the caller's obligation. The rows live for ever.
    api::succeeded(unsafe { PyModule_AddFunctions(module, METHODS.as_ptr().cast()) })
}

/// The function that a table's `hash_func` is, if it is one of the module's own.
#[inline]
pub(super) fn recognise(_: &Python, this: This<'_>) -> Option<Function> {
    let object = this.hash_func.get();
    if object.is_null() {
        return None;
    }
    // SAFETY: the table's reference keeps the object alive, since no Python code runs; it is what its type says.
    unsafe {
        if PyCFunction_CheckExact(object) == 0 {
            return seeded::function_of(Borrowed::assume_borrowed(object));
        }
        // A builtin function points to the row that it was made of; so where it is in our rows says which it is.
        let row = (*object.cast::<PyCFunctionObject>()).m_ml;
        let offset = row.addr().wrapping_sub(METHODS.as_ptr().addr());
        FUNCTIONS.get(offset / size_of::<PyMethodDef>()).copied()
    }
}

/// The hash of a key. Instances of subclasses are hashed as their base; no code of theirs runs.
pub(super) fn hash(py: &mut Python, function: Function, object: Borrowed<'_>) -> Result<i64> {
    let pointer = object.as_ptr();
    // SAFETY: the object is alive, and each call is for what its type says it is. The bytes of a bytes object never
    // change, and the caller's reference keeps them alive.
    let hash = unsafe {
        if PyUnicode_Check(pointer) != 0 {
            match function {
                // As `len` counts: code points.
                Function::Talk => Some(PyUnicode_GetLength(pointer) as i64),
                Function::Identity | Function::Fibonacci => None,
                _ => utf8::with(py, object, |text| function.hash(Key::Bytes(text)))?,
            }
        } else if PyLong_Check(pointer) != 0 {
            match (function, api::int_value(py, pointer)) {
                (_, Wide::Fits(integer)) => function.hash(Key::Integer(integer)),
                (Function::Talk | Function::Identity | Function::Fibonacci, _) => {
                    function.hash(Key::Integer(int_as_hash(py, object)))
                }
                // All of it: what `hash()` makes of a wide int is the same for as many as one likes.
                _ => Int::read(pointer)
                    .with_bytes(|bytes| function.hash(Key::Bytes(bytes)))
                    .map_err(no_memory)?,
            }
        } else if PyFloat_Check(pointer) != 0 {
            function.hash(Key::Double(PyFloat_AS_DOUBLE(pointer)))
        } else if PyBytes_Check(pointer) != 0 {
            let (data, length) = (PyBytes_AS_STRING(pointer), PyBytes_Size(pointer));
            function.hash(Key::Bytes(slice::from_raw_parts(data.cast(), length as usize)))
        } else {
            None
        }
    };
    hash.ok_or_else(|| {
        let takes = match function {
            Function::Identity | Function::Fibonacci => c"int and float",
            _ => c"int, float, str and bytes",
        };
        cannot_hash(py, object, name(function), takes)
    })
}

/// What a call of a function does.
///
/// # Safety
///
/// The caller keeps `key` alive until this returns.
pub(super) unsafe fn call(function: Function, key: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the caller's obligation.
        answer(py, function, unsafe { Borrowed::assume_borrowed(key) }).map(Some)
    })
}

/// The hash of a key, as an `int`: a new reference.
pub(super) fn answer(py: &mut Python, function: Function, key: Borrowed<'_>) -> Result<Owned> {
    let hash = hash(py, function, key)?;
    // SAFETY: returns a new reference or raises.
    unsafe { Owned::assume_new(PyLong_FromLongLong(hash)) }
}

unsafe extern "C" fn talk(_module: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this as METH_O, and keeps the key alive.
    unsafe { call(Function::Talk, key) }
}

unsafe extern "C" fn identity(_module: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    // SAFETY: as in `talk`.
    unsafe { call(Function::Identity, key) }
}

unsafe extern "C" fn fibonacci(_module: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    // SAFETY: as in `talk`.
    unsafe { call(Function::Fibonacci, key) }
}

unsafe extern "C" fn fnv1a(_module: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    // SAFETY: as in `talk`.
    unsafe { call(Function::Fnv1a, key) }
}

unsafe extern "C" fn xxh3(_module: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    // SAFETY: as in `talk`.
    unsafe { call(Function::Xxh3(0), key) }
}

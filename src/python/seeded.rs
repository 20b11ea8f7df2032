//! The types `SipHash` and `XXH3`: hash functions with a seed. An instance is called like a function.
//!
//! This is about the smallest type that can be written by hand: an object that never changes and refers to no other.
//! So there is nothing to traverse, nothing to lock, and nothing to give back but its memory.

use super::errors::{Raised, Result, type_error, value_error, wrong_number};
use super::refs::{Borrowed, Owned, Python};
use super::type_object::{Static, StaticType, flags};
use super::{api, boundary, native, utf8};
use crate::hashes::{Function, Key, random_seed};
use pyo3_ffi::{
    METH_COEXIST, METH_NOARGS, METH_O, Py_EQ, Py_NE, Py_None, Py_TPFLAGS_DEFAULT, Py_TYPE, Py_hash_t,
    Py_ssize_t, PyArg_ParseTupleAndKeywords, PyDict_Size, PyGetSetDef, PyLong_FromString, PyMethodDef,
    PyMethodDefPointer, PyNumber_ToBase, PyObject, PyObject_Free, PyObject_HEAD_INIT, PyTuple_GetItem,
    PyTuple_Size, PyTypeObject, PyVarObject,
};
use std::cell::UnsafeCell;
use std::ffi::{c_char, c_int, c_void};
use std::io::Write;
use std::mem::zeroed;
use std::ptr::{null_mut, write};

#[repr(C)]
struct SeededObject {
    head: UnsafeCell<PyObject>,
    function: Function,
}

/// The function that `object` is, if it is of one of these types. Neither has subclasses.
#[inline]
pub(super) fn function_of(object: Borrowed<'_>) -> Option<Function> {
    let object = object.as_ptr();
    // SAFETY: the object is alive; and if it is of one of these types, `new` has made it.
    unsafe {
        let class = Py_TYPE(object);
        (class == SIP_HASH_TYPE.as_ptr() || class == XXH3_TYPE.as_ptr()).then(|| of_instance(object))
    }
}

/// The function that an instance is.
///
/// # Safety
///
/// `object` is an instance of one of these types, and alive.
unsafe fn of_instance(object: *mut PyObject) -> Function {
    // SAFETY: the caller's obligation.
    unsafe { (*object.cast::<SeededObject>()).function }
}

/// The seed of a function, as the number that Python knows.
fn seed_of(function: Function) -> u128 {
    match function {
        Function::Xxh3(seed) => seed.into(),
        Function::Sip([low, high]) => u128::from(high) << 64 | u128::from(low),
        _ => 0,
    }
}

/// `tp_new`: `SipHash(seed=None)`, `XXH3(seed=None)`.
unsafe extern "C" fn new(
    class: *mut PyTypeObject,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> *mut PyObject {
    boundary::object(|py| {
        let mut seed = null_mut::<PyObject>();
        let mut names: [*mut c_char; 2] = [c"seed".as_ptr().cast_mut(), null_mut()];
        let is_sip = class == SIP_HASH_TYPE.as_ptr();
        let format = if is_sip { c"|O:SipHash" } else { c"|O:XXH3" };
        // SAFETY: the interpreter calls this with a tuple, and a dict or NULL. "O" stores a reference that is
        // borrowed from them.
        let given = unsafe {
            let names = names.as_mut_ptr().cast();
            if PyArg_ParseTupleAndKeywords(args, kwargs, format.as_ptr(), names, &raw mut seed) == 0 {
                return Err(Raised);
            }
            (!seed.is_null() && seed != Py_None()).then(|| Borrowed::assume_borrowed(seed))
        };
        let function = match (given, is_sip) {
            (None, true) => Function::Sip(random_seed()),
            (None, false) => Function::Xxh3(random_seed()[0]),
            (Some(seed), true) => match parse(py, seed)? {
                Some(seed) => Function::Sip([seed as u64, (seed >> 64) as u64]),
                None => return Err(value_error(py, c"SipHash seed must be from 0 to 2**128 - 1")),
            },
            (Some(seed), false) => match parse(py, seed)?.map(u64::try_from) {
                Some(Ok(seed)) => Function::Xxh3(seed),
                _ => return Err(value_error(py, c"XXH3 seed must be from 0 to 2**64 - 1")),
            },
        };
        // SAFETY: the type is ready and has inherited the slot, which returns a new reference or NULL. The object has
        // room for a function, and nobody has seen it.
        unsafe {
            let object = Owned::assume_new((*class).tp_alloc.ok_or(Raised)?(class, 0))?;
            write(&raw mut (*object.as_ptr().cast::<SeededObject>()).function, function);
            Ok(Some(object))
        }
    })
}

/// An integer that may be a seed; `None` if it is below 0 or above 128 bits.
fn parse(py: &mut Python, seed: Borrowed<'_>) -> Result<Option<u128>> {
    // In hexadecimal, since no function for more than 64 bits is in every Python.
    // SAFETY: the caller's reference keeps the seed alive; a new reference or NULL, for what is no integer.
    let digits = unsafe { Owned::assume_new(PyNumber_ToBase(seed.as_ptr(), 16)) }?;
    // SAFETY: the call returns nothing but a str.
    unsafe {
        utf8::with(py, digits.as_borrowed(), |digits| {
            let digits = std::str::from_utf8(digits).ok()?.strip_prefix("0x")?;
            u128::from_str_radix(digits, 16).ok()
        })
    }
}

/// Room for any seed in hexadecimal, in a few words and with a NUL.
type Text = [u8; 80];

/// What is formatted, and its length without the NUL.
fn text(format: std::fmt::Arguments<'_>) -> (Text, usize) {
    let mut text = [0; size_of::<Text>()];
    let mut rest = &mut text[..size_of::<Text>() - 1];
    let written = rest.write_fmt(format);
    debug_assert!(written.is_ok());
    let length = size_of::<Text>() - 1 - rest.len();
    (text, length)
}

/// A new `int`.
fn int(_: &mut Python, seed: u128) -> Result<Owned> {
    let (digits, _) = text(format_args!("{seed:x}"));
    // SAFETY: the digits end in a NUL. Returns a new reference or raises.
    unsafe { Owned::assume_new(PyLong_FromString(digits.as_ptr().cast(), null_mut(), 16)) }
}

/// `tp_dealloc`: there is nothing to give back but the memory.
unsafe extern "C" fn dealloc(slf: *mut PyObject) {
    // SAFETY: nobody has a reference to self, whose memory is from `PyType_GenericAlloc` of a type that the collector
    // does not know. The type is static: nobody owns it.
    unsafe { PyObject_Free(slf.cast()) };
}

/// `tp_call`: the hash of a key.
unsafe extern "C" fn call(slf: *mut PyObject, args: *mut PyObject, kwargs: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this on an instance, with a tuple, and a dict or NULL. The key is borrowed
        // from the tuple, which the caller keeps alive.
        let (function, key) = unsafe {
            let function = of_instance(slf);
            if !kwargs.is_null() && PyDict_Size(kwargs) != 0 {
                return Err(type_error(py, c"a hash function takes no keyword arguments"));
            }
            let number = api::length(PyTuple_Size(args))?;
            if number != 1 {
                return Err(wrong_number(py, type_name(function), 1, 1, number));
            }
            (function, Borrowed::assume_borrowed(PyTuple_GetItem(args, 0)))
        };
        native::answer(py, function, key).map(Some)
    })
}

/// `__call__`, for those who look it up: unlike a slot, a method can say what its argument is.
unsafe extern "C" fn call_method(slf: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance, as METH_O, and keeps the key alive.
    unsafe { native::call(of_instance(slf), key) }
}

/// `tp_repr`: what makes another like it.
unsafe extern "C" fn repr(slf: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this on an instance.
        let function = unsafe { of_instance(slf) };
        let (name, seed) = (type_name(function).to_str().unwrap_or_default(), seed_of(function));
        let (text, length) = text(format_args!("hashtable.{name}(seed={seed:#x})"));
        api::string(py, &text[..length]).map(Some)
    })
}

/// `tp_richcompare`: two are equal if they hash the same.
unsafe extern "C" fn rich_compare(slf: *mut PyObject, other: *mut PyObject, how: c_int) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this on an instance, and keeps both alive.
        let (ours, theirs) = unsafe { (of_instance(slf), function_of(Borrowed::assume_borrowed(other))) };
        Ok(Some(match (how, theirs) {
            (Py_EQ, Some(theirs)) => api::bool(py, ours == theirs),
            (Py_NE, Some(theirs)) => api::bool(py, ours != theirs),
            _ => api::not_implemented(py),
        }))
    })
}

/// `tp_hash`: that of the seed.
unsafe extern "C" fn hash(slf: *mut PyObject) -> Py_hash_t {
    // SAFETY: the interpreter calls this on an instance.
    let seed = seed_of(unsafe { of_instance(slf) });
    let hash = Function::Xxh3(0).hash(Key::Bytes(&seed.to_le_bytes())).unwrap_or_default();
    // -1 is no hash: it would say that an exception is set.
    (if hash == -1 { -2 } else { hash }) as Py_hash_t
}

/// `__reduce__()`: its class, and its seed. For pickle and copy.
unsafe extern "C" fn reduce(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this on an instance, which keeps its type alive.
        let (class, function) = unsafe { (Borrowed::assume_borrowed(Py_TYPE(slf).cast()), of_instance(slf)) };
        let seed = int(py, seed_of(function))?;
        let class = class.to_owned(py);
        let arguments = api::tuple(py, [seed])?;
        api::tuple(py, [class, arguments]).map(Some)
    })
}

unsafe extern "C" fn seed(slf: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    // SAFETY: the descriptor checks that `slf` is an instance.
    boundary::object(|py| int(py, seed_of(unsafe { of_instance(slf) })).map(Some))
}

/// The name of a function's type: with seed 0, XXH3 is also a function of the module, and called otherwise.
fn type_name(function: Function) -> &'static std::ffi::CStr {
    if matches!(function, Function::Xxh3(_)) { c"XXH3" } else { native::name(function) }
}

static METHODS: Static<[PyMethodDef; 3]> = Static::new([
    PyMethodDef {
        ml_name: c"__call__".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunction: call_method },
        // In the place of the wrapper that the interpreter makes for the slot.
        ml_flags: METH_O | METH_COEXIST,
        ml_doc: c"__call__($self, key, /)\n--\n\nThe hash of a key: an int of 64 bits.".as_ptr(),
    },
    PyMethodDef {
        ml_name: c"__reduce__".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunction: reduce },
        ml_flags: METH_NOARGS,
        ml_doc: c"__reduce__($self, /)\n--\n\nHelp pickle and copy.".as_ptr(),
    },
    PyMethodDef::zeroed(),
]);

static ATTRIBUTES: Static<[PyGetSetDef; 2]> = Static::new([
    PyGetSetDef {
        name: c"seed".as_ptr(),
        get: Some(seed),
        set: None,
        doc: c"The seed, an int.".as_ptr(),
        closure: null_mut(),
    },
    // SAFETY: all fields are pointers or optional functions, and a row of zeroes ends the table.
    unsafe { zeroed() },
]);

/// `SipHash`.
pub(super) static SIP_HASH_TYPE: StaticType = StaticType::new(sip_hash_type(), sip_hash_type);

const fn sip_hash_type() -> PyTypeObject {
    PyTypeObject {
        tp_name: c"hashtable.SipHash".as_ptr(),
        tp_doc: c"SipHash(seed=None)
--

SipHash-1-3, to be called with a key: of the UTF-8 of a str, of bytes, of the 8
bytes of a float or an int. A wider int has as many as it needs.

seed  an int of up to 128 bits; None: of the system's randomness.

Good at keys that others choose: who does not know the seed cannot make any
collide. Bad at nothing, but there are faster ones."
            .as_ptr(),
        ..seeded_type()
    }
}

/// `XXH3`.
pub(super) static XXH3_TYPE: StaticType = StaticType::new(xxh3_type(), xxh3_type);

const fn xxh3_type() -> PyTypeObject {
    PyTypeObject {
        tp_name: c"hashtable.XXH3".as_ptr(),
        tp_doc: c"XXH3(seed=None)
--

XXH3 of 64 bits, to be called with a key: of the UTF-8 of a str, of bytes, of the
8 bytes of a float or an int. A wider int has as many as it needs.

seed  an int of up to 64 bits; None: of the system's randomness.

Good at keys of every kind and length. Bad against an attacker, who can make keys
collide whatever the seed. With seed 0 it is xxh3_hash."
            .as_ptr(),
        ..seeded_type()
    }
}

/// What both have in common. `PyType_Ready` fills in the rest from `object`.
const fn seeded_type() -> PyTypeObject {
    PyTypeObject {
        ob_base: PyVarObject { ob_base: PyObject_HEAD_INIT, ob_size: 0 },
        tp_basicsize: size_of::<SeededObject>() as Py_ssize_t,
        // No subclasses: an instance is what its type says, and nothing of Python's is in between.
        tp_flags: flags(Py_TPFLAGS_DEFAULT),
        tp_new: Some(new),
        tp_dealloc: Some(dealloc),
        tp_call: Some(call),
        tp_repr: Some(repr),
        tp_richcompare: Some(rich_compare),
        tp_hash: Some(hash),
        tp_methods: METHODS.as_ptr().cast(),
        tp_getset: ATTRIBUTES.as_ptr().cast(),
        // SAFETY: all of them are numbers, pointers or optional functions, for which zero means "none".
        ..unsafe { zeroed() }
    }
}

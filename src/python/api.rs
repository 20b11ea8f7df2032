//! Calls into the interpreter, each with the word for what it returns: a *new* reference, a *borrowed* one, or
//! none. What steals a reference takes an [`Owned`] by value.
//!
//! Those that can run Python code take the token by `&mut`; a garbage collection is Python code.

use super::errors::{Raised, Result};
use super::layouts::Int;
use super::refs::{Borrowed, Owned, Python};
use pyo3_ffi::{
    Py_EQ, Py_False, Py_None, Py_NotImplemented, Py_TYPE, Py_True, Py_ssize_t, PyErr_CheckSignals,
    PyErr_Clear, PyErr_ExceptionMatches, PyErr_Occurred, PyExc_AttributeError, PyFloat_AsDouble,
    PyFloat_FromDouble, PyImport_ImportModule, PyIter_Next, PyList_New, PyList_SetItem,
    PyLong_AsLongLongAndOverflow, PyLong_FromSize_t, PyNumber_Index, PyObject, PyObject_CallFunctionObjArgs,
    PyObject_CallOneArg, PyObject_GC_IsTracked, PyObject_GC_Track, PyObject_GetAttrString, PyObject_GetItem,
    PyObject_GetIter, PyObject_Hash, PyObject_IsInstance, PyObject_RichCompareBool, PySequence_Contains,
    PySequence_Fast, PyTuple_GET_ITEM, PyTuple_New, PyTuple_SET_ITEM, PyTuple_SetItem, PyType_IS_GC,
    PyUnicode_FromStringAndSize,
};
use std::ffi::{CStr, c_int};
use std::ptr::null_mut;

/// A new reference to `None`.
#[inline]
#[cfg_attr(feature = "lab", track_caller)]
pub(super) fn none(py: &Python) -> Owned {
    // SAFETY: `None` is alive as long as the interpreter is.
    unsafe { Borrowed::assume_borrowed(Py_None()) }.to_owned(py)
}

/// A new reference to `NotImplemented`.
#[cfg_attr(feature = "lab", track_caller)]
pub(super) fn not_implemented(py: &Python) -> Owned {
    // SAFETY: as in `none`.
    unsafe { Borrowed::assume_borrowed(Py_NotImplemented()) }.to_owned(py)
}

/// A new reference to `True` or `False`.
#[cfg_attr(feature = "lab", track_caller)]
pub(super) fn bool(py: &Python, truth: bool) -> Owned {
    // SAFETY: as in `none`.
    unsafe { Borrowed::assume_borrowed(if truth { Py_True() } else { Py_False() }) }.to_owned(py)
}

/// A new `int`.
pub(super) fn int(_: &Python, number: usize) -> Result<Owned> {
    // SAFETY: returns a new reference or raises. An int is not known to the garbage collector: no Python code.
    unsafe { Owned::assume_new(PyLong_FromSize_t(number)) }
}

/// A new `float`.
pub(super) fn float(_: &Python, number: f64) -> Result<Owned> {
    // SAFETY: as in `int`.
    unsafe { Owned::assume_new(PyFloat_FromDouble(number)) }
}

/// A new `str`, copied from UTF-8.
pub(super) fn string(_: &Python, text: &[u8]) -> Result<Owned> {
    // SAFETY: as in `int`; the text is `len` bytes, and no slice is longer than `Py_ssize_t` can say.
    unsafe { Owned::assume_new(PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as Py_ssize_t)) }
}

/// A new `tuple`, which takes over (steals) its items.
pub(super) fn tuple<const N: usize>(_: &mut Python, items: [Owned; N]) -> Result<Owned> {
    // SAFETY: returns a new reference or raises. Setting an item steals its reference, and cannot fail on a new
    // tuple within its length.
    unsafe {
        let tuple = Owned::assume_new(PyTuple_New(N as Py_ssize_t))?;
        for (index, item) in items.into_iter().enumerate() {
            PyTuple_SetItem(tuple.as_ptr(), index as Py_ssize_t, item.into_stolen());
        }
        Ok(tuple)
    }
}

/// A pair that is there and still empty: made first, so that what it is for cannot fail after.
pub(super) struct Pair(Owned);

/// Room for a pair.
pub(super) fn pair_to_fill(_: &mut Python) -> Result<Pair> {
    // SAFETY: returns a new reference or raises.
    unsafe { Owned::assume_new(PyTuple_New(2)).map(Pair) }
}

impl Pair {
    /// The pair of two objects, which it takes over (steals).
    pub(super) fn fill(self, first: Owned, second: Owned) -> Owned {
        // SAFETY: nobody else has a reference to this tuple of two, whose items are NULL: it takes them without fail.
        unsafe {
            PyTuple_SET_ITEM(self.0.as_ptr(), 0, first.into_stolen());
            PyTuple_SET_ITEM(self.0.as_ptr(), 1, second.into_stolen());
        }
        self.0
    }
}

/// Puts two other objects into a pair, which takes them over (steals), and hands out those that were in it. Runs no
/// Python code, but the end of the latter may.
///
/// # Safety
///
/// 1. `pair` was [filled](Pair::fill), and nobody but the caller has a reference to it.
#[inline]
pub(super) unsafe fn refill(_: &Python, pair: Borrowed<'_>, items: [Owned; 2]) -> [Owned; 2] {
    let pair = pair.as_ptr();
    // SAFETY: the objects are alive, and so are their types.
    let of_interest = items.iter().any(|item| unsafe { PyType_IS_GC(Py_TYPE(item.as_ptr())) } != 0);
    // SAFETY: by 1 the tuple may be written; what is in it is its own, and ours from here on. A tuple may keep its
    // hash, and the collector stops tracking one that it finds to hold nothing of interest: both are undone.
    unsafe {
        let before = [0, 1].map(|index| {
            Owned::assume_handed(Borrowed::assume_borrowed(PyTuple_GET_ITEM(pair, index)).as_non_null())
        });
        let [first, second] = items;
        PyTuple_SET_ITEM(pair, 0, first.into_stolen());
        PyTuple_SET_ITEM(pair, 1, second.into_stolen());
        #[cfg(Py_3_14)]
        {
            (*pair.cast::<pyo3_ffi::PyTupleObject>()).ob_hash = -1;
        }
        if of_interest && PyObject_GC_IsTracked(pair) == 0 {
            PyObject_GC_Track(pair.cast());
        }
        before
    }
}

/// A new `list`, which takes over (steals) its items.
pub(super) fn list(_: &mut Python, items: Vec<Owned>) -> Result<Owned> {
    // SAFETY: as in `tuple`.
    unsafe {
        let list = Owned::assume_new(PyList_New(items.len() as Py_ssize_t))?;
        for (index, item) in items.into_iter().enumerate() {
            PyList_SetItem(list.as_ptr(), index as Py_ssize_t, item.into_stolen());
        }
        Ok(list)
    }
}

/// The builtin `hash(object)`.
#[inline]
pub(super) fn hash(_: &mut Python, object: Borrowed<'_>) -> Result<i64> {
    // SAFETY: the caller's reference keeps the object alive. -1 is no hash: it says that an exception is set.
    match unsafe { PyObject_Hash(object.as_ptr()) } {
        -1 => Err(Raised),
        hash => Ok(hash as i64),
    }
}

/// `callable(argument)`: a new reference.
#[inline]
pub(super) fn call(_: &mut Python, callable: Borrowed<'_>, argument: Borrowed<'_>) -> Result<Owned> {
    // SAFETY: both are kept alive by their owners during the call. No argument tuple is made.
    unsafe { Owned::assume_new(PyObject_CallOneArg(callable.as_ptr(), argument.as_ptr())) }
}

/// `callable()`: a new reference.
pub(super) fn call_with_none(_: &mut Python, callable: Borrowed<'_>) -> Result<Owned> {
    // SAFETY: the caller's reference keeps it alive; NULL ends the arguments.
    unsafe { Owned::assume_new(PyObject_CallFunctionObjArgs(callable.as_ptr(), null_mut::<PyObject>())) }
}

/// `callable(first, second)`: a new reference.
pub(super) fn call_with_two(
    _: &mut Python,
    callable: Borrowed<'_>,
    first: Borrowed<'_>,
    second: Borrowed<'_>,
) -> Result<Owned> {
    // SAFETY: all are kept alive by their owners during the call; NULL ends the arguments.
    unsafe {
        Owned::assume_new(PyObject_CallFunctionObjArgs(
            callable.as_ptr(),
            first.as_ptr(),
            second.as_ptr(),
            null_mut::<PyObject>(),
        ))
    }
}

/// `operator.index(object)`: a new reference to an `int`.
pub(super) fn index(_: &mut Python, object: Borrowed<'_>) -> Result<Owned> {
    // SAFETY: the caller's reference keeps the object alive.
    unsafe { Owned::assume_new(PyNumber_Index(object.as_ptr())) }
}

/// `float(object)`, for what is no string.
#[expect(clippy::float_cmp, reason = "-1.0 is how the C API says that there may be an exception")]
pub(super) fn float_value(_: &mut Python, object: Borrowed<'_>) -> Result<f64> {
    // SAFETY: the caller's reference keeps the object alive.
    unsafe {
        let value = PyFloat_AsDouble(object.as_ptr());
        if value == -1.0 && !PyErr_Occurred().is_null() { Err(Raised) } else { Ok(value) }
    }
}

/// `left == right`, as a truth value; an object is equal to itself.
#[inline]
pub(super) fn equal(_: &mut Python, left: Borrowed<'_>, right: Borrowed<'_>) -> Result<bool> {
    // SAFETY: both are kept alive by their owners during the call.
    truth(unsafe { PyObject_RichCompareBool(left.as_ptr(), right.as_ptr(), Py_EQ) })
}

/// `isinstance(object, class)`.
pub(super) fn is_instance(_: &mut Python, object: Borrowed<'_>, class: Borrowed<'_>) -> Result<bool> {
    // SAFETY: as in `equal`.
    truth(unsafe { PyObject_IsInstance(object.as_ptr(), class.as_ptr()) })
}

/// What a call says that returns 1, 0 or -1.
pub(super) fn truth(answer: c_int) -> Result<bool> {
    if answer < 0 { Err(Raised) } else { Ok(answer != 0) }
}

/// What a call says that returns 0 or -1.
pub(super) fn succeeded(status: c_int) -> Result<()> {
    if status < 0 { Err(Raised) } else { Ok(()) }
}

/// What a call says that returns a length, or -1.
pub(super) fn length(length: Py_ssize_t) -> Result<usize> {
    usize::try_from(length).map_err(|_| Raised)
}

/// `object[key]`: a new reference.
pub(super) fn item(_: &mut Python, object: Borrowed<'_>, key: Borrowed<'_>) -> Result<Owned> {
    // SAFETY: both are kept alive by their owners during the call.
    unsafe { Owned::assume_new(PyObject_GetItem(object.as_ptr(), key.as_ptr())) }
}

/// `object.name`: a new reference.
pub(super) fn attribute(_: &mut Python, object: Borrowed<'_>, name: &CStr) -> Result<Owned> {
    // SAFETY: the caller's reference keeps the object alive.
    unsafe { Owned::assume_new(PyObject_GetAttrString(object.as_ptr(), name.as_ptr())) }
}

/// `object.name`, if there is one: a new reference.
pub(super) fn optional_attribute(
    py: &mut Python,
    object: Borrowed<'_>,
    name: &CStr,
) -> Result<Option<Owned>> {
    match attribute(py, object, name) {
        Ok(value) => Ok(Some(value)),
        // SAFETY: the thread is attached, and an exception is set.
        Err(Raised) => unsafe {
            if PyErr_ExceptionMatches(PyExc_AttributeError) == 0 {
                return Err(Raised);
            }
            PyErr_Clear();
            Ok(None)
        },
    }
}

/// The method that the interpreter would call for `object` by this special name, bound to it, if there is one: a new
/// reference. It is looked for in the classes alone, not in the object nor in the class of its class.
pub(super) fn special_method(py: &mut Python, object: Borrowed<'_>, name: &CStr) -> Result<Option<Owned>> {
    // SAFETY: the object keeps its type alive, and we keep it from here on.
    let class = unsafe { Borrowed::assume_borrowed(Py_TYPE(object.as_ptr()).cast()) }.to_owned(py);
    let classes = attribute(py, class.as_borrowed(), c"__mro__")?;
    let classes = iter(py, classes.as_borrowed())?;
    let key = string(py, name.to_bytes())?;
    while let Some(base) = next(py, &classes)? {
        let namespace = attribute(py, base.as_borrowed(), c"__dict__")?;
        // SAFETY: both are ours during the call.
        if !truth(unsafe { PySequence_Contains(namespace.as_ptr(), key.as_ptr()) })? {
            continue;
        }
        let method = item(py, namespace.as_borrowed(), key.as_borrowed())?;
        // SAFETY: all are kept alive during the call, which returns a new reference or raises.
        return unsafe {
            match (*Py_TYPE(method.as_ptr())).tp_descr_get {
                Some(bind) => {
                    Owned::assume_new(bind(method.as_ptr(), object.as_ptr(), class.as_ptr())).map(Some)
                }
                None => Ok(Some(method)),
            }
        };
    }
    Ok(None)
}

/// `object.name(argument)`: a new reference.
pub(super) fn call_method(
    py: &mut Python,
    object: Borrowed<'_>,
    name: &CStr,
    argument: Borrowed<'_>,
) -> Result<Owned> {
    let method = attribute(py, object, name)?;
    call(py, method.as_borrowed(), argument)
}

/// `from module import name`: a new reference.
pub(super) fn import(py: &mut Python, module: &CStr, name: &CStr) -> Result<Owned> {
    // SAFETY: returns a new reference or raises.
    let module = unsafe { Owned::assume_new(PyImport_ImportModule(module.as_ptr())) }?;
    attribute(py, module.as_borrowed(), name)
}

/// `iter(object)`: a new reference.
pub(super) fn iter(_: &mut Python, object: Borrowed<'_>) -> Result<Owned> {
    // SAFETY: the caller's reference keeps the object alive.
    unsafe { Owned::assume_new(PyObject_GetIter(object.as_ptr())) }
}

/// A list or a tuple of what `object` holds, which may be `object` itself: a new reference.
pub(super) fn sequence(_: &mut Python, object: Borrowed<'_>) -> Result<Owned> {
    // SAFETY: the caller's reference keeps the object alive; the text is for a TypeError.
    unsafe { Owned::assume_new(PySequence_Fast(object.as_ptr(), c"not iterable".as_ptr())) }
}

/// `next(iterator)`: a new reference; `None` at its end.
pub(super) fn next(_: &mut Python, iterator: &Owned) -> Result<Option<Owned>> {
    // SAFETY: it is an iterator: `iter` has returned it. NULL is the end, unless an exception is set.
    unsafe {
        let item = PyIter_Next(iterator.as_ptr());
        if item.is_null() && PyErr_Occurred().is_null() {
            return Ok(None);
        }
        Owned::assume_new(item).map(Some)
    }
}

/// Lets Ctrl-C come through in a loop that may run no Python code of its own.
#[derive(Default)]
pub(super) struct Turns(usize);

impl Turns {
    const BETWEEN_CHECKS: usize = 1 << 14;

    /// To be called at each turn of the loop.
    #[inline]
    pub(super) fn next(&mut self, _: &mut Python) -> Result<()> {
        self.0 += 1;
        if self.0.is_multiple_of(Self::BETWEEN_CHECKS) {
            // SAFETY: the thread is attached.
            return succeeded(unsafe { PyErr_CheckSignals() });
        }
        Ok(())
    }
}

/// What an `int` is worth, as far as 64 bits go.
pub(super) enum Wide {
    Fits(i64),
    TooLow,
    TooHigh,
}

/// The value of an `int`, or of an instance of a subclass.
///
/// # Safety
///
/// `object` is an instance of `int`.
#[inline]
pub(super) unsafe fn int_value(_: &Python, object: *mut PyObject) -> Wide {
    // SAFETY: it is an int, which the caller keeps alive.
    if let Some(value) = unsafe { Int::read(object) }.value() {
        return Wide::Fits(value);
    }
    let mut overflow: c_int = 0;
    // SAFETY: on an int the call reads its digits: it runs no Python code and raises nothing.
    let value = unsafe { PyLong_AsLongLongAndOverflow(object, &raw mut overflow) };
    // SAFETY: the thread is attached.
    debug_assert!(value != -1 || overflow != 0 || unsafe { PyErr_Occurred() }.is_null());
    match overflow {
        0 => Wide::Fits(value),
        1.. => Wide::TooHigh,
        _ => Wide::TooLow,
    }
}

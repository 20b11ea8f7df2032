//! Kinds of keys, and when two keys are equal (T5).

use super::api::{Wide, int_value};
use super::object::Item;
use super::refs::{Borrowed, Python};
use crate::table::Judgement;
use pyo3_ffi::{
    PyBool_Check, PyFloat_AS_DOUBLE, PyFloat_Check, PyFloat_CheckExact, PyLong_Check, PyLong_CheckExact,
    PyObject, PyUnicode_Check, PyUnicode_CheckExact, PyUnicode_Compare,
};

/// The kind of a key. Keys of different kinds are different keys, even where Python says `1 == 1.0`.
///
/// An instance of a subclass has the kind of its base: `True` is the int 1, and an `IntEnum` member its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Int,
    Float,
    String,
    /// Any other object that the hash function accepts.
    Other,
}

impl Kind {
    #[inline]
    fn of(object: Borrowed<'_>) -> Self {
        let object = object.as_ptr();
        // SAFETY: the object is alive; the checks read its type.
        unsafe {
            if PyUnicode_Check(object) != 0 {
                Self::String
            } else if PyLong_Check(object) != 0 {
                Self::Int
            } else if PyFloat_Check(object) != 0 {
                Self::Float
            } else {
                Self::Other
            }
        }
    }
}

/// A key that is looked for: the object, which the caller of the operation keeps alive, and its hash.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) object: Borrowed<'a>,
    pub(super) hash: i64,
    pub(super) kind: Kind,
}

impl<'a> Key<'a> {
    #[inline]
    pub(super) fn new(object: Borrowed<'a>, hash: i64) -> Self {
        Self { object, hash, kind: Kind::of(object) }
    }

    /// Whether `item`, which has the same hash, holds this key, as far as that can be told without running
    /// Python code.
    #[inline]
    pub(super) fn judge(&self, py: &Python, item: &Item) -> Judgement {
        let (ours, theirs) = (self.object.as_ptr(), item.key.as_ptr());
        // Identity comes first, as in a dict: so a NaN that is a key is found by itself.
        if ours == theirs {
            return Judgement::Same;
        }
        if self.kind != item.kind {
            return Judgement::Different;
        }
        // SAFETY: both objects are alive, one by the caller's reference and one by the item's, and both are of
        // the kind that is matched.
        let same = unsafe {
            match self.kind {
                Kind::String => same_strings(ours, theirs),
                Kind::Int => same_ints(py, ours, theirs),
                Kind::Float => same_floats(ours, theirs),
                Kind::Other => None,
            }
        };
        match same {
            Some(true) => Judgement::Same,
            Some(false) => Judgement::Different,
            None => Judgement::Unsure,
        }
    }
}

/// Whether two strings are equal; `None` if a subclass may think otherwise.
///
/// # Safety
///
/// Both are live instances of `str`.
#[inline]
unsafe fn same_strings(a: *mut PyObject, b: *mut PyObject) -> Option<bool> {
    // SAFETY: they are alive. Comparing two of exactly this type runs no Python code, and on the one failure that
    // there is (no memory to make an old-style string ready, before 3.12) an exception is set and the answer is
    // "less": that string cannot have been hashed, so its hash came from a hash function of the user's.
    unsafe {
        (PyUnicode_CheckExact(a) != 0 && PyUnicode_CheckExact(b) != 0).then(|| PyUnicode_Compare(a, b) == 0)
    }
}

/// Whether two ints are equal; `None` if a subclass may think otherwise, or if one is wider than 64 bits.
///
/// # Safety
///
/// Both are live instances of `int`.
#[inline]
unsafe fn same_ints(py: &Python, a: *mut PyObject, b: *mut PyObject) -> Option<bool> {
    // SAFETY: they are alive, and ints.
    unsafe {
        if !(is_plain_int(a) && is_plain_int(b)) {
            return None;
        }
        match (int_value(py, a), int_value(py, b)) {
            (Wide::Fits(a), Wide::Fits(b)) => Some(a == b),
            (Wide::Fits(_), _) | (_, Wide::Fits(_)) => Some(false),
            _ => None,
        }
    }
}

/// Whether an int has the equality of `int`: it is one, or a bool.
///
/// # Safety
///
/// The object is alive.
#[inline]
unsafe fn is_plain_int(object: *mut PyObject) -> bool {
    // SAFETY: the checks read the type of a live object.
    unsafe { PyLong_CheckExact(object) != 0 || PyBool_Check(object) != 0 }
}

/// Whether two floats are equal; `None` if a subclass may think otherwise.
///
/// # Safety
///
/// Both are live instances of `float`.
#[inline]
#[expect(clippy::float_cmp, reason = "a key is equal or it is not")]
unsafe fn same_floats(a: *mut PyObject, b: *mut PyObject) -> Option<bool> {
    // SAFETY: they are alive, and floats.
    unsafe {
        (PyFloat_CheckExact(a) != 0 && PyFloat_CheckExact(b) != 0)
            .then(|| PyFloat_AS_DOUBLE(a) == PyFloat_AS_DOUBLE(b))
    }
}

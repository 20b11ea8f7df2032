//! Kinds of keys, and when two keys are equal (T5).

use super::api;
use super::errors::Result;
use super::layouts::{Int, kept_hash, no_error, same_text};
use super::object::Item;
use super::refs::{Borrowed, Python};
use crate::table::Judgement;
use pyo3_ffi::{
    PyBool_Check, PyFloat_AS_DOUBLE, PyFloat_Check, PyFloat_CheckExact, PyLong_Check, PyLong_CheckExact,
    PyObject, PyUnicode_Check, PyUnicode_CheckExact,
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

/// What it takes to tell whether a key equals another of its kind with the same hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Equality {
    /// Nothing more: it is an int that is its own hash. Then the other one need not even be looked at, which in a
    /// large table is a cache miss less.
    Hash,
    /// A look at both: they are plain strings, ints or floats.
    Value,
    /// Their `__eq__`, which may be Python code.
    Asking,
}

/// What is known of a key without looking at it: its kind, how it is compared, and its mark, in one number, which
/// is kept in each entry at no cost in space. Plain keys that are equal have the same.
///
/// The mark is a few bits of the key itself, where the hash is a function of the user's: if that sends many keys to
/// one hash, a search still touches only those that are likely to be the one. It is 0 where the hash is the builtin
/// one, which tells keys apart as well, and for what is not plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub(super) struct Nature(u32);

/// A key that is looked for: the object, which the caller of the operation keeps alive, and its hash.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) object: Borrowed<'a>,
    pub(super) hash: i64,
    pub(super) nature: Nature,
}

impl<'a> Key<'a> {
    /// The key `object` with its builtin hash, if all that is needed for it lies in the object: for a plain string
    /// that was hashed before, and a plain int of up to 64 bits.
    #[inline(always)]
    pub(super) fn at_once(object: Borrowed<'a>) -> Option<Self> {
        let pointer = object.as_ptr();
        // SAFETY: the object is alive, and read as what it is found to be.
        let (hash, kind, equality) = unsafe {
            if PyUnicode_CheckExact(pointer) != 0 {
                (kept_hash(pointer)?, Kind::String, Equality::Value)
            } else if PyLong_CheckExact(pointer) != 0 {
                let int = Int::read(pointer);
                match int.value() {
                    Some(value) => (no_error(value), Kind::Int, Equality::of_value(value)),
                    None => (int.wide_hash()?, Kind::Int, Equality::Value),
                }
            } else {
                return None;
            }
        };
        Some(Self { object, hash, nature: Nature::new(kind, equality) })
    }

    /// A key whose hash is the builtin one.
    pub(super) fn hashed_by_builtin(object: Borrowed<'a>, hash: i64) -> Self {
        Self { object, hash, nature: Nature::of(object) }
    }

    /// A key whose hash came from a function of the user's. Runs no Python code, and fails only for want of memory.
    pub(super) fn hashed_by_function(py: &mut Python, object: Borrowed<'a>, hash: i64) -> Result<Self> {
        let mut nature = Nature::of(object);
        if nature.equality() != Equality::Asking {
            nature = Nature::marked(nature.kind(), mark(py, object, nature.kind())?);
        }
        Ok(Self { object, hash, nature })
    }

    /// Whether `item`, which has the same hash, holds this key beyond doubt: the same object, or an int that is its
    /// own hash.
    #[inline(always)]
    pub(super) fn is_surely(&self, item: &Item) -> bool {
        self.object.as_ptr() == item.key.as_ptr()
            || self.nature == item.nature && self.nature.equality() == Equality::Hash
    }

    /// Whether `item`, which has the same hash, holds this key, as far as that can be told without running
    /// Python code.
    #[inline(always)]
    pub(super) fn judge(&self, _: &Python, item: &Item) -> Judgement {
        // What is the same object is of the same nature: so in a long chain most are turned away by one comparison.
        if self.nature != item.nature {
            let asks = self.nature.asks() || item.nature.asks();
            let unsure = asks && self.nature.kind() == item.nature.kind();
            return if unsure { Judgement::Unsure } else { Judgement::Different };
        }
        // Identity comes before equality, as in a dict: so a NaN that is a key is found by itself.
        if self.is_surely(item) {
            return Judgement::Same;
        }
        if self.nature.asks() {
            return Judgement::Unsure;
        }
        self.same_value(item)
    }

    /// Whether `item`, which is of the same plain nature, holds this key: a look at both.
    #[inline(never)]
    fn same_value(&self, item: &Item) -> Judgement {
        let (ours, theirs) = (self.object.as_ptr(), item.key.as_ptr());
        // SAFETY: both objects are alive, one by the caller's reference and one by the item's, and both are plain
        // ones of the kind that is matched.
        let same = unsafe {
            match self.nature.kind() {
                Kind::String => same_text(ours, theirs),
                Kind::Int => Int::read(ours) == Int::read(theirs),
                Kind::Float => same_floats(ours, theirs),
                Kind::Other => return Judgement::Unsure,
            }
        };
        if same { Judgement::Same } else { Judgement::Different }
    }
}

impl Equality {
    /// That of a plain int, where hashes are the builtin ones.
    fn of_int(int: Int<'_>) -> Self {
        int.value().map_or(Self::Value, Self::of_value)
    }

    /// That of a plain int of this value, which is its hash too. -2 is not, since it is the hash of -1 as well.
    #[inline(always)]
    fn of_value(value: i64) -> Self {
        if matches!(value, -1 | -2) { Self::Value } else { Self::Hash }
    }
}

impl Nature {
    #[inline(always)]
    const fn new(kind: Kind, equality: Equality) -> Self {
        Self(kind as u32 | (equality as u32) << 8)
    }

    const fn marked(kind: Kind, mark: u16) -> Self {
        Self(Self::new(kind, Equality::Value).0 | (mark as u32) << 16)
    }

    #[inline(always)]
    fn kind(self) -> Kind {
        match self.0 & 0xff {
            0 => Kind::Int,
            1 => Kind::Float,
            2 => Kind::String,
            _ => Kind::Other,
        }
    }

    /// Whether only `__eq__` can tell.
    #[inline(always)]
    fn asks(self) -> bool {
        self.0 & (Equality::Asking as u32) << 8 != 0
    }

    #[inline(always)]
    fn equality(self) -> Equality {
        match self.0 >> 8 & 0xff {
            0 => Equality::Hash,
            1 => Equality::Value,
            _ => Equality::Asking,
        }
    }

    /// That of a key whose hash is the builtin one.
    fn of(object: Borrowed<'_>) -> Self {
        let object = object.as_ptr();
        // SAFETY: the object is alive; the checks read its type, and an int is read as one.
        unsafe {
            if PyUnicode_Check(object) != 0 {
                let plain = PyUnicode_CheckExact(object) != 0;
                Self::new(Kind::String, if plain { Equality::Value } else { Equality::Asking })
            } else if PyLong_Check(object) != 0 {
                // A bool has the equality of an int.
                let plain = PyLong_CheckExact(object) != 0 || PyBool_Check(object) != 0;
                Self::new(
                    Kind::Int,
                    if plain { Equality::of_int(Int::read(object)) } else { Equality::Asking },
                )
            } else if PyFloat_Check(object) != 0 {
                let plain = PyFloat_CheckExact(object) != 0;
                Self::new(Kind::Float, if plain { Equality::Value } else { Equality::Asking })
            } else {
                Self::new(Kind::Other, Equality::Asking)
            }
        }
    }
}

/// A few bits of a plain key: equal keys have the same.
fn mark(py: &mut Python, object: Borrowed<'_>, kind: Kind) -> Result<u16> {
    /// 2^64 divided by the golden ratio: the high bits of a product with it depend on all bits of the other factor.
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let pointer = object.as_ptr();
    // SAFETY: the object is alive, and of this kind.
    let bits = unsafe {
        match kind {
            Kind::String => match kept_hash(pointer) {
                Some(hash) => hash as u64,
                // A plain string's own: it runs no Python code, and is kept.
                None => api::hash(py, object)? as u64,
            },
            Kind::Int => Int::read(pointer).fold(),
            // There is one zero.
            Kind::Float => (PyFloat_AS_DOUBLE(pointer) + 0.0).to_bits(),
            Kind::Other => 0,
        }
    };
    Ok((bits.wrapping_mul(GOLDEN) >> 48) as u16)
}

/// Whether two floats are equal.
///
/// # Safety
///
/// 1. Both are live, and of exactly the type `float`.
#[inline]
#[expect(clippy::float_cmp, reason = "a key is equal or it is not")]
unsafe fn same_floats(a: *mut PyObject, b: *mut PyObject) -> bool {
    // SAFETY: by 1.
    unsafe { PyFloat_AS_DOUBLE(a) == PyFloat_AS_DOUBLE(b) }
}

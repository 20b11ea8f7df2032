//! `ht_item`, `ht_value`, and what a value is once its type is known.

use crate::table::{Entry, Link};
use libc::{c_char, c_double, c_long, c_uint};
use std::ffi::CStr;
use std::ptr;

/// `ht_value` of the header: eight bytes that are a long, a double or a pointer. Each of the three admits any
/// bits, so that reading any field is always sound; to follow the pointer is another matter.
#[derive(Clone, Copy)]
#[repr(C)]
pub union Value {
    pub i: c_long,
    pub f: c_double,
    pub str: *mut c_char,
}

/// `ht_type` of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    Integer = 0,
    Double = 1,
    String = 2,
}

impl Kind {
    /// The kind with this number, if there is one: C may hand in any.
    #[inline]
    pub fn from_tag(tag: c_uint) -> Option<Self> {
        match tag {
            0 => Some(Self::Integer),
            1 => Some(Self::Double),
            2 => Some(Self::String),
            _ => None,
        }
    }
}

/// A value and its type in one.
#[derive(Clone, Copy, Debug)]
pub enum Datum {
    Integer(c_long),
    Double(c_double),
    /// Borrowed or owned, as the function that has it says. May be NULL.
    String(*mut c_char),
}

impl Datum {
    /// What C means by a value and a type tag; `None` if there is no such type.
    #[inline]
    pub fn new(value: Value, tag: c_uint) -> Option<Self> {
        Kind::from_tag(tag).map(|kind| Self::of_kind(value, kind))
    }

    #[inline]
    fn of_kind(value: Value, kind: Kind) -> Self {
        // SAFETY: the bytes are initialised, and each field admits any bits (see `Value`).
        unsafe {
            match kind {
                Kind::Integer => Self::Integer(value.i),
                Kind::Double => Self::Double(value.f),
                Kind::String => Self::String(value.str),
            }
        }
    }

    #[inline]
    fn kind(self) -> Kind {
        match self {
            Self::Integer(_) => Kind::Integer,
            Self::Double(_) => Kind::Double,
            Self::String(_) => Kind::String,
        }
    }

    #[inline]
    fn value(self) -> Value {
        match self {
            Self::Integer(i) => Value { i },
            Self::Double(f) => Value { f },
            Self::String(str) => Value { str },
        }
    }

    /// The pointer of a string, NULL for anything else.
    #[inline]
    pub fn string(self) -> *mut c_char {
        match self {
            Self::String(string) => string,
            Self::Integer(_) | Self::Double(_) => ptr::null_mut(),
        }
    }

    pub fn is_null_string(self) -> bool {
        matches!(self, Self::String(string) if string.is_null())
    }

    /// Whether both are of one type and equal (T5): a NaN equals a NaN, and NULL only NULL.
    ///
    /// # Safety
    ///
    /// 1. A string, on either side, is NULL or ends in a NUL.
    #[inline]
    #[allow(clippy::float_cmp, reason = "keys are equal or they are not")]
    pub unsafe fn equals(self, other: Self) -> bool {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Double(a), Self::Double(b)) => a == b || a.is_nan() && b.is_nan(),
            (Self::String(a), Self::String(b)) if a.is_null() || b.is_null() => a == b,
            // SAFETY: by 1, since neither is NULL.
            (Self::String(a), Self::String(b)) => a == b || unsafe { libc::strcmp(a, b) } == 0,
            _ => false,
        }
    }
}

/// The bytes of a C string without its NUL; `None` for NULL.
///
/// # Safety
///
/// 1. The string is NULL or ends in a NUL, and stays as it is for as long as the bytes are looked at.
#[inline]
pub unsafe fn bytes<'a>(string: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: by 1, since it is not NULL.
    (!string.is_null()).then(|| unsafe { CStr::from_ptr(string) }.to_bytes())
}

/// Who has an item. Zeroed memory reads as vacant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum State {
    /// Nobody: a free slot.
    Vacant = 0,
    /// The table.
    Held = 1,
    /// The caller, who removed it and has not freed it.
    Out = 2,
}

/// `ht_item` of the header: one entry, 32 bytes.
///
/// C can read all of it, and may write the value; so types and state are kept as the bare numbers that C
/// sees.
#[repr(C)]
pub struct Item {
    pub(super) hash: c_long,
    pub(super) key: Value,
    pub(super) value: Value,
    /// The next of the chain; for an item that is out or vacant, what `chunks` needs.
    pub(super) link: Link,
    pub(super) key_type: u8,
    pub(super) value_type: u8,
    pub(super) state: u16,
}

impl Item {
    /// An item for the table to hold. It owns its strings, if it has any, as malloc'ed.
    #[inline]
    pub fn new(hash: c_long, key: Datum, value: Datum) -> Self {
        Self {
            hash,
            key: key.value(),
            value: value.value(),
            link: Link::END,
            key_type: key.kind() as u8,
            value_type: value.kind() as u8,
            state: State::Held as u16,
        }
    }

    #[inline]
    pub fn key(&self) -> Datum {
        Self::datum(self.key, self.key_type)
    }

    #[inline]
    pub fn value(&self) -> Datum {
        Self::datum(self.value, self.value_type)
    }

    /// A number that is no type can only come from a program that wrote over it; an integer is the reading
    /// that follows no pointer.
    #[inline]
    fn datum(value: Value, tag: u8) -> Datum {
        Datum::of_kind(value, Kind::from_tag(tag.into()).unwrap_or(Kind::Integer))
    }

    #[inline]
    pub fn is(&self, state: State) -> bool {
        self.state == state as u16
    }

    /// Takes over a new key, equal to its own, and a new value, and frees the strings that this leaves
    /// without use: the caller may have handed back the very ones that the item holds.
    ///
    /// # Safety
    ///
    /// 1. The item's own strings and the new ones are NULL or malloc'ed, and the item comes to own them.
    pub unsafe fn replace(&mut self, key: Datum, value: Datum) {
        let old = [self.key().string(), self.value().string()];
        self.key = key.value();
        self.value = value.value();
        self.value_type = value.kind() as u8;
        let kept = [key.string(), value.string()];
        // SAFETY: by 1 they were the item's, and nothing that it holds now is among them.
        unsafe { free_each(old, kept) };
    }

    /// Frees the strings that the item owns, and leaves it without any.
    ///
    /// # Safety
    ///
    /// 1. The item's strings are NULL or malloc'ed, and its own.
    pub unsafe fn free_strings(&mut self) {
        let old = [self.key().string(), self.value().string()];
        self.key = Value { i: 0 };
        self.value = Value { i: 0 };
        // SAFETY: by 1, and the item has just forgotten them.
        unsafe { free_each(old, [ptr::null_mut(); 2]) };
    }
}

/// Frees the strings in `old` that are not in `kept`, once each: one string may be both the key and the
/// value.
///
/// # Safety
///
/// 1. Each of `old` is NULL or malloc'ed, and nobody uses those that are not in `kept`.
#[inline]
unsafe fn free_each(old: [*mut c_char; 2], kept: [*mut c_char; 2]) {
    let [key, value] = old;
    if !key.is_null() && !kept.contains(&key) {
        // SAFETY: by 1.
        unsafe { libc::free(key.cast()) };
    }
    if !value.is_null() && value != key && !kept.contains(&value) {
        // SAFETY: by 1, and it is not the one that was freed above.
        unsafe { libc::free(value.cast()) };
    }
}

impl Entry for Item {
    #[inline]
    fn hash(&self) -> i64 {
        self.hash
    }

    #[inline]
    fn next(&self) -> Link {
        self.link
    }

    #[inline]
    fn set_next(&mut self, next: Link) {
        self.link = next;
    }
}

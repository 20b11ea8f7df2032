//! The hashes that a table can have as its own: one of [`hashes`](crate::hashes), or the caller's.

use super::item::{Datum, Value};
use super::sought::Integer;
use crate::hashes::{self, Function, Key};
use libc::{c_long, c_uint, c_void};

/// `ht_hash_function` of the header.
pub type Callback = unsafe extern "C" fn(Value, c_uint, *mut c_void) -> c_long;

/// A table's own hash.
#[derive(Clone, Copy)]
pub enum Hashing {
    Native(Function),
    /// The caller's, with the context to call it with.
    Callback(Callback, *mut c_void),
}

impl Hashing {
    /// Whether strings and bytes can be hashed: some hashes are for numbers, and pointers, alone.
    #[inline]
    pub fn takes_text(self) -> bool {
        !matches!(self, Self::Native(Function::Identity | Function::Fibonacci))
    }

    /// The hash of `key`, or 0 if it [cannot be hashed](Self::takes_text).
    ///
    /// # Safety
    ///
    /// 1. A string or bytes are as [`Datum::bytes`] wants them.
    /// 2. No reference to anything that C can reach is live: the callback may do with a table what it likes.
    #[inline]
    pub unsafe fn hash(self, key: Datum) -> c_long {
        // What costs less than a call is here.
        match (self, key) {
            (Self::Native(Function::Talk | Function::Identity), Datum::Integer(integer)) => integer,
            (Self::Native(Function::Fibonacci), Datum::Integer(integer)) => hashes::fibonacci(integer),
            // SAFETY: 1 is passed on.
            (Self::Native(Function::Talk), key) => unsafe { talk_hash(key) },
            // SAFETY: 1 and 2 are passed on.
            _ => unsafe { self.hash_out_of_line(key) },
        }
    }

    /// The hash of an integer, where that costs less than a call.
    #[inline(always)]
    pub fn at_once(&self, key: &Integer) -> Option<c_long> {
        match self {
            Self::Native(Function::Talk | Function::Identity) => Some(key.value()),
            Self::Native(Function::Fibonacci) => Some(hashes::fibonacci(key.value())),
            _ => None,
        }
    }

    /// The longer hashes, of which one copy is enough.
    ///
    /// # Safety
    ///
    /// As [`hash`](Self::hash).
    #[inline(never)]
    unsafe fn hash_out_of_line(self, key: Datum) -> c_long {
        match self {
            // SAFETY: 1 is passed on.
            Self::Native(function) => function.hash(unsafe { view(key) }).unwrap_or_default(),
            Self::Callback(function, context) => {
                let (value, tag) = key.parts();
                // SAFETY: 2, and the caller of the library gave function and context for this.
                unsafe { function(value, tag, context) }
            }
        }
    }
}

/// What there is to hash of `key`. A pointer is its address.
///
/// # Safety
///
/// 1. A string or bytes are as [`Datum::bytes`] wants them.
#[inline]
unsafe fn view<'a>(key: Datum) -> Key<'a> {
    match key {
        Datum::Integer(integer) => Key::Integer(integer),
        Datum::Double(double) => Key::Double(double),
        // SAFETY: 1 is passed on.
        Datum::String(_) | Datum::Bytes(_) => Key::Bytes(unsafe { key.bytes() }.unwrap_or_default()),
        Datum::Pointer(pointer) => Key::Integer(pointer.addr() as i64),
    }
}

/// The talk's hash of `key`; of bytes it is their number, and a pointer is itself.
///
/// # Safety
///
/// 1. A string or bytes are as [`Datum::bytes`] wants them.
#[inline]
pub unsafe fn talk_hash(key: Datum) -> c_long {
    // SAFETY: 1 is passed on.
    hashes::talk(unsafe { view(key) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr;

    #[test]
    fn a_key_is_hashed_for_what_it_is() {
        let string = |text: &std::ffi::CStr| Datum::String(text.as_ptr().cast_mut());
        // SAFETY: 1: numbers, NULL and literals; 2: there is no callback.
        let hash = |function, key| unsafe { Hashing::Native(function).hash(key) };
        for function in [Function::Talk, Function::Fnv1a, Function::Xxh3(1), Function::Sip([1, 2])] {
            let expected = |bytes| function.hash(Key::Bytes(bytes)).unwrap();
            assert_eq!(hash(function, string(c"bilbao")), expected(b"bilbao"));
            assert_eq!(hash(function, Datum::String(ptr::null_mut())), expected(b""));
            assert!(Hashing::Native(function).takes_text());
        }
        let place = 4096 as *mut c_void;
        for function in [Function::Talk, Function::Identity, Function::Fibonacci, Function::Fnv1a] {
            let expected = |key| function.hash(key).unwrap();
            assert_eq!(hash(function, Datum::Integer(-4096)), expected(Key::Integer(-4096)));
            assert_eq!(hash(function, Datum::Double(-2.5)), expected(Key::Double(-2.5)));
            assert_eq!(hash(function, Datum::Pointer(place)), expected(Key::Integer(4096)));
        }
        for function in [Function::Identity, Function::Fibonacci] {
            assert_eq!(hash(function, string(c"8 bytes.")), 0);
            assert!(!Hashing::Native(function).takes_text());
        }
    }
}

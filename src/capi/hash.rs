//! The hashes that a table can have as its own.
//!
//! The talk's is kept because it is famous: an integer is itself, a double is its floor, a string is its length.
//! All words of five letters are in one bin; that is the lesson. The good one is SipHash-1-3 under a key that
//! nobody outside can guess, so that nobody can choose keys that collide.

use super::item::{Datum, Value};
use libc::{c_long, c_uint, c_void};
use siphasher::sip::SipHasher13;
use std::hash::{BuildHasher, RandomState};

/// `ht_hash_function` of the header.
pub type Callback = unsafe extern "C" fn(Value, c_uint, *mut c_void) -> c_long;

/// A table's own hash.
#[derive(Clone, Copy)]
pub enum Hashing {
    Talk,
    /// SipHash-1-3 with this key.
    Sip(u64, u64),
    /// The caller's, with the context to call it with.
    Callback(Callback, *mut c_void),
}

impl Hashing {
    /// SipHash under a key of the system's randomness: each call gives another.
    pub fn random() -> Self {
        // The standard library asks the system once a thread and never shows what it got; but what it makes of
        // two numbers with it is as hard to guess.
        let random = RandomState::new();
        Self::Sip(random.hash_one(0_u8), random.hash_one(1_u8))
    }

    /// The hash of `key`.
    ///
    /// # Safety
    ///
    /// 1. A string or bytes are as [`Datum::bytes`] wants them.
    /// 2. No reference to anything that C can reach is live: the callback may do with a table what it likes.
    #[inline]
    pub unsafe fn hash(self, key: Datum) -> c_long {
        // SAFETY: 1 and 2 are passed on.
        unsafe { if let Self::Talk = self { talk_hash(key) } else { self.hash_out_of_line(key) } }
    }

    /// The longer hashes, of which one copy is enough.
    ///
    /// # Safety
    ///
    /// As [`hash`](Self::hash).
    #[inline(never)]
    unsafe fn hash_out_of_line(self, key: Datum) -> c_long {
        // SAFETY: 1 for each; for the callback 2, and the caller of the library gave function and context for this.
        unsafe {
            match self {
                Self::Talk => talk_hash(key),
                Self::Sip(k0, k1) => sip_hash(k0, k1, key),
                Self::Callback(function, context) => {
                    let (value, tag) = key.parts();
                    function(value, tag, context)
                }
            }
        }
    }
}

/// SipHash-1-3 of the bytes of `key`. Numbers that are equal have the same bytes: there is one zero and one NaN.
///
/// # Safety
///
/// 1. A string or bytes are as [`Datum::bytes`] wants them.
unsafe fn sip_hash(k0: u64, k1: u64, key: Datum) -> c_long {
    let sip = SipHasher13::new_with_keys(k0, k1);
    let hash = match key {
        Datum::Integer(integer) => sip.hash(&integer.to_le_bytes()),
        Datum::Double(double) => {
            let double = if double.is_nan() { f64::NAN } else { double + 0.0 };
            sip.hash(&double.to_bits().to_le_bytes())
        }
        // SAFETY: 1 is passed on.
        Datum::String(_) | Datum::Bytes(_) => sip.hash(unsafe { key.bytes() }.unwrap_or_default()),
        Datum::Pointer(pointer) => sip.hash(&pointer.addr().to_le_bytes()),
    };
    hash as c_long
}

/// The talk's hash of `key`; of bytes it is their number, and a pointer is itself.
///
/// # Safety
///
/// 1. A string or bytes are as [`Datum::bytes`] wants them.
#[inline]
pub unsafe fn talk_hash(key: Datum) -> c_long {
    match key {
        Datum::Integer(integer) => integer,
        // `as` saturates, and takes NaN to 0.
        Datum::Double(double) => double.floor() as c_long,
        // SAFETY: 1 is passed on.
        Datum::String(_) | Datum::Bytes(_) => unsafe { key.bytes() }.map_or(0, <[u8]>::len) as c_long,
        Datum::Pointer(pointer) => pointer.addr() as c_long,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr;

    fn hash(key: Datum) -> c_long {
        // SAFETY: 1: every string below is NULL or a literal.
        unsafe { talk_hash(key) }
    }

    #[test]
    fn the_talk_hash_is_what_the_talk_said() {
        for integer in [0, 1, -4, c_long::MIN, c_long::MAX] {
            assert_eq!(hash(Datum::Integer(integer)), integer);
        }
        for (double, floor) in [
            (2.5, 2),
            (-2.5, -3),
            (-0.0, 0),
            (f64::NAN, 0),
            (1e300, c_long::MAX),
            (f64::INFINITY, c_long::MAX),
            (f64::NEG_INFINITY, c_long::MIN),
        ] {
            assert_eq!(hash(Datum::Double(double)), floor, "{double}");
        }
        assert_eq!(hash(Datum::String(c"bilbao".as_ptr().cast_mut())), 6);
        assert_eq!(hash(Datum::String(c"".as_ptr().cast_mut())), 0);
        assert_eq!(hash(Datum::String(ptr::null_mut())), 0);
    }

    #[test]
    fn siphash_is_the_one_of_its_authors() {
        // SAFETY: 1: numbers and a literal.
        let sip = |key| unsafe { sip_hash(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908, key) } as u64;
        assert_eq!(sip(Datum::String(c"".as_ptr().cast_mut())), 0xabac_0158_050f_c4dc);
        assert_eq!(sip(Datum::Double(0.0)), sip(Datum::Double(-0.0)));
        assert_eq!(sip(Datum::Double(f64::NAN)), sip(Datum::Double(-f64::NAN)));
        assert_ne!(sip(Datum::Integer(1)), sip(Datum::Integer(2)));
    }

    #[test]
    fn every_random_key_is_another() {
        let keys = || match Hashing::random() {
            Hashing::Sip(k0, k1) => [k0, k1],
            _ => panic!("random keys are SipHash's"),
        };
        let mut all: Vec<_> = (0..100).flat_map(|_| keys()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 200);
    }
}

//! A key while it is searched for.
//!
//! Only items with the sought key's full hash are compared with it. With a hash that is any good there is one at the
//! most, and it is the one. With a bad one (the talk's hash of a string is its length) a chain is full of them, and
//! to compare each means to follow a pointer to a string somewhere in memory. So an item that is added to a chain
//! where its hash is already keeps a *fingerprint* of its key, a byte of the bits that the item has to spare, and only
//! items with the same fingerprint are compared. In a chain of 100 strings that are in the cache that takes a third off
//! a lookup; in one of 10,000, where the walk along the links is what costs, 5 %.
//!
//! The ordinary case pays nothing for this: a fingerprint is made when two different keys with one full hash meet, and
//! else never. An item without one (0) is compared always.

use super::item::{Datum, Item, Kind, Value};
use libc::{c_long, c_uint};

/// A key that is searched for. An integer is a kind of its own, which needs neither memory nor a look at its type:
/// that and an inlined search make a lookup 75
/// instructions where it was 134 (callgrind, hits and misses of random integers).
pub trait Key {
    fn datum(&self) -> Datum;

    /// Whether the item, which has the full hash of this key, has the key too.
    ///
    /// # Safety
    ///
    /// 1. A string or bytes, here and in the item, are as [`Datum::bytes`] wants them.
    unsafe fn is_key_of(&mut self, item: &Item) -> bool;

    /// The fingerprint that an item with this key is to keep, once a search has found none that has it.
    ///
    /// # Safety
    ///
    /// 1. A string or bytes are as [`Datum::bytes`] wants them.
    unsafe fn fingerprint_to_keep(&mut self) -> u8;
}

/// An integer.
pub struct Integer(c_long);

impl Integer {
    /// What the caller means as a key, if it is an integer.
    #[inline]
    pub fn new(key: Value, key_type: c_uint) -> Option<Self> {
        // SAFETY: any bits are a long.
        (key_type == Kind::Integer as c_uint).then_some(Self(unsafe { key.i }))
    }
}

impl Integer {
    #[inline(always)]
    pub fn value(&self) -> c_long {
        self.0
    }
}

impl Key for Integer {
    #[inline]
    fn datum(&self) -> Datum {
        Datum::Integer(self.0)
    }

    #[inline]
    unsafe fn is_key_of(&mut self, item: &Item) -> bool {
        item.has_integer(self.0)
    }

    #[inline]
    unsafe fn fingerprint_to_keep(&mut self) -> u8 {
        0
    }
}

/// A key of any kind, and what a search has found out about it.
pub struct Sought {
    key: Datum,
    /// 0 as long as it is not known.
    fingerprint: u8,
    /// Whether another key has the same full hash.
    is_met: bool,
}

impl Sought {
    /// What the caller means as a key, if it can be one.
    ///
    /// # Safety
    ///
    /// 1. Bytes are NULL or can be read.
    #[inline]
    pub unsafe fn new(key: Value, key_type: c_uint) -> Option<Self> {
        // SAFETY: by 1.
        let key = Datum::new(key, key_type).filter(|key| unsafe { key.is_key() })?;
        Some(Self { key, fingerprint: 0, is_met: false })
    }

    /// The key's fingerprint, made when it is first asked for.
    ///
    /// # Safety
    ///
    /// 1. A string or bytes are as [`Datum::bytes`] wants them.
    #[inline]
    unsafe fn fingerprint(&mut self) -> u8 {
        if self.fingerprint == 0 {
            // SAFETY: by 1.
            self.fingerprint = unsafe { self.make_fingerprint() };
        }
        self.fingerprint
    }

    /// # Safety
    ///
    /// 1. A string or bytes are as [`Datum::bytes`] wants them.
    #[cold]
    unsafe fn make_fingerprint(&self) -> u8 {
        // SAFETY: by 1.
        unsafe { self.key.bytes() }.map_or(0, fingerprint)
    }
}

impl Key for Sought {
    #[inline]
    fn datum(&self) -> Datum {
        self.key
    }

    #[inline]
    unsafe fn is_key_of(&mut self, item: &Item) -> bool {
        let theirs = item.fingerprint();
        // The fingerprint comes first: in a chain of equal hashes it turns most away, and takes one comparison.
        // SAFETY: by 1, for both.
        let same = unsafe {
            (theirs == 0 || theirs == self.fingerprint())
                && item.has_key_of(self.key.kind())
                && self.key.equals(item.key())
        };
        self.is_met |= !same;
        same
    }

    #[inline]
    unsafe fn fingerprint_to_keep(&mut self) -> u8 {
        // SAFETY: by 1.
        if self.is_met { unsafe { self.fingerprint() } } else { 0 }
    }
}

/// A number from 1 to 255 that all of the bytes have a part in.
fn fingerprint(bytes: &[u8]) -> u8 {
    // An odd number whose bits are well mixed: 2^64 divided by the golden ratio.
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |mixed: u64, word: u64| {
        let product = (mixed ^ word).wrapping_mul(GOLDEN);
        product ^ product >> 32
    };
    let mut words = bytes.chunks_exact(size_of::<u64>());
    let mut mixed = bytes.len() as u64;
    for word in &mut words {
        mixed = mix(mixed, word.try_into().map_or(0, u64::from_le_bytes));
    }
    let rest = words.remainder().iter().fold(0, |rest, &byte| rest << 8 | u64::from(byte));
    ((mix(mixed, rest) >> 56) as u8).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn fingerprints_tell_most_keys_of_one_length_apart() {
        for prefix in ["", "k", "a longer prefix that is no help at all/"] {
            let print = |number| fingerprint(format!("{prefix}{number:06}").as_bytes());
            let prints: Vec<_> = (0..1000).map(print).collect();
            assert!((1..1000).filter(|&number| print(number) == prints[0]).count() < 20, "{prefix}");
            assert!(prints.iter().collect::<HashSet<_>>().len() > 200, "{prefix}");
            assert!(!prints.contains(&0), "0 stands for none");
        }
    }

    #[test]
    fn every_byte_has_a_part_in_a_fingerprint() {
        for length in 1..40 {
            for place in 0..length {
                let differ = (1..=255_u8).filter(|&byte| {
                    let mut bytes = vec![0; length];
                    bytes[place] = byte;
                    fingerprint(&bytes) != fingerprint(&vec![0; length])
                });
                assert!(differ.count() > 240, "byte {place} of {length}");
            }
        }
    }
}

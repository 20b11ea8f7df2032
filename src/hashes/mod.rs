//! Hash functions to choose from: what Python and C programs can name instead of writing one of their own.
//!
//! This module knows neither Python nor C nor the table. It hashes integers, doubles and bytes; each door says what
//! its keys are of these, and so both come to the same hash for the same key.
//!
//! | function | good at | bad at | cost |
//! |---|---|---|---|
//! | [`Talk`](Function::Talk) | being understood at once | everything else: all words of one length are in one chain | none |
//! | [`Identity`](Function::Identity) | numbers without gaps: a bin each | numbers that share their low bits: all of a few bins | none |
//! | [`Fibonacci`](Function::Fibonacci) | numbers, whatever lies between them | an attacker, who can compute it backwards | a multiplication |
//! | [`Fnv1a`](Function::Fnv1a) | short keys; being written down from memory | long keys, an attacker | a multiplication for each byte, one after the other |
//! | [`Xxh3`](Function::Xxh3) | all keys of any length | an attacker, seed or no seed | 6 ns up to 32 bytes, 23 for 256, then 25 bytes/ns |
//! | [`Sip`](Function::Sip) | keys that others choose, who cannot guess the seed | being the fastest | twice that of XXH3 up to 16 bytes, four times for 1 KiB |
//!
//! The first three are for lessons and for numbers; [`bytes`] has those that read a key byte by byte. What the
//! identity and the multiplication would make of a text is no good, so they take none: a table that is told so
//! when its first key comes in is better off than one that is found out to be slow when there are a million.

#![forbid(unsafe_code)]

mod bytes;
mod numbers;

pub use numbers::{fibonacci, talk};

use std::hash::{BuildHasher, RandomState};

/// What there is to hash of a key.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    Integer(i64),
    Double(f64),
    /// A text in UTF-8 (or whatever its owner thinks it is), without an end mark; or any other bytes.
    Bytes(&'a [u8]),
}

/// A hash function, with its seed where it takes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// An integer is itself, a double its floor, bytes are as many as they are.
    Talk,
    /// A number is its 64 bits. Bytes have no such hash.
    Identity,
    /// A number's 64 bits times the golden ratio, high byte first. Bytes have no such hash.
    Fibonacci,
    /// FNV-1a of 64 bits.
    Fnv1a,
    /// `XXH3_64bits_withSeed`.
    Xxh3(u64),
    /// SipHash-1-3: the 16 bytes of its key, as two little-endian numbers.
    Sip([u64; 2]),
}

impl Function {
    /// The hash of `key`; `None` if the function is for numbers, and the key is none.
    ///
    /// Numbers that are equal have the same hash, whatever their bits: there is one zero and one NaN.
    #[inline]
    pub fn hash(self, key: Key<'_>) -> Option<i64> {
        Some(match self {
            Self::Talk => talk(key),
            Self::Identity => numbers::bits(key)?,
            Self::Fibonacci => fibonacci(numbers::bits(key)?),
            Self::Fnv1a => bytes::of(key, bytes::fnv1a),
            Self::Xxh3(seed) => bytes::of(key, |bytes| bytes::xxh3(seed, bytes)),
            Self::Sip(seed) => bytes::of(key, |bytes| bytes::sip(seed, bytes)),
        })
    }
}

/// A seed of the system's randomness: each call gives another.
pub fn random_seed() -> [u64; 2] {
    // The standard library asks the system once a thread and never shows what it got; but what it makes of two
    // numbers with it is as hard to guess.
    let random = RandomState::new();
    [random.hash_one(0_u8), random.hash_one(1_u8)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Function; 6] = [
        Function::Talk,
        Function::Identity,
        Function::Fibonacci,
        Function::Fnv1a,
        Function::Xxh3(7),
        Function::Sip([7, 8]),
    ];

    #[test]
    fn equal_doubles_have_the_same_hash() {
        let negative_nan = f64::from_bits(f64::NAN.to_bits() | 1 << 63 | 1);
        for function in ALL {
            for [a, b] in [[0.0, -0.0], [f64::NAN, negative_nan]] {
                assert_eq!(function.hash(Key::Double(a)), function.hash(Key::Double(b)), "{function:?}");
            }
            assert_ne!(function.hash(Key::Double(1.0)), function.hash(Key::Double(2.0)), "{function:?}");
        }
    }

    #[test]
    fn a_number_is_the_eight_bytes_it_is_made_of() {
        for function in ALL.into_iter().filter(|function| function.hash(Key::Bytes(b"")).is_some()) {
            for number in [0, 1, -1, i64::MIN, 0x0123_4567_89ab_cdef] {
                let as_bytes = match function {
                    Function::Talk => number,
                    _ => function.hash(Key::Bytes(&number.to_le_bytes())).unwrap(),
                };
                assert_eq!(function.hash(Key::Integer(number)), Some(as_bytes), "{function:?}");
            }
        }
    }

    #[test]
    fn functions_for_numbers_take_no_bytes() {
        let refuse: Vec<_> =
            ALL.into_iter().filter(|it| it.hash(Key::Bytes(b"8 bytes.")).is_none()).collect();
        assert_eq!(refuse, [Function::Identity, Function::Fibonacci]);
        for function in ALL {
            assert!(function.hash(Key::Integer(1)).and(function.hash(Key::Double(1.0))).is_some());
        }
    }

    #[test]
    fn every_random_seed_is_another() {
        let mut all: Vec<_> = (0..100).flat_map(|_| random_seed()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 200);
    }
}

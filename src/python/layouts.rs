//! `str` and `int` as they lie in memory: what the most frequent operations read without a call.
//!
//! A call into the interpreter for the hash of a short int, or for the hash that a string already has, costs more
//! than what it does: some 5 ns each, of the 25 that a whole lookup takes. CPython's headers let C code read these
//! fields with macros, which have no function behind them; here they are, for each version.

use super::memory::with_room;
use crate::table::NoMemory;
use pyo3_ffi::{Py_ssize_t, PyASCIIObject, PyObject};
use std::sync::atomic::{AtomicIsize, Ordering};

/// The hash that a string keeps, if it was ever asked for it.
///
/// # Safety
///
/// 1. `string` is a live instance of `str`.
#[inline(always)]
pub(super) unsafe fn kept_hash(string: *mut PyObject) -> Option<i64> {
    // SAFETY: by 1 the field is there. Without a GIL another thread may be filling it in: hence the atomic, which
    // costs nothing.
    let hash = unsafe { AtomicIsize::from_ptr(&raw mut (*string.cast::<PyASCIIObject>()).hash) };
    match hash.load(Ordering::Relaxed) {
        -1 => None,
        hash => Some(hash as i64),
    }
}

/// Whether two strings are the same text.
///
/// # Safety
///
/// 1. Both are live, and of exactly the type `str`.
#[inline]
pub(super) unsafe fn same_text(a: *mut PyObject, b: *mut PyObject) -> bool {
    // From 3.14 on only the interpreter knows where the text is.
    #[cfg(Py_3_14)]
    // SAFETY: by 1 they are strings, and then the call runs no Python code and cannot fail.
    return unsafe { pyo3_ffi::PyUnicode_Equal(a, b) == 1 };
    #[cfg(not(Py_3_14))]
    // SAFETY: by 1 they are strings, and those that are ready have a kind, a length and as many characters of that
    // kind: equal strings have the same kind, the narrowest that holds them. Of the others, before 3.12, one can be
    // a key that only a hash function of the user's has hashed. Comparing runs no Python code, and on the one
    // failure that there is (no memory to make it ready) an exception is set and the answer is "less".
    unsafe {
        use pyo3_ffi::{PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_IS_READY, PyUnicode_KIND};
        use std::slice::from_raw_parts;
        if PyUnicode_IS_READY(a) == 0 || PyUnicode_IS_READY(b) == 0 {
            return pyo3_ffi::PyUnicode_Compare(a, b) == 0;
        }
        let (length, kind) = (PyUnicode_GET_LENGTH(a), PyUnicode_KIND(a));
        if length != PyUnicode_GET_LENGTH(b) || kind != PyUnicode_KIND(b) {
            return false;
        }
        let text =
            |string| from_raw_parts(PyUnicode_DATA(string).cast::<u8>(), length as usize * kind as usize);
        text(a) == text(b)
    }
}

/// An `int`, as far as we look at its fields: the head, then the number of digits and the sign, then the digits.
#[repr(C)]
struct IntObject {
    head: PyObject,
    /// Before 3.12 the number of digits, negative for a negative int. Since then, shifted by 3, with the sign in the
    /// two bits below: 0, 1 for zero, 2 for negative.
    tag: Py_ssize_t,
    digits: [u32; 0],
}

/// The bits of a digit, the least significant one first. `module` refuses an interpreter with another number.
pub(super) const BITS_PER_DIGIT: u32 = 30;

/// What `hash()` takes an int modulo of.
const MODULUS: i64 = (1 << 61) - 1;

/// What `hash()` makes of a value within the modulus: itself, but for -1, which is how C says "exception".
#[inline(always)]
pub(super) fn no_error(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

/// A look at an int.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Int<'a> {
    negative: bool,
    digits: &'a [u32],
}

impl Int<'_> {
    /// # Safety
    ///
    /// 1. `int` is an instance of `int`, and stays alive for `'a`.
    #[inline(always)]
    pub(super) unsafe fn read(int: *mut PyObject) -> Self {
        let int = int.cast::<IntObject>();
        // SAFETY: by 1 the fields are there, as many digits as the tag says, and they never change.
        unsafe {
            let tag = (*int).tag;
            let (negative, count) =
                if cfg!(Py_3_12) { (tag & 3 == 2, tag as usize >> 3) } else { (tag < 0, tag.unsigned_abs()) };
            Self { negative, digits: std::slice::from_raw_parts((&raw const (*int).digits).cast(), count) }
        }
    }

    #[inline(always)]
    fn signed(self, magnitude: i64) -> i64 {
        if self.negative { -magnitude } else { magnitude }
    }

    /// What it is worth, if it has up to two digits; all of these are well within 64 bits.
    #[inline(always)]
    pub(super) fn value(self) -> Option<i64> {
        let magnitude = match *self.digits {
            [] => 0,
            [low] => i64::from(low),
            [low, high] => i64::from(low) | i64::from(high) << BITS_PER_DIGIT,
            _ => return None,
        };
        Some(self.signed(magnitude))
    }

    /// What `hash()` makes of it, if it has three digits, as most of what else fits in 64 bits.
    #[inline(always)]
    pub(super) fn wide_hash(self) -> Option<i64> {
        let [low, high, top] = *self.digits else { return None };
        // 2^61 is 1 modulo 2^61 - 1: so the lowest bit of the third digit is worth 2^60, and what is above it begins
        // again at 1.
        let low = i64::from(low) | i64::from(high) << BITS_PER_DIGIT;
        let sum = low + (i64::from(top & 1) << 60) + i64::from(top >> 1);
        Some(no_error(self.signed(if sum >= MODULUS { sum - MODULUS } else { sum })))
    }

    /// What `body` makes of its bytes: the two's complement, the lowest byte first, a whole byte more than the magnitude
    /// fills. So it is `int.to_bytes(int.bit_length() // 8 + 1, "little", signed=True)`.
    pub(super) fn with_bytes<T>(self, body: impl FnOnce(&[u8]) -> T) -> Result<T, NoMemory> {
        let top = self.digits.last().map_or(0, |digit| u32::BITS - digit.leading_zeros()) as usize;
        let bits = self.digits.len().saturating_sub(1) * BITS_PER_DIGIT as usize + top;
        with_room(bits / 8 + 1, |room| {
            let mut digits = self.digits.iter();
            // Bits that are still to be written, how many, and what is added to them.
            let (mut rest, mut count, mut carry) = (0_u64, 0, self.negative);
            for byte in &mut *room {
                if count < 8 {
                    rest |= u64::from(digits.next().copied().unwrap_or(0)) << count;
                    count += BITS_PER_DIGIT;
                }
                *byte = rest as u8;
                if self.negative {
                    (*byte, carry) = (!*byte).overflowing_add(carry.into());
                }
                rest >>= 8;
                count -= 8;
            }
            body(room)
        })
    }

    /// 64 bits that are the same for the same int.
    pub(super) fn fold(self) -> u64 {
        let fold = self
            .digits
            .iter()
            .fold(0, |fold: u64, &digit| fold.rotate_left(BITS_PER_DIGIT) ^ u64::from(digit));
        if self.negative { !fold } else { fold }
    }
}

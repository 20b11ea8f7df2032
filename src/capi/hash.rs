//! The default hash of the 2014 library, kept because it is famous: an integer is itself, a double is its
//! floor, a string is its length. All words of five letters are in one bin; that is the lesson.

use super::item::Datum;
use libc::c_long;

/// The talk's hash of `key`.
///
/// # Safety
///
/// 1. A string is NULL or ends in a NUL.
#[inline]
pub unsafe fn talk_hash(key: Datum) -> c_long {
    match key {
        Datum::Integer(integer) => integer,
        // `as` saturates, and takes NaN to 0.
        Datum::Double(double) => double.floor() as c_long,
        // SAFETY: 1 is passed on.
        Datum::String(string) => unsafe { super::item::bytes(string) }.map_or(0, <[u8]>::len) as c_long,
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
}

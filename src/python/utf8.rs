//! The UTF-8 of a `str`.
//!
//! `PyUnicode_AsUTF8AndSize` would do, but for two things: it leaves a copy in the string for as long as that lives,
//! and it fails on a lone surrogate, which may well be in a key.

use super::errors::{Raised, Result, no_memory};
use super::memory::with_room;
use super::refs::{Borrowed, Python};
use pyo3_ffi::{
    PyUnicode_1BYTE_KIND, PyUnicode_2BYTE_KIND, PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND,
    PyUnicode_READY,
};
use std::slice;

/// What `body` makes of a string's UTF-8. A lone surrogate is three bytes, as with Python's error handler
/// `surrogatepass`.
///
/// # Safety
///
/// `string` is an instance of `str`.
pub(super) unsafe fn with<T>(_: &Python, string: Borrowed<'_>, body: impl FnOnce(&[u8]) -> T) -> Result<T> {
    let string = string.as_ptr();
    // SAFETY: it is a string, and ready after the first call (which has something to do before 3.12 only, and fails
    // only for want of memory). Then its data are `length` code points of the width that its kind says. They never
    // change, and the caller's reference keeps them alive.
    unsafe {
        if PyUnicode_READY(string) < 0 {
            return Err(Raised);
        }
        let (data, length) = (PyUnicode_DATA(string), PyUnicode_GET_LENGTH(string) as usize);
        match PyUnicode_KIND(string) {
            PyUnicode_1BYTE_KIND => {
                let points = slice::from_raw_parts(data.cast::<u8>(), length);
                if points.is_ascii() { Ok(body(points)) } else { encode::<2, _, _>(points, body) }
            }
            PyUnicode_2BYTE_KIND => {
                encode::<3, _, _>(slice::from_raw_parts(data.cast::<u16>(), length), body)
            }
            _ => encode::<4, _, _>(slice::from_raw_parts(data.cast::<u32>(), length), body),
        }
    }
}

/// What `body` makes of the UTF-8 of `points`, each of which takes up to `WIDTH` bytes.
fn encode<const WIDTH: usize, P: Copy + Into<u32>, T>(
    points: &[P],
    body: impl FnOnce(&[u8]) -> T,
) -> Result<T> {
    let most = points.len().saturating_mul(WIDTH).saturating_add(4);
    with_room(most, |room| {
        let length = write(points, room);
        body(&room[..length])
    })
    .map_err(no_memory)
}

/// Writes the UTF-8 of `points` into `room`, which has four bytes more than it can take. Returns how long it is.
fn write<P: Copy + Into<u32>>(points: &[P], room: &mut [u8]) -> usize {
    const fn lead(mark: u32, point: u32, shift: u32) -> u8 {
        (mark | point >> shift) as u8
    }
    const fn next(point: u32, shift: u32) -> u8 {
        (0x80 | point >> shift & 0x3f) as u8
    }
    let mut length = 0;
    for &point in points {
        let point = point.into();
        let (bytes, width) = match point {
            0..=0x7f => ([point as u8, 0, 0, 0], 1),
            0x80..=0x7ff => ([lead(0xc0, point, 6), next(point, 0), 0, 0], 2),
            0x800..=0xffff => ([lead(0xe0, point, 12), next(point, 6), next(point, 0), 0], 3),
            _ => ([lead(0xf0, point, 18), next(point, 12), next(point, 6), next(point, 0)], 4),
        };
        // All four, and the next ones go over what was too many: a copy of a fixed length is one instruction.
        room[length..length + 4].copy_from_slice(&bytes);
        length += width;
    }
    length
}

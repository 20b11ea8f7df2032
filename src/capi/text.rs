//! The text forms of a table and of an item, as the 2014 library printed them.
//!
//! One description of each text goes, piece by piece, either to C's standard output or into a malloc'ed
//! string. Numbers are formatted by C's own printf on the stack, so that they look as a C programmer expects
//! in any locale, and so that printing needs no memory. Standard output is C's and never Rust's: the program
//! prints there too, and the order must hold.

use super::handle::Handle;
use super::item::{Datum, Item};
use libc::{c_char, c_double, c_int, c_long, c_void};
use std::ffi::CStr;
use std::ptr;

/// The longest number: `%f` of the largest double has a sign, 309 digits, a point and 6 digits.
const NUMBER_BYTES: usize = 1 + 309 + 1 + 6;

/// Where a text goes, piece by piece.
pub trait Sink {
    fn piece(&mut self, piece: &[u8]);
}

/// C's standard output.
pub struct Stdout;

impl Sink for Stdout {
    fn piece(&mut self, piece: &[u8]) {
        for part in piece.chunks(c_int::MAX as usize) {
            // SAFETY: the format takes a length and as many bytes, and no piece has a NUL in it.
            unsafe { libc::printf(c"%.*s".as_ptr(), part.len() as c_int, part.as_ptr()) };
        }
    }
}

/// A malloc'ed string that grows.
pub struct Buffer {
    start: *mut u8,
    len: usize,
    capacity: usize,
    /// Memory ran out; nothing more is written.
    failed: bool,
}

impl Buffer {
    pub fn new() -> Self {
        Self { start: ptr::null_mut(), len: 0, capacity: 0, failed: false }
    }

    /// The string with its NUL, for the caller to free; NULL if there was no memory for it.
    pub fn finish(mut self) -> *mut c_char {
        self.piece(&[0]);
        if self.failed {
            return ptr::null_mut();
        }
        // Gives back what is over. If that cannot be done, the string is good as it is.
        // SAFETY: `start` is malloc's, and the new size is that of what is written.
        let fitted = unsafe { libc::realloc(self.start.cast(), self.len) }.cast::<u8>();
        let start = if fitted.is_null() { self.start } else { fitted };
        self.start = ptr::null_mut();
        start.cast()
    }

    /// Makes room for `more` bytes.
    fn reserve(&mut self, more: usize) -> bool {
        let needed = self.len.saturating_add(more);
        if needed > self.capacity {
            let capacity = needed.max(self.capacity.saturating_mul(2)).max(64);
            // SAFETY: `start` is NULL or malloc's.
            let start = unsafe { libc::realloc(self.start.cast(), capacity) };
            if start.is_null() {
                self.failed = true;
                return false;
            }
            self.start = start.cast();
            self.capacity = capacity;
        }
        true
    }
}

impl Sink for Buffer {
    fn piece(&mut self, piece: &[u8]) {
        if self.failed || !self.reserve(piece.len()) {
            return;
        }
        // SAFETY: room was made for the piece after the `len` bytes there are, and the piece is not in it.
        unsafe { self.start.add(self.len).copy_from_nonoverlapping(piece.as_ptr(), piece.len()) };
        self.len += piece.len();
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: `start` is NULL (so it is once finished) or malloc's and nobody else's.
        unsafe { libc::free(self.start.cast()) };
    }
}

/// The table in full: every bin, every item.
pub fn table(sink: &mut impl Sink, handle: &Handle) {
    let table = handle.table();
    let (size, load) = (table.size(), table.load());
    sink.piece(b"\n********************\n--------HashTable--------\n-Array size: ");
    integer(sink, size as c_long);
    sink.piece(b" -Load: ");
    integer(sink, load as c_long);
    sink.piece(b" -Max Load Prop: ");
    double(sink, handle.max_load_proportion);
    sink.piece(b" -Current Load Prop: ");
    double(sink, load as c_double / size as c_double);
    sink.piece(b"\n");
    for bin in 0..size {
        sink.piece(b"*Bin ");
        integer(sink, bin as c_long);
        sink.piece(b"\n");
        let mut empty = true;
        for held in table.chain(bin) {
            item(sink, Some(held));
            empty = false;
        }
        if empty {
            sink.piece(b"(empty)\n");
        }
    }
    sink.piece(b"********************\n");
}

/// The picture of a table: a line for each bin, a star for each item.
pub fn table_simple(sink: &mut impl Sink, handle: &Handle) {
    const STARS: [u8; 64] = [b'*'; 64];
    for bin in 0..handle.table().size() {
        sink.piece(b"[]");
        let mut stars = handle.table().chain(bin).count();
        while stars > 0 {
            let run = stars.min(STARS.len());
            sink.piece(&STARS[..run]);
            stars -= run;
        }
        sink.piece(b"\n");
    }
}

/// One item, or that there is none.
pub fn item(sink: &mut impl Sink, item: Option<&Item>) {
    let Some(item) = item else {
        return sink.piece(b"------NULL\n");
    };
    sink.piece(b"---------Hash: ");
    integer(sink, item.hash);
    sink.piece(b"---Key: ");
    datum(sink, item.key());
    sink.piece(b"---Value: ");
    datum(sink, item.value());
    sink.piece(b"------\n");
}

/// A key or a value of an item.
fn datum(sink: &mut impl Sink, datum: Datum) {
    match datum {
        Datum::Integer(value) => integer(sink, value),
        Datum::Double(value) => double(sink, value),
        // SAFETY: an item's strings are NULL or end in a NUL, and nobody frees them during the call.
        Datum::String(_) => sink.piece(unsafe { datum.bytes() }.unwrap_or(b"(null)")),
        // SAFETY: an item's bytes are NULL or as many as they say.
        Datum::Bytes(_) => match unsafe { datum.bytes() } {
            None => sink.piece(b"(null)"),
            Some(bytes) => with_nuls(sink, bytes),
        },
        Datum::Pointer(value) => pointer(sink, value),
    }
}

/// Bytes as they are, but for each NUL, which would end the text: it is shown as `\0`.
fn with_nuls(sink: &mut impl Sink, bytes: &[u8]) {
    for (index, piece) in bytes.split(|&byte| byte == 0).enumerate() {
        if index > 0 {
            sink.piece(b"\\0");
        }
        sink.piece(piece);
    }
}

fn pointer(sink: &mut impl Sink, value: *mut c_void) {
    // SAFETY: `number` passes on a place and its size, and `%p` takes a pointer, which it does not follow.
    number(sink, |place, size| unsafe { libc::snprintf(place, size, c"%p".as_ptr(), value) });
}

fn integer(sink: &mut impl Sink, value: c_long) {
    // SAFETY: `number` passes on a place and its size, and `%li` takes a long.
    number(sink, |place, size| unsafe { libc::snprintf(place, size, c"%li".as_ptr(), value) });
}

fn double(sink: &mut impl Sink, value: c_double) {
    // SAFETY: `number` passes on a place and its size, and `%f` takes a double.
    number(sink, |place, size| unsafe { libc::snprintf(place, size, c"%f".as_ptr(), value) });
}

/// Writes what `print` puts into the place of the given size that it is handed, a NUL at its end.
fn number(sink: &mut impl Sink, print: impl FnOnce(*mut c_char, usize) -> c_int) {
    // A locale's decimal point may be several bytes long.
    let mut place = [0_u8; NUMBER_BYTES + 16];
    print(place.as_mut_ptr().cast(), place.len());
    sink.piece(CStr::from_bytes_until_nul(&place).map_or(b"", CStr::to_bytes));
}

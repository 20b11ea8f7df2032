//! Where the memory comes from.
//!
//! Everything that Rust allocates in this library is asked of the interpreter's raw allocator: so it shows in
//! `tracemalloc`, `PYTHONMALLOC=debug` guards it, and a test can make it fail. "Raw" is the one that may be used
//! at any time, attached or not.

use crate::table::{NoMemory, Zeroes};
use pyo3_ffi::{PyMem_RawCalloc, PyMem_RawFree, PyMem_RawMalloc, PyMem_RawRealloc};
use std::alloc::{GlobalAlloc, Layout, System, alloc_zeroed};

struct PythonRaw;

#[global_allocator]
static ALLOCATOR: PythonRaw = PythonRaw;

/// What the raw allocator guarantees of every block, as C's `malloc` does for the basic types.
const ALIGNMENT: usize = 2 * size_of::<usize>();

// SAFETY: the interpreter's raw allocator has the contract of C's malloc family, which is that of `GlobalAlloc`
// up to `ALIGNMENT`; what wants more goes to the system, on the way in and on the way out alike. It does not
// unwind.
unsafe impl GlobalAlloc for PythonRaw {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > ALIGNMENT {
            // SAFETY: the caller's obligations are the same.
            return unsafe { System.alloc(layout) };
        }
        // SAFETY: any size may be asked for.
        unsafe { PyMem_RawMalloc(layout.size()).cast() }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.align() > ALIGNMENT {
            // SAFETY: the caller's obligations are the same.
            return unsafe { System.alloc_zeroed(layout) };
        }
        // SAFETY: any size may be asked for.
        unsafe { PyMem_RawCalloc(1, layout.size()).cast() }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if layout.align() > ALIGNMENT {
            // SAFETY: the caller's obligations are the same.
            return unsafe { System.realloc(block, layout, new_size) };
        }
        // SAFETY: a block of this alignment came from the raw allocator.
        unsafe { PyMem_RawRealloc(block.cast(), new_size).cast() }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if layout.align() > ALIGNMENT {
            // SAFETY: the caller's obligations are the same.
            return unsafe { System.dealloc(block, layout) };
        }
        // SAFETY: a block of this alignment came from the raw allocator.
        unsafe { PyMem_RawFree(block.cast()) }
    }
}

/// Zeroes from `calloc`.
#[derive(Debug)]
pub(super) struct Calloc;

impl Zeroes for Calloc {
    fn zeroes(len: usize) -> Result<Vec<u32>, NoMemory> {
        let layout = Layout::array::<u32>(len).map_err(|_| NoMemory)?;
        if layout.size() == 0 {
            return Ok(Vec::new());
        }
        // SAFETY: the layout is not empty.
        #[expect(clippy::cast_ptr_alignment, reason = "the layout asks for the alignment of u32")]
        let block = unsafe { alloc_zeroed(layout) }.cast::<u32>();
        if block.is_null() {
            return Err(NoMemory);
        }
        // SAFETY: the block holds `len` numbers, aligned as the layout says, each of them 0; and it came from the
        // allocator that the boxed slice will give it back to, with the layout that it will give it back with.
        let zeroes = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(block, len)) };
        Ok(zeroes.into_vec())
    }
}

//! Where the memory comes from.
//!
//! Everything that Rust allocates in this library is asked of the interpreter's raw allocator: so it shows in
//! `tracemalloc`, `PYTHONMALLOC=debug` guards it, and a test can make it fail. "Raw" is the one that may be used
//! at any time, attached or not.

use crate::table::{NoMemory, Zeroes};
use pyo3_ffi::{PyMem_RawCalloc, PyMem_RawFree, PyMem_RawMalloc, PyMem_RawRealloc};
use std::alloc::{GlobalAlloc, Layout, System, alloc_zeroed};

/// What `body` makes of so many bytes, all of them 0: on the stack if they are few.
pub(super) fn with_room<T>(bytes: usize, body: impl FnOnce(&mut [u8]) -> T) -> Result<T, NoMemory> {
    const FEW: usize = 256;
    if bytes <= FEW {
        return Ok(body(&mut [0; FEW][..bytes]));
    }
    let mut room = Vec::new();
    room.try_reserve_exact(bytes).map_err(|_| NoMemory)?;
    room.resize(bytes, 0);
    Ok(body(&mut room))
}

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
        let block: *mut u8 = unsafe { PyMem_RawMalloc(layout.size()).cast() };
        if layout.size() >= HUGE && !block.is_null() {
            advise_huge_pages(block, layout.size());
        }
        block
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
        let block: *mut u8 = unsafe { PyMem_RawRealloc(block.cast(), new_size).cast() };
        if new_size >= HUGE && !block.is_null() {
            advise_huge_pages(block, new_size);
        }
        block
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

/// Bins to an entry from which on pages of bins would stay untouched: a page of 4 KiB has four times as many.
const SPARSE: usize = 256;

/// The size of a huge page, and the size from which on an array may hold one.
const HUGE: usize = 2 << 20;

/// Asks for huge pages in those parts of a block that can be one: fewer page faults while a table grows, and fewer
/// walks through the page tables when it is searched. It is advice; a system that has none does without.
fn advise_huge_pages(block: *mut u8, bytes: usize) {
    let skipped = block.align_offset(HUGE);
    let inside = bytes.saturating_sub(skipped) / HUGE * HUGE;
    if inside > 0 {
        // SAFETY: the range is whole pages of a block of ours. The advice changes neither what is in them nor what may
        // be done with them, and stays without effect if it cannot be followed.
        #[cfg(target_os = "linux")]
        unsafe {
            libc::madvise(block.add(skipped).cast(), inside, libc::MADV_HUGEPAGE);
        }
    }
}

/// Zeroes from `calloc`.
#[derive(Debug)]
pub(super) struct Calloc;

impl Zeroes for Calloc {
    fn zeroes(len: usize, load: usize) -> Result<Vec<u32>, NoMemory> {
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
        if load >= len / SPARSE {
            advise_huge_pages(block.cast(), layout.size());
        }
        // SAFETY: the block holds `len` numbers, aligned as the layout says, each of them 0; and it came from the
        // allocator that the boxed slice will give it back to, with the layout that it will give it back with.
        let zeroes = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(block, len)) };
        Ok(zeroes.into_vec())
    }
}

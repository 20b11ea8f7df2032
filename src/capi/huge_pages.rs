//! Large arrays ask for huge pages: fewer page faults while a table grows, and fewer walks through the page tables when
//! it is searched.
//!
//! It is advice. A system that has no huge pages, or whose administrator wants none, does without.

use std::ptr::NonNull;

/// The size of a huge page, and the size from which on an array may hold one.
const HUGE: usize = 2 << 20;

/// Asks for huge pages in those parts of a block that can be one.
pub fn advise(block: NonNull<u8>, bytes: usize) {
    let skipped = block.align_offset(HUGE);
    let inside = bytes.saturating_sub(skipped) / HUGE * HUGE;
    if inside > 0 {
        // SAFETY: the range is whole pages of a block of ours. The advice changes neither what is in them nor what may
        // be done with them, and stays without effect if it cannot be followed.
        #[cfg(target_os = "linux")]
        unsafe {
            libc::madvise(block.add(skipped).cast().as_ptr(), inside, libc::MADV_HUGEPAGE);
        }
    }
}

//! The C ABI through the C compiler's eyes: see `capi.c`, which is the target. Here is only the way in.

#![no_main]

// For its exports, which the C code calls.
use hashtable as _;
use libfuzzer_sys::fuzz_target;

unsafe extern "C" {
    fn capi_run(bytes: *const u8, count: usize);
}

fuzz_target!(|bytes: &[u8]| {
    // SAFETY: the bytes are only read, and no more than there are.
    unsafe { capi_run(bytes.as_ptr(), bytes.len()) }
});

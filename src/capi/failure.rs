//! How a failure is told to C: a number of its own, and `errno` for those who look there.

use crate::table::NoMemory;
use libc::c_int;
use std::ffi::CStr;

/// What a status means, in words, for any number that C has.
pub fn words(status: c_int) -> &'static CStr {
    const OK: c_int = Status::Ok as c_int;
    const NO_MEMORY: c_int = Status::NoMemory as c_int;
    const INVALID: c_int = Status::Invalid as c_int;
    const BUG: c_int = Status::Bug as c_int;
    match status {
        OK => c"success",
        NO_MEMORY => c"not enough memory",
        INVALID => c"invalid argument",
        BUG => c"a fault of libhashtable: please report it",
        _ => c"not a status of libhashtable",
    }
}

/// `ht_status` of the header. The numbers are part of the ABI: none is ever used again for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    Ok = 0,
    NoMemory = 1,
    Invalid = 2,
    Bug = 3,
}

impl Status {
    /// The status, with `errno` set to match if it is a failure.
    pub fn told(self) -> Self {
        match self {
            Self::Ok | Self::Bug => {}
            Self::NoMemory => set_errno(libc::ENOMEM),
            Self::Invalid => set_errno(libc::EINVAL),
        }
        self
    }
}

impl<E: Into<Self>> From<Result<(), E>> for Status {
    fn from(result: Result<(), E>) -> Self {
        result.map_or_else(E::into, |()| Self::Ok)
    }
}

impl From<NoMemory> for Status {
    fn from(_: NoMemory) -> Self {
        Self::NoMemory
    }
}

fn set_errno(number: c_int) {
    #[cfg(any(target_os = "android", target_os = "netbsd", target_os = "openbsd"))]
    use libc::__errno as errno;
    #[cfg(not(any(
        target_os = "android",
        target_os = "freebsd",
        target_os = "netbsd",
        target_os = "openbsd",
        target_vendor = "apple"
    )))]
    use libc::__errno_location as errno;
    #[cfg(any(target_os = "freebsd", target_vendor = "apple"))]
    use libc::__error as errno;
    // SAFETY: the C library gives the address of this thread's own errno, good for as long as the thread is.
    unsafe { *errno() = number }
}

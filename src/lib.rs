//! A chained hash table whose size, load and hash function you choose: one core, three doors.
//!
//! ```text
//!  Python programs        C programs            Rust programs
//!        │                     │                     │
//!  src/python/           src/capi/                   │
//!        ├───────► src/table/ ◄┼─────────────────────┘
//!        └──────► src/hashes/ ◄┘
//! ```
//!
//! * [`table`]: the table itself, in safe Rust. It knows neither of the two doors.
//! * `hashes` (with either door): hash functions to choose from, in safe Rust. They know neither door nor table.
//! * `capi` (feature `capi`, the default): the C ABI of `include/hashtable.h`.
//! * `python` (feature `python`): the extension module `hashtable`, written by hand against the C API.
//!   With feature `lab` it is compiled from a copy in which `build.rs` has put the broken lines beside the real ones.

#[cfg(all(feature = "capi", feature = "python"))]
compile_error!(
    "the C library and the Python extension are two builds: choose feature `capi` or feature `python`"
);

pub mod table;

#[cfg(any(feature = "capi", feature = "python"))]
mod hashes;

#[cfg(feature = "capi")]
#[allow(unsafe_code, reason = "the C ABI: raw pointers come in and go out")]
mod capi;

#[cfg(all(feature = "python", not(feature = "lab")))]
#[allow(unsafe_code, reason = "the C API of Python: raw pointers, counted by hand")]
#[allow(non_upper_case_globals, reason = "and its own names, in patterns too")]
mod python;

#[cfg(feature = "lab")]
#[allow(unsafe_code, non_upper_case_globals, non_snake_case, reason = "as above, and `PyInit_`")]
#[allow(clippy::undocumented_unsafe_blocks, reason = "no broken line can say why it is safe")]
mod python {
    include!(concat!(env!("OUT_DIR"), "/src/python/mod.rs"));
}

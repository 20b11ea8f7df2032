//! The one door between C and Rust.
//!
//! A panic that reached a C frame would abort the program. So nothing in this crate is exported but by
//! [`exports!`](exports), which puts every body behind [`guarded`]: there is no way to write an export that
//! forgets it. A panic is a bug of this library; what is promised is that the program lives to report it.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Defines exported functions, each with the value that it returns if its body panics:
/// `fn name(argument: Type, …) -> Type, or fallback; { body }`.
///
/// This is the only place in the crate with a `no_mangle`.
macro_rules! exports {
    ($(
        $(#[$attribute:meta])*
        fn $name:ident($($argument:ident: $type:ty),*) -> $return:ty, or $fallback:expr; $body:block
    )*) => {$(
        $(#[$attribute])*
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) -> $return {
            $crate::capi::boundary::guarded($fallback, || $body)
        }
    )*};
}
pub(super) use exports;

/// What `body` returns, or `fallback` if it panics.
#[inline]
#[allow(clippy::assertions_on_constants, reason = "the constant is the build's choice")]
pub fn guarded<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    // Unwind safe in the sense that counts here: what a panic could leave half done is a table of safe Rust
    // over chunks that are changed in one step. Its answers may be wrong then; its memory is not.
    catch_unwind(AssertUnwindSafe(|| {
        // The probe build panics in every export, so that a test can see every one of them survive it.
        assert!(!cfg!(hashtable_panic_probe), "the panic probe");
        body()
    }))
    .unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_becomes_the_fallback() {
        assert_eq!(guarded(-1, || 7), 7);
        assert_eq!(guarded(-1, || panic!("on purpose")), -1);
    }
}

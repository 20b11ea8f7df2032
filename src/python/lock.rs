//! The lock of an object, where there is no GIL.
//!
//! CPython calls it a critical section: it is given up whenever the thread lets go of the interpreter, or waits for
//! another lock, and taken again afterwards; so it cannot deadlock. What is certain is therefore only that the locks of
//! the innermost section are held, and that only as long as no Python code runs.
//!
//! Where there is a GIL, that is the lock, and nothing is done here. But a build with debug assertions notes the
//! sections there too, and [`This`](super::object::This) asks at each look into a table whether the table is in the
//! innermost: so a lock that was forgotten is found on every Python (`make test-checked`).

use super::refs::Python;
#[cfg(not(Py_GIL_DISABLED))]
use pyo3_ffi::PyObject;

/// Runs `body` while holding the lock of `object`, a live object.
#[cfg(not(Py_GIL_DISABLED))]
#[inline]
pub(super) fn with<T>(py: &mut Python, object: *mut PyObject, body: impl FnOnce(&mut Python) -> T) -> T {
    noted::during([object; 2], || body(py))
}

/// Runs `body` while holding the locks of two live objects.
#[cfg(not(Py_GIL_DISABLED))]
#[inline]
pub(super) fn with_both<T>(
    py: &mut Python,
    first: *mut PyObject,
    second: *mut PyObject,
    body: impl FnOnce(&mut Python) -> T,
) -> T {
    noted::during([first, second], || body(py))
}

#[cfg(Py_GIL_DISABLED)]
pub(super) use without_gil::{with, with_both};

#[cfg(Py_GIL_DISABLED)]
mod without_gil {
    use super::{Python, noted};
    use pyo3_ffi::{
        PyCriticalSection, PyCriticalSection_Begin, PyCriticalSection_End, PyCriticalSection2,
        PyCriticalSection2_Begin, PyCriticalSection2_End, PyObject,
    };
    use std::mem::MaybeUninit;

    /// Runs `body` while holding the lock of `object`, a live object.
    pub(in super::super) fn with<T>(
        py: &mut Python,
        object: *mut PyObject,
        body: impl FnOnce(&mut Python) -> T,
    ) -> T {
        struct Section(MaybeUninit<PyCriticalSection>);
        impl Drop for Section {
            fn drop(&mut self) {
                // SAFETY: it was begun when the guard was made, and sections end in reverse.
                unsafe { PyCriticalSection_End(self.0.as_mut_ptr()) };
            }
        }
        let mut section = Section(MaybeUninit::uninit());
        // SAFETY: the section stays where it is until it ends; to begin it writes all of it. The token is held by
        // `&mut`: no borrow lives that another section, given up by this, protects.
        unsafe { PyCriticalSection_Begin(section.0.as_mut_ptr(), object) };
        noted::during([object; 2], || body(py))
    }

    /// Runs `body` while holding the locks of two live objects.
    pub(in super::super) fn with_both<T>(
        py: &mut Python,
        first: *mut PyObject,
        second: *mut PyObject,
        body: impl FnOnce(&mut Python) -> T,
    ) -> T {
        struct Section(MaybeUninit<PyCriticalSection2>);
        impl Drop for Section {
            fn drop(&mut self) {
                // SAFETY: as above.
                unsafe { PyCriticalSection2_End(self.0.as_mut_ptr()) };
            }
        }
        let mut section = Section(MaybeUninit::uninit());
        // SAFETY: as above; two that are the same object are locked once.
        unsafe { PyCriticalSection2_Begin(section.0.as_mut_ptr(), first, second) };
        noted::during([first, second], || body(py))
    }
}

/// Whether the innermost section of this thread has the lock of `object`. Only for assertions: sections are noted in a
/// build that has them.
#[cfg(debug_assertions)]
pub(super) use noted::is_held;

/// Which sections this thread has begun.
#[cfg(debug_assertions)]
mod noted {
    use pyo3_ffi::PyObject;
    use std::cell::Cell;

    /// The objects of the innermost section.
    type Innermost = Option<[*mut PyObject; 2]>;

    thread_local! {
        // Needs no destructor, so it can be used until the very end of a thread.
        static INNERMOST: Cell<Innermost> = const { Cell::new(None) };
    }

    pub(super) fn during<T>(objects: [*mut PyObject; 2], body: impl FnOnce() -> T) -> T {
        struct Outer(Innermost);
        impl Drop for Outer {
            fn drop(&mut self) {
                INNERMOST.set(self.0);
            }
        }
        let _outer = Outer(INNERMOST.replace(Some(objects)));
        body()
    }

    pub(in super::super) fn is_held(object: *mut PyObject) -> bool {
        INNERMOST.get().is_some_and(|objects| objects.contains(&object))
    }
}

#[cfg(not(debug_assertions))]
mod noted {
    use pyo3_ffi::PyObject;

    #[inline]
    pub(super) fn during<T>(_: [*mut PyObject; 2], body: impl FnOnce() -> T) -> T {
        body()
    }
}

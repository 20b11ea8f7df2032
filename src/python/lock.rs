//! The lock of an object, where there is no GIL.
//!
//! CPython calls it a critical section: it is given up whenever the thread lets go of the interpreter, and taken
//! again afterwards, so that it cannot deadlock. Where there is a GIL, that is the lock, and nothing is done here.

use super::refs::Python;
#[cfg(not(Py_GIL_DISABLED))]
use pyo3_ffi::PyObject;

/// Runs `body` while holding the lock of `object`, a live object.
#[cfg(not(Py_GIL_DISABLED))]
#[inline]
pub(super) fn with<T>(py: &mut Python, _object: *mut PyObject, body: impl FnOnce(&mut Python) -> T) -> T {
    body(py)
}

/// Runs `body` while holding the locks of two live objects.
#[cfg(not(Py_GIL_DISABLED))]
#[inline]
pub(super) fn with_both<T>(
    py: &mut Python,
    _first: *mut PyObject,
    _second: *mut PyObject,
    body: impl FnOnce(&mut Python) -> T,
) -> T {
    body(py)
}

#[cfg(Py_GIL_DISABLED)]
pub(super) use without_gil::{with, with_both};

#[cfg(Py_GIL_DISABLED)]
mod without_gil {
    use super::Python;
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
        body(py)
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
        body(py)
    }
}

//! The positional arguments of a method that is called as `METH_FASTCALL`.

use super::errors::{self, Raised, Result};
use super::refs::{Borrowed, Python};
use pyo3_ffi::{Py_ssize_t, PyObject};
use std::ffi::CStr;

/// Borrowed from whoever calls, until we return.
pub(super) struct Arguments<'a>(&'a [Borrowed<'a>]);

impl<'a> Arguments<'a> {
    /// # Safety
    ///
    /// `args` and `nargs` are those of a `METH_FASTCALL` call that lasts for `'a`: the caller's references to the
    /// arguments, kept until it returns.
    #[inline]
    pub(super) unsafe fn new(args: *mut *mut PyObject, nargs: Py_ssize_t) -> Self {
        if nargs == 0 {
            return Self(&[]);
        }
        // SAFETY: a `Borrowed` is a pointer that is not NULL, and so is each argument.
        Self(unsafe { std::slice::from_raw_parts(args.cast(), nargs as usize) })
    }

    /// Exactly `N` of them.
    #[inline]
    pub(super) fn exactly<const N: usize>(
        &self,
        py: &mut Python,
        method: &CStr,
    ) -> Result<[Borrowed<'a>; N]> {
        self.0.try_into().map_err(|_| self.wrong_number(py, method, N, N))
    }

    /// None, or one.
    #[inline]
    pub(super) fn up_to_one(&self, py: &mut Python, method: &CStr) -> Result<Option<Borrowed<'a>>> {
        match *self.0 {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => Err(self.wrong_number(py, method, 0, 1)),
        }
    }

    /// One, and perhaps a second.
    #[inline]
    pub(super) fn one_or_two(
        &self,
        py: &mut Python,
        method: &CStr,
    ) -> Result<(Borrowed<'a>, Option<Borrowed<'a>>)> {
        match *self.0 {
            [first] => Ok((first, None)),
            [first, second] => Ok((first, Some(second))),
            _ => Err(self.wrong_number(py, method, 1, 2)),
        }
    }

    fn wrong_number(&self, py: &mut Python, method: &CStr, min: usize, max: usize) -> Raised {
        errors::wrong_number(py, method, min, max, self.0.len())
    }
}

//! Arguments as they come without a tuple: to a method that is called as `METH_FASTCALL`, and to `tp_vectorcall`.

use super::api;
use super::errors::{self, Raised, Result};
use super::refs::{Borrowed, Owned, Python};
use pyo3_ffi::{
    Py_ssize_t, PyDict_New, PyDict_SetItem, PyObject, PyTuple_GET_ITEM, PyTuple_GET_SIZE, PyTuple_New,
    PyTuple_SET_ITEM, PyUnicode_CompareWithASCIIString, PyVectorcall_NARGS,
};
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

/// The arguments of a vectorcall: the positional ones, then those that `kwnames` names. Borrowed from whoever calls,
/// until we return.
pub(super) struct Vector<'a> {
    args: &'a [Borrowed<'a>],
    /// A tuple of strings, one for each of the last arguments.
    kwnames: Option<Borrowed<'a>>,
}

impl<'a> Vector<'a> {
    /// # Safety
    ///
    /// 1. They are the arguments of a vectorcall that lasts for `'a`: the caller's references, kept until it returns.
    #[inline]
    pub(super) unsafe fn new(args: *const *mut PyObject, nargsf: usize, kwnames: *mut PyObject) -> Self {
        // SAFETY: by 1.
        unsafe {
            let kwnames = (!kwnames.is_null()).then(|| Borrowed::assume_borrowed(kwnames));
            let named = kwnames.map_or(0, |names| PyTuple_GET_SIZE(names.as_ptr()));
            let count = (PyVectorcall_NARGS(nargsf) + named) as usize;
            // A `Borrowed` is a pointer that is not NULL, and so is each argument.
            let args = if count == 0 { &[] } else { std::slice::from_raw_parts(args.cast(), count) };
            Self { args, kwnames }
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.args.is_empty()
    }

    /// The positional ones.
    pub(super) fn positional(&self) -> &'a [Borrowed<'a>] {
        &self.args[..self.args.len() - self.names().count()]
    }

    /// The others, each after its name.
    pub(super) fn named(&self) -> impl Iterator<Item = (Borrowed<'a>, Borrowed<'a>)> {
        self.names().zip(self.args[self.positional().len()..].iter().copied())
    }

    fn names(&self) -> impl Iterator<Item = Borrowed<'a>> + use<'a> {
        let names = self.kwnames;
        // SAFETY: it is a tuple, which lends its items for as long as it is there.
        let count = names.map_or(0, |names| unsafe { PyTuple_GET_SIZE(names.as_ptr()) });
        (0..count).zip(std::iter::repeat(names)).filter_map(|(index, names)| {
            // SAFETY: as above, and it has so many.
            names.map(|names| unsafe { Borrowed::assume_borrowed(PyTuple_GET_ITEM(names.as_ptr(), index)) })
        })
    }

    /// The same as a tuple and a dict, as `tp_init` has them: new references.
    pub(super) fn pack(&self, py: &mut Python) -> Result<(Owned, Owned)> {
        // SAFETY: both calls return a new reference or raise. Setting an item of a new tuple steals its reference and
        // cannot fail; a dict takes references of its own, to strings and what they name, and returns 0, or -1 with
        // an exception set.
        unsafe {
            let positional = self.positional();
            let tuple = Owned::assume_new(PyTuple_New(positional.len() as Py_ssize_t))?;
            for (index, &item) in positional.iter().enumerate() {
                PyTuple_SET_ITEM(tuple.as_ptr(), index as Py_ssize_t, item.to_owned(py).into_stolen());
            }
            let dict = Owned::assume_new(PyDict_New())?;
            for (name, item) in self.named() {
                api::succeeded(PyDict_SetItem(dict.as_ptr(), name.as_ptr(), item.as_ptr()))?;
            }
            Ok((tuple, dict))
        }
    }
}

/// Whether a string is this ASCII text.
pub(super) fn is_text(string: Borrowed<'_>, text: &CStr) -> bool {
    // SAFETY: it is a string; the call runs no Python code and does not fail.
    unsafe { PyUnicode_CompareWithASCIIString(string.as_ptr(), text.as_ptr()) == 0 }
}

//! Who owns a reference: three types, so that the answer is in every signature.
//!
//! * [`Python`] is the right to use the interpreter. It comes once with each call from it.
//! * [`Borrowed`] is a reference that somebody else keeps alive.
//! * [`Owned`] is one that is ours, and that is given back when it goes out of scope.
//!
//! Lifecycle slots do without the latter two and spell their counts out; see [`lifecycle`](super::lifecycle).

use super::errors::{Raised, Result};
#[cfg(not(feature = "lab"))]
use super::glass::Py_DECREF;
use super::glass::{Py_INCREF, tell};
use pyo3_ffi::PyObject;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

/// The right to use the interpreter, and the key to every table.
///
/// Python code can do anything: change the very table that an operation is at work on, or drop it. So a
/// function that may run Python code takes this token by `&mut`, and a look into a table
/// ([`This::table`](super::object::This::table)) borrows it: to hold a borrow of a table
/// across a call that may run Python code does not compile.
///
/// What can run Python code is more than it seems: comparing, hashing, calling, *giving a reference back*, and
/// any allocation that the garbage collector knows of.
pub(super) struct Python(PhantomData<*mut ()>);

impl Python {
    /// Claims that the interpreter may be used.
    ///
    /// # Safety
    ///
    /// 1. The thread is attached to the interpreter (holds the GIL).
    /// 2. No borrow of any table that came from another token is still in use.
    #[inline]
    pub(super) unsafe fn assume_attached() -> Self {
        Self(PhantomData)
    }
}

/// A reference that somebody else owns, for at least `'a`.
#[derive(Clone, Copy)]
pub(super) struct Borrowed<'a> {
    object: NonNull<PyObject>,
    owner: PhantomData<&'a PyObject>,
}

impl Borrowed<'_> {
    /// Claims that someone keeps `object` alive for the lifetime of what
    /// is made of it.
    ///
    /// # Safety
    ///
    /// 1. `object` points to a Python object.
    /// 2. A reference to it is held for all of that time, whatever Python code does meanwhile.
    #[inline]
    pub(super) unsafe fn assume_borrowed(object: *mut PyObject) -> Self {
        debug_assert!(!object.is_null());
        Self {
            // SAFETY: (1) of this function.
            object: unsafe { NonNull::new_unchecked(object) },
            owner: PhantomData,
        }
    }

    #[inline]
    pub(super) fn as_ptr(self) -> *mut PyObject {
        self.object.as_ptr()
    }

    #[inline]
    pub(super) fn as_non_null(self) -> NonNull<PyObject> {
        self.object
    }

    /// Takes a reference of our own.
    #[inline]
    #[cfg_attr(feature = "lab", track_caller)]
    pub(super) fn to_owned(self, _: &Python) -> Owned {
        // SAFETY: the object is alive, and the token says that we may count.
        unsafe { Py_INCREF(self.as_ptr()) };
        Owned::at_caller(self.object)
    }
}

/// A reference that is ours. Dropping it gives it back, and that may run Python code: so it is dropped where no
/// table is borrowed.
pub(super) struct Owned {
    object: NonNull<PyObject>,
    /// Where it was taken: it is given back where no line says so.
    #[cfg(feature = "lab")]
    site: super::glass::Site,
}

impl Owned {
    #[inline]
    #[cfg_attr(feature = "lab", track_caller)]
    fn at_caller(object: NonNull<PyObject>) -> Self {
        Self {
            object,
            #[cfg(feature = "lab")]
            site: std::panic::Location::caller(),
        }
    }

    /// Takes over the reference that a call into the C API returned, or the exception that it raised instead.
    ///
    /// # Safety
    ///
    /// `object` is a new reference, or it is NULL and an exception is set.
    #[inline]
    #[cfg_attr(feature = "lab", track_caller)]
    pub(super) unsafe fn assume_new(object: *mut PyObject) -> Result<Self> {
        match NonNull::new(object) {
            // SAFETY: it is a new reference.
            Some(object) => Ok(unsafe { Self::assume_handed(object) }),
            None => Err(Raised),
        }
    }

    /// Takes over a reference that somebody else had: a tuple that is emptied, say.
    ///
    /// # Safety
    ///
    /// Whoever had it has it no more.
    #[inline]
    #[cfg_attr(feature = "lab", track_caller)]
    pub(super) unsafe fn assume_handed(object: NonNull<PyObject>) -> Self {
        tell!(received(object.as_ptr()));
        Self::at_caller(object)
    }

    /// Takes over a reference that was held in an entry of a table, or in a field of one of our own objects.
    ///
    /// # Safety
    ///
    /// The entry has left its table or the object is dying, and this is the only time that the reference is taken over.
    #[inline]
    #[cfg_attr(feature = "lab", track_caller)]
    pub(super) unsafe fn assume_ours(object: NonNull<PyObject>) -> Self {
        Self::at_caller(object)
    }

    #[inline]
    pub(super) fn as_borrowed(&self) -> Borrowed<'_> {
        Borrowed { object: self.object, owner: PhantomData }
    }

    #[inline]
    pub(super) fn as_ptr(&self) -> *mut PyObject {
        self.object.as_ptr()
    }

    /// Hands the reference to the caller of a slot or method, who owns it from here.
    #[inline]
    pub(super) fn into_returned(self) -> *mut PyObject {
        tell!(returned(self.as_ptr(), self.site));
        ManuallyDrop::new(self).object.as_ptr()
    }

    /// Hands the reference to a call that takes it over: that steals it, as CPython's manual says.
    #[inline]
    #[cfg_attr(feature = "lab", track_caller)]
    pub(super) fn into_stolen(self) -> *mut PyObject {
        tell!(stolen(self.as_ptr()));
        ManuallyDrop::new(self).object.as_ptr()
    }

    /// Hands the reference to a field of one of our own objects, which keeps it until its dealloc.
    #[inline]
    pub(super) fn into_kept(self) -> *mut PyObject {
        ManuallyDrop::new(self).object.as_ptr()
    }
}

impl Drop for Owned {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the reference is ours, and this is where it ends. A token exists: values of this type are made
        // and dropped in calls from the interpreter.
        #[cfg(not(feature = "lab"))]
        unsafe {
            Py_DECREF(self.object.as_ptr());
        }
        // SAFETY: as above.
        #[cfg(feature = "lab")]
        unsafe {
            super::glass::give_back(self.object.as_ptr(), self.site);
        }
    }
}

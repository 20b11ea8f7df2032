//! The module under glass: what it tells of itself, and where its references are counted.
//!
//! In the module `hashtable` there is nothing of this: `Py_INCREF` and `Py_DECREF` are the interpreter's own, and what
//! is given to `tell!` is not even compiled.
//!
//! With feature `lab` the same source is `hashtable_lab._glass`. There each count goes through the [`ledger`], together
//! with the source line that it stands in; what the module does is told as it happens, in one [`stream`] with what the
//! table does; and one line may be a broken one: see `specimens/README.md`.

/// Tells what the module does, with a function of [`stream`] or [`ledger`]. Nothing without feature `lab`.
macro_rules! tell {
    ($what:ident($($argument:expr),*)) => {
        #[cfg(feature = "lab")]
        $crate::python::glass::$what($($argument),*);
    };
}
pub(super) use tell;

#[cfg(not(feature = "lab"))]
pub(super) use pyo3_ffi::{Py_DECREF, Py_INCREF, Py_XDECREF, Py_XINCREF};

#[cfg(feature = "lab")]
mod functions;
#[cfg(feature = "lab")]
mod ledger;
#[cfg(feature = "lab")]
mod settings;
#[cfg(feature = "lab")]
mod stream;

#[cfg(feature = "lab")]
pub(super) use functions::prepare;
#[cfg(feature = "lab")]
pub(super) use ledger::{
    Py_DECREF, Py_INCREF, Py_XDECREF, Py_XINCREF, Site, give_back, received, returned, stolen,
};
#[cfg(feature = "lab")]
pub(super) use settings::is_broken;
#[cfg(feature = "lab")]
pub(super) use stream::{answered, asking, called, dying, freed, hashed, hashing, left, replaced};

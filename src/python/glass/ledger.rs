//! The ledger: every reference that the module takes and gives back, with the source line that does it.
//!
//! Of each object it keeps an account: how many references were taken or given to us, less those that we gave back or
//! handed on. That has to be how many the tables, iterators and views hold; what is over was leaked, and what is missing
//! was given away without being ours.

use super::settings::is_forgotten;
use super::stream;
use pyo3_ffi::PyObject;
use std::collections::HashMap;
use std::panic::Location;
use std::sync::{Mutex, PoisonError};

/// Where a reference was taken: the line of the source.
pub(in super::super) type Site = &'static Location<'static>;

/// What our own code has done to the count of one object.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    pub(super) taken: u64,
    pub(super) given_back: u64,
    /// What it is, as JSON. Said when the account was opened, and the object alive: it need not be when it is closed, if
    /// a line is broken.
    pub(super) object: String,
}

static ACCOUNTS: Mutex<Option<HashMap<usize, Account>>> = Mutex::new(None);

/// How a reference comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Incref,
    Decref,
    Received,
    Returned,
    Stolen,
}

impl Entry {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Incref => "incref",
            Self::Decref => "decref",
            Self::Received => "received",
            Self::Returned => "returned",
            Self::Stolen => "stolen",
        }
    }

    /// What it does to the object's count.
    fn change(self) -> isize {
        match self {
            Self::Incref => 1,
            Self::Decref => -1,
            Self::Received | Self::Returned | Self::Stolen => 0,
        }
    }

    fn takes(self) -> bool {
        matches!(self, Self::Incref | Self::Received)
    }
}

/// Writes an entry. `end` says that it stands in no line: something that was taken at `site` goes out of scope.
///
/// # Safety
///
/// `object` is alive.
unsafe fn enter(entry: Entry, object: *mut PyObject, site: Site, end: bool) {
    let description = {
        let mut accounts = ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = accounts.get_or_insert_default();
        let account = accounts.entry(object as usize).or_insert_with(|| Account {
            // SAFETY: it is alive.
            object: unsafe { stream::describe(object) },
            ..Account::default()
        });
        if entry.takes() {
            account.taken += 1;
        } else {
            account.given_back += 1;
        }
        let description = account.object.clone();
        if account.taken == account.given_back {
            // Balanced: what has this address next begins anew.
            accounts.remove(&(object as usize));
        }
        description
    };
    // SAFETY: it is alive.
    let count = unsafe { count_after(object, entry.change()) };
    stream::counted(entry, &description, count, site, end);
}

/// What an object's count will be, once it is changed; immortal objects stay as they are.
///
/// # Safety
///
/// `object` is alive.
unsafe fn count_after(object: *mut PyObject, change: isize) -> isize {
    // SAFETY: it is alive.
    let count = unsafe { pyo3_ffi::Py_REFCNT(object) };
    // PEP 683: a count that no program reaches, which the interpreter then leaves alone.
    let immortal = cfg!(Py_3_12) && ((count as i32) < 0 || count >= 1 << 30);
    if immortal { count } else { count + change }
}

/// The accounts that are not balanced.
pub(super) fn accounts() -> HashMap<usize, Account> {
    ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
}

/// `Py_INCREF`, with an entry in the ledger.
///
/// # Safety
///
/// As for the interpreter's own.
#[track_caller]
pub(in super::super) unsafe fn Py_INCREF(object: *mut PyObject) {
    let site = Location::caller();
    if is_forgotten(site, false) {
        return;
    }
    // SAFETY: the caller's obligation.
    unsafe {
        enter(Entry::Incref, object, site, false);
        pyo3_ffi::Py_INCREF(object);
    }
}

/// `Py_DECREF`, with an entry in the ledger.
///
/// # Safety
///
/// As for the interpreter's own.
#[track_caller]
pub(in super::super) unsafe fn Py_DECREF(object: *mut PyObject) {
    let site = Location::caller();
    if is_forgotten(site, false) {
        return;
    }
    // SAFETY: the caller's obligation.
    unsafe {
        enter(Entry::Decref, object, site, false);
        pyo3_ffi::Py_DECREF(object);
    }
}

/// `Py_XINCREF`, with an entry in the ledger.
///
/// # Safety
///
/// As for the interpreter's own.
#[track_caller]
pub(in super::super) unsafe fn Py_XINCREF(object: *mut PyObject) {
    if !object.is_null() {
        // SAFETY: the caller's obligation.
        unsafe { Py_INCREF(object) };
    }
}

/// `Py_XDECREF`, with an entry in the ledger.
///
/// # Safety
///
/// As for the interpreter's own.
#[track_caller]
pub(in super::super) unsafe fn Py_XDECREF(object: *mut PyObject) {
    if !object.is_null() {
        // SAFETY: the caller's obligation.
        unsafe { Py_DECREF(object) };
    }
}

/// The end of a reference that was taken at `site` and goes out of scope.
///
/// # Safety
///
/// As for [`Py_DECREF`].
pub(in super::super) unsafe fn give_back(object: *mut PyObject, site: Site) {
    if is_forgotten(site, true) {
        return;
    }
    // SAFETY: the caller's obligation.
    unsafe {
        enter(Entry::Decref, object, site, true);
        pyo3_ffi::Py_DECREF(object);
    }
}

/// A call into the interpreter has returned a new reference, or a container was emptied of one: it is ours.
#[track_caller]
pub(in super::super) fn received(object: *mut PyObject) {
    // SAFETY: somebody has just given us a reference to it.
    unsafe { enter(Entry::Received, object, Location::caller(), false) };
}

/// A reference of ours, taken at `site`, is now that of whoever has called us.
pub(in super::super) fn returned(object: *mut PyObject, site: Site) {
    // SAFETY: whoever has it now keeps it alive until here.
    unsafe { enter(Entry::Returned, object, site, true) };
}

/// A call into the interpreter takes over a reference of ours.
#[track_caller]
pub(in super::super) fn stolen(object: *mut PyObject) {
    // SAFETY: the reference is still ours.
    unsafe { enter(Entry::Stolen, object, Location::caller(), false) };
}

//! The struct behind a `HashTable`.

use super::keys::Kind;
use super::memory::Calloc;
use super::refs::Python;
use crate::table::{Dense, Entry, Link, Table};
use pyo3_ffi::PyObject;
use std::cell::{Cell, UnsafeCell};
use std::ptr::{NonNull, null_mut};

/// What the interpreter sees as a `PyObject *`: the head that every object has, then our own fields.
///
/// `tp_alloc` hands out zeroed memory, and zeroes are no [`Table`]: `tp_new` writes every field before anyone
/// can see the object.
#[repr(C)]
pub(super) struct HashTableObject {
    /// The reference count and the type.
    pub(super) head: PyObject,
    /// The head of the list of weak references. Theirs, not ours.
    pub(super) weak_references: Cell<*mut PyObject>,
    /// Owned. NULL means the builtin `hash`, which is then called without a Python call.
    pub(super) hash_func: Cell<*mut PyObject>,
    table: UnsafeCell<PyTable>,
    /// How often `__init__` has given the object another table and another hash function.
    pub(super) generation: Cell<u64>,
    /// In a dying object, the next one in the queue of [`nesting`](super::nesting).
    pub(super) next_dying: Cell<*mut PyObject>,
}

pub(super) type Items = Dense<Item, Calloc>;
pub(super) type PyTable = Table<Items>;

/// An entry of a table: a key, a value, and what it takes to find them. Both references are owned, and are given
/// back by whoever takes the entry out of its table; dropping an `Item` gives nothing back.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) hash: i64,
    /// Owned.
    pub(super) key: NonNull<PyObject>,
    /// Owned.
    pub(super) value: NonNull<PyObject>,
    next: Link,
    pub(super) kind: Kind,
}

const _: () = assert!(size_of::<Option<Item>>() == 32, "half a cache line, and a hole costs nothing");

impl Item {
    #[inline]
    pub(super) fn new(hash: i64, kind: Kind, key: NonNull<PyObject>, value: NonNull<PyObject>) -> Self {
        Self { hash, key, value, next: Link::END, kind }
    }
}

impl Entry for Item {
    #[inline]
    fn hash(&self) -> i64 {
        self.hash
    }

    #[inline]
    fn next(&self) -> Link {
        self.next
    }

    #[inline]
    fn set_next(&mut self, next: Link) {
        self.next = next;
    }
}

impl HashTableObject {
    /// What `self` is in a slot or method of our type.
    ///
    /// # Safety
    ///
    /// 1. `object` is an instance of our type or of a subclass, and `tp_new` has returned it.
    /// 2. It stays alive for `'a`: in a slot or method, the caller holds a reference for as long as it runs.
    #[inline]
    pub(super) unsafe fn from_self<'a>(object: *mut PyObject) -> &'a Self {
        // SAFETY: (1) and (2). What changes behind the reference is in cells.
        unsafe { &*object.cast::<Self>() }
    }

    /// The fields that `tp_new` writes after the head.
    ///
    /// # Safety
    ///
    /// `object` is fresh from `tp_alloc` of our type or of a subclass, and nobody else has seen it.
    pub(super) unsafe fn write_fields(object: *mut PyObject, table: PyTable) {
        let this = object.cast::<Self>();
        // SAFETY: the memory is ours, large and aligned enough, and no field that is overwritten needs dropping.
        unsafe {
            (&raw mut (*this).weak_references).write(Cell::new(null_mut()));
            (&raw mut (*this).hash_func).write(Cell::new(null_mut()));
            (&raw mut (*this).table).write(UnsafeCell::new(table));
            (&raw mut (*this).generation).write(Cell::new(0));
            (&raw mut (*this).next_dying).write(Cell::new(null_mut()));
        }
    }

    /// A look at the table, for as long as no Python code runs.
    #[inline]
    pub(super) fn table<'t>(&'t self, _: &'t Python) -> &'t PyTable {
        // SAFETY: a borrow of a table borrows the one token there is; so while this one lives there is no
        // mutable one, and nothing runs that could make one.
        unsafe { &*self.table.get() }
    }

    /// The table, to change, for as long as no Python code runs.
    #[inline]
    pub(super) fn table_mut<'t>(&'t self, _: &'t mut Python) -> &'t mut PyTable {
        // SAFETY: as in `table`; and the token is borrowed mutably, so this is the only borrow of any table.
        unsafe { &mut *self.table.get() }
    }
}

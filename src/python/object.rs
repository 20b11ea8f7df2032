//! The struct behind a `HashTable`, and the right to look into its table.

use super::errors::Result;
use super::keys::Nature;
use super::memory::Calloc;
use super::refs::{Borrowed, Python};
use super::{lock, type_object};
use crate::table::{Dense, Entry, Link, Slot, Store, Table};
use pyo3_ffi::{Py_TYPE, PyObject, PyObject_TypeCheck};
use std::cell::{Cell, UnsafeCell};
use std::ops::Deref;
use std::ptr::{NonNull, null_mut};

/// What the interpreter sees as a `PyObject *`: the head that every object has, then our own fields.
///
/// `tp_alloc` hands out zeroed memory, and zeroes are no [`Table`]: `tp_new` writes every field before anyone
/// can see the object.
#[repr(C)]
pub(super) struct HashTableObject {
    /// The reference count and the type. The interpreter's.
    head: UnsafeCell<PyObject>,
    /// The head of the list of weak references. Theirs, not ours.
    pub(super) weak_references: Cell<*mut PyObject>,
    /// Owned. NULL means the builtin `hash`, which is then called without a Python call.
    pub(super) hash_func: Cell<*mut PyObject>,
    table: UnsafeCell<PyTable>,
    /// How often the object was given another table and another hash function.
    pub(super) generation: Cell<u64>,
    /// In a dying object, the next one in the queue of [`nesting`](super::nesting).
    pub(super) next_dying: Cell<*mut PyObject>,
}

pub(super) type Items = Dense<Item, Calloc>;
pub(super) type PyTable = Table<Items>;

/// An entry of a table: a key, a value, and what it takes to find them. Both references are owned, and are given
/// back by whoever takes the entry out of its table; dropping an `Item` gives nothing back, and cloning one takes
/// nothing.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) hash: i64,
    /// Owned.
    pub(super) key: NonNull<PyObject>,
    /// Owned.
    pub(super) value: NonNull<PyObject>,
    next: Link,
    pub(super) nature: Nature,
}

const _: () = assert!(size_of::<Option<Item>>() == 32, "half a cache line, and a hole costs nothing");

impl Item {
    #[inline]
    pub(super) fn new(hash: i64, nature: Nature, key: NonNull<PyObject>, value: NonNull<PyObject>) -> Self {
        Self { hash, key, value, next: Link::END, nature }
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

/// A `HashTable` that this thread may look into.
///
/// Where there is a GIL, that is every table. Where there is none, it is one whose lock this thread holds: the
/// [`boundary`](super::boundary) takes the lock of `self`, and [`This::with`] that of another table. The lock is
/// given up while Python code runs, like the GIL, and is held again when that returns; so what the token says of
/// borrows is true of locks too.
#[derive(Clone, Copy)]
pub(super) struct This<'a> {
    object: &'a HashTableObject,
    #[cfg(debug_assertions)]
    needs_lock: bool,
}

impl Deref for This<'_> {
    type Target = HashTableObject;

    #[inline]
    fn deref(&self) -> &HashTableObject {
        self.assert_locked();
        self.object
    }
}

impl<'a> This<'a> {
    /// What `object` is, if it is a table or an instance of a subclass.
    ///
    /// # Safety
    ///
    /// 1. `object` is an instance of our type or of a subclass, and `tp_new` has returned it.
    /// 2. It stays alive for `'a`: in a slot or method, the caller holds a reference for as long as it runs.
    /// 3. Its lock is held whenever the result is used.
    #[inline]
    pub(super) unsafe fn assume_locked(object: *mut PyObject) -> Self {
        Self {
            // SAFETY: (1) and (2). What changes behind the reference is in cells.
            object: unsafe { &*object.cast::<HashTableObject>() },
            #[cfg(debug_assertions)]
            needs_lock: true,
        }
    }

    /// The same for an object that needs no lock.
    ///
    /// # Safety
    ///
    /// 1. and 2. of [`assume_locked`](Self::assume_locked).
    /// 3. Whenever the result is used no other thread can reach the object, or none runs. To an object that the
    ///    collector tracks any Python code may find a way: so either none has run since it was made, or nobody has a
    ///    reference to it any more.
    #[inline]
    pub(super) unsafe fn assume_unshared(object: *mut PyObject) -> Self {
        Self {
            // SAFETY: (1) and (2).
            object: unsafe { &*object.cast::<HashTableObject>() },
            #[cfg(debug_assertions)]
            needs_lock: false,
        }
    }

    #[inline]
    fn assert_locked(self) {
        #[cfg(debug_assertions)]
        assert!(
            !self.needs_lock || lock::is_held(self.object.head.get()),
            "a table was looked into without its lock"
        );
    }

    /// Does something with another table, `object`, while holding the locks of both; `None` if it is no table.
    pub(super) fn with<T>(
        self,
        py: &mut Python,
        object: Borrowed<'_>,
        body: impl FnOnce(&mut Python, This<'_>) -> Result<T>,
    ) -> Option<Result<T>> {
        if !is_table(object) {
            return None;
        }
        Some(lock::with_both(py, self.as_object().as_ptr(), object.as_ptr(), |py| {
            // SAFETY: it is a table, whoever owns the reference keeps it alive, and its lock is held.
            body(py, unsafe { This::assume_locked(object.as_ptr()) })
        }))
    }

    /// Self, as an object among others.
    #[inline]
    pub(super) fn as_object(self) -> Borrowed<'a> {
        // SAFETY: it is alive for `'a`.
        unsafe { Borrowed::assume_borrowed(self.object.head.get()) }
    }

    /// Whether self is a `HashTable` and no instance of a subclass.
    #[inline]
    pub(super) fn is_exact(self) -> bool {
        // SAFETY: self is alive.
        unsafe { Py_TYPE(self.object.head.get()) == type_object::HASH_TABLE_TYPE.as_ptr() }
    }

    /// A look at the table, for as long as no Python code runs.
    #[inline]
    pub(super) fn table<'t>(self, _: &'t Python) -> &'t PyTable
    where
        'a: 't,
    {
        // SAFETY: a borrow of a table borrows the one token there is; so while this one lives there is no
        // mutable one, and nothing runs that could make one.
        unsafe { &*self.table.get() }
    }

    /// The table, to change, for as long as no Python code runs.
    #[inline]
    pub(super) fn table_mut<'t>(self, _: &'t mut Python) -> &'t mut PyTable
    where
        'a: 't,
    {
        // SAFETY: as in `table`; and the token is borrowed mutably, so this is the only borrow of any table.
        unsafe { &mut *self.table.get() }
    }

    /// Lets two tables change places. Both locks are held.
    pub(super) fn swap_tables(self, _: &mut Python, other: This<'_>) {
        if std::ptr::eq(self.object, other.object) {
            return;
        }
        // SAFETY: the token is borrowed mutably, so there is no borrow of either; and they are two.
        unsafe { std::ptr::swap(self.table.get(), other.table.get()) };
    }

    /// Takes the table out of an object that is about to be freed.
    ///
    /// # Safety
    ///
    /// Nobody uses the object's table afterwards.
    pub(super) unsafe fn take_table(self) -> PyTable {
        // SAFETY: the table is there, and by the caller's word it is read for the last time.
        unsafe { self.table.get().read() }
    }

    /// Whether self has neither an entry nor a hash function but the builtin one.
    #[inline]
    pub(super) fn owns_nothing(self, py: &Python) -> bool {
        self.hash_func.get().is_null() && self.table(py).load() == 0
    }

    /// What tells whether keys have come, gone or moved since.
    #[inline]
    pub(super) fn stamp(self, py: &Python) -> Stamp {
        Stamp { generation: self.generation.get(), version: self.table(py).version() }
    }

    /// The first entry at or after a slot number, in the order of insertion, and its slot.
    #[inline]
    pub(super) fn item_from<'t>(self, py: &'t Python, mut index: usize) -> Option<(usize, &'t Item)>
    where
        'a: 't,
    {
        let store = self.table(py).store();
        while index < store.slots() {
            if let Some(item) = store.get(Slot::new(index)) {
                return Some((index, item));
            }
            index += 1;
        }
        None
    }
}

/// The state of a table's keys at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    generation: u64,
    version: u64,
}

/// Whether `object` is a `HashTable` or an instance of a subclass.
pub(super) fn is_table(object: Borrowed<'_>) -> bool {
    // SAFETY: the object is alive; the check reads its type.
    unsafe { PyObject_TypeCheck(object.as_ptr(), type_object::HASH_TABLE_TYPE.as_ptr()) != 0 }
}

/// The fields that `tp_new` writes after the head.
///
/// # Safety
///
/// `object` is fresh from `tp_alloc` of our type or of a subclass, and nobody else has seen it.
pub(super) unsafe fn write_fields(object: *mut PyObject, table: PyTable) {
    let this = object.cast::<HashTableObject>();
    // SAFETY: the memory is ours, large and aligned enough, and no field that is overwritten needs dropping.
    unsafe {
        (&raw mut (*this).weak_references).write(Cell::new(null_mut()));
        (&raw mut (*this).hash_func).write(Cell::new(null_mut()));
        (&raw mut (*this).table).write(UnsafeCell::new(table));
        (&raw mut (*this).generation).write(Cell::new(0));
        (&raw mut (*this).next_dying).write(Cell::new(null_mut()));
    }
}

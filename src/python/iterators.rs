//! Iterators over a table: keys, values or pairs, in the order of insertion or in reverse.
//!
//! An iterator holds a reference to its table and remembers the state of the table's keys when it was made. If
//! a key has come or gone since, it says so as a dict's does, and goes no further.

use super::errors::{Raised, Result, runtime_error};
use super::glass::{Py_DECREF, Py_XDECREF};
use super::object::{Item, Stamp, This};
use super::operations::owned;
use super::refs::{Borrowed, Owned, Python};
use super::type_object::{Static, StaticType, flags};
use super::{api, boundary, lock};
use crate::table::{Slot, Store};
use pyo3_ffi::{
    METH_NOARGS, Py_REFCNT, Py_TPFLAGS_DEFAULT, Py_TPFLAGS_HAVE_GC, Py_TYPE, Py_ssize_t, PyMethodDef,
    PyMethodDefPointer, PyObject, PyObject_GC_Del, PyObject_GC_UnTrack, PyObject_HEAD_INIT,
    PyObject_SelfIter, PyType_GenericAlloc, PyTypeObject, PyVarObject, getiterfunc, visitproc,
};
use std::cell::{Cell, UnsafeCell};
use std::ffi::{c_int, c_void};
use std::mem::zeroed;
use std::ptr::{NonNull, null_mut};

/// What an iterator or a view shows of each entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Show {
    Keys,
    Values,
    Items,
}

/// Which way an iterator goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Reverse,
}

#[repr(C)]
struct IteratorObject {
    head: UnsafeCell<PyObject>,
    /// Owned, until dealloc.
    table: *mut PyObject,
    show: Show,
    direction: Direction,
    /// Forward, the slot to look at next; in reverse, the number of slots still to look at.
    position: Cell<usize>,
    /// The entries not yet shown.
    left: Cell<usize>,
    /// Owned, or NULL. The pair that was shown first, to be used again whenever nobody else has kept it: as a dict's iterator does,
    /// since `for key, value in h.items()` has no use for a new tuple each time. It takes half of the time.
    pair: Cell<*mut PyObject>,
    /// Whether the end was reached and said: after that nothing else is.
    ended: Cell<bool>,
    load: usize,
    stamp: Stamp,
}

/// `tp_iter` of a table: over its keys.
pub(super) unsafe extern "C" fn iter(slf: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe { boundary::method(slf, |py, this| over(py, this, Show::Keys, Direction::Forward)) }
}

/// Whether iterating over `object` goes through [`iter`].
pub(super) fn iterates_plainly(object: Borrowed<'_>) -> bool {
    // SAFETY: the object is alive, and so is its type.
    let iterates = unsafe { (*Py_TYPE(object.as_ptr())).tp_iter };
    iterates.is_some_and(|iterates| std::ptr::fn_addr_eq(iterates, iter as getiterfunc))
}

/// `__reversed__` of a table.
pub(super) unsafe extern "C" fn reversed(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type.
    unsafe { boundary::method(slf, |py, this| over(py, this, Show::Keys, Direction::Reverse)) }
}

/// An iterator over the pairs of a table: a new reference.
pub(super) fn items(py: &mut Python, this: This<'_>) -> Result<Owned> {
    over(py, this, Show::Items, Direction::Forward)
}

/// An iterator over a table: a new reference.
pub(super) fn over(py: &mut Python, this: This<'_>, show: Show, direction: Direction) -> Result<Owned> {
    // SAFETY: the type is ready, and its instances have room for the fields, which are written before anyone sees
    // the object: the collector tracks it from here on, but cannot look at it before the next allocation.
    unsafe {
        let object = Owned::assume_new(PyType_GenericAlloc(ITERATOR_TYPE.as_ptr(), 0))?;
        let iterator = object.as_ptr().cast::<IteratorObject>();
        // Only now: making the object may have run a collection, and that may have changed the table.
        let (load, slots) = (this.table(py).load(), this.table(py).store().slots());
        let position = if direction == Direction::Forward { 0 } else { slots };
        // +1: the iterator owns its table until dealloc.
        (&raw mut (*iterator).table).write(this.as_object().to_owned(py).into_kept());
        (&raw mut (*iterator).show).write(show);
        (&raw mut (*iterator).direction).write(direction);
        (&raw mut (*iterator).position).write(Cell::new(position));
        (&raw mut (*iterator).left).write(Cell::new(load));
        (&raw mut (*iterator).pair).write(Cell::new(null_mut()));
        (&raw mut (*iterator).ended).write(Cell::new(false));
        (&raw mut (*iterator).load).write(load);
        (&raw mut (*iterator).stamp).write(this.stamp(py));
        Ok(object)
    }
}

/// `tp_iternext`.
unsafe extern "C" fn next(slf: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this on an instance of this type, which `over` has made.
        unsafe { on_table(py, slf, show_next) }
    })
}

/// Does something with an iterator and its table, whose locks are both held.
///
/// # Safety
///
/// `slf` is an iterator, which the caller keeps alive.
unsafe fn on_table<T>(
    py: &mut Python,
    slf: *mut PyObject,
    body: impl FnOnce(&mut Python, &IteratorObject, This<'_>) -> Result<T>,
) -> Result<T> {
    // SAFETY: the caller's obligation. The iterator keeps its table alive, and never changes it for another.
    let iterator = unsafe { &*slf.cast::<IteratorObject>() };
    lock::with_both(py, slf, iterator.table, |py| {
        // SAFETY: it is a table, and its lock is held.
        body(py, iterator, unsafe { This::assume_locked(iterator.table) })
    })
}

#[inline(always)]
fn show_next(py: &mut Python, iterator: &IteratorObject, this: This<'_>) -> Result<Option<Owned>> {
    if iterator.show == Show::Items {
        return show_next_pair(py, iterator, this);
    }
    check_unchanged(py, iterator, this)?;
    Ok(advance(py, iterator, this).map(|item| {
        let object = if iterator.show == Show::Keys { item.key } else { item.value };
        // +1: for the caller.
        owned(py, object)
    }))
}

fn show_next_pair(py: &mut Python, iterator: &IteratorObject, this: This<'_>) -> Result<Option<Owned>> {
    if iterator.ended.get() {
        return Ok(None);
    }
    if let Some(pair) = iterator.idle_pair(py) {
        check_unchanged(py, iterator, this)?;
        let Some(item) = advance(py, iterator, this) else { return Ok(None) };
        // +1 each: for the pair.
        let items = [owned(py, item.key), owned(py, item.value)];
        // SAFETY: nobody has it but the iterator and we, as `idle_pair` says.
        let before = unsafe { api::refill(py, pair.as_borrowed(), items) };
        // -1 each: what was in the pair before. Last, since it may be the end of them.
        drop(before);
        return Ok(Some(pair));
    }
    // It is made first: that may run a collection, and what is looked at before may be gone after.
    let pair = api::pair_to_fill(py)?;
    check_unchanged(py, iterator, this)?;
    let Some(item) = advance(py, iterator, this) else { return Ok(None) };
    let pair = pair.fill(owned(py, item.key), owned(py, item.value));
    if iterator.pair.get().is_null() {
        // +1: the iterator has it too, until dealloc.
        iterator.pair.set(pair.as_borrowed().to_owned(py).into_kept());
    }
    Ok(Some(pair))
}

impl IteratorObject {
    /// A new reference to the pair that was shown first, if nobody else has one now.
    #[inline]
    fn idle_pair(&self, py: &Python) -> Option<Owned> {
        let pair = NonNull::new(self.pair.get())?;
        // SAFETY: the iterator's reference keeps it alive.
        unsafe {
            // Without a GIL one cannot tell by its count whether others have it.
            if cfg!(Py_GIL_DISABLED) || Py_REFCNT(pair.as_ptr()) != 1 {
                return None;
            }
            // +1: for the caller. From here on it is in use.
            Some(Borrowed::assume_borrowed(pair.as_ptr()).to_owned(py))
        }
    }
}

/// Says that no key has come or gone since the iterator was made; at its end, nothing is said any more.
#[inline(always)]
fn check_unchanged(py: &mut Python, iterator: &IteratorObject, this: This<'_>) -> Result<()> {
    if this.stamp(py) == iterator.stamp || iterator.ended.get() {
        return Ok(());
    }
    Err(changed(py, iterator, this))
}

#[cold]
fn changed(py: &mut Python, iterator: &IteratorObject, this: This<'_>) -> Raised {
    if this.table(py).load() == iterator.load {
        runtime_error(py, c"HashTable keys changed during iteration")
    } else {
        runtime_error(py, c"HashTable changed size during iteration")
    }
}

/// The next entry. When there is none, the iterator has ended.
#[inline(always)]
fn advance<'t>(py: &'t Python, iterator: &IteratorObject, this: This<'t>) -> Option<&'t Item> {
    let store = this.table(py).store();
    let mut position = iterator.position.get();
    while !iterator.ended.get() {
        let index = match iterator.direction {
            Direction::Forward if position < store.slots() => position,
            Direction::Reverse if position > 0 => position - 1,
            _ => break,
        };
        position = if iterator.direction == Direction::Forward { index + 1 } else { index };
        if let Some(item) = store.get(Slot::new(index)) {
            iterator.position.set(position);
            iterator.left.set(iterator.left.get() - 1);
            return Some(item);
        }
    }
    iterator.ended.set(true);
    None
}

/// `__length_hint__()`.
unsafe extern "C" fn length_hint(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this on an instance of this type.
        unsafe {
            on_table(py, slf, |py, iterator, this| {
                // As a dict's iterator: once the table has changed, there is nothing more to expect.
                let unchanged = this.stamp(py) == iterator.stamp;
                api::int(py, if unchanged { iterator.left.get() } else { 0 }).map(Some)
            })
        }
    })
}

/// `__reduce__()`: an iterator over a list of what is left, which stays. As a dict's iterator, it pickles and
/// copies as that.
unsafe extern "C" fn reduce(slf: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    boundary::object(|py| {
        // SAFETY: the interpreter calls this on an instance of this type.
        unsafe {
            on_table(py, slf, |py, iterator, this| {
                let before = (iterator.position.get(), iterator.left.get(), iterator.ended.get());
                let rest = rest(py, iterator, this);
                iterator.position.set(before.0);
                iterator.left.set(before.1);
                iterator.ended.set(before.2);
                let rest = api::list(py, rest?)?;
                let arguments = api::tuple(py, [rest])?;
                let iter = api::import(py, c"builtins", c"iter")?;
                api::tuple(py, [iter, arguments]).map(Some)
            })
        }
    })
}

fn rest(py: &mut Python, iterator: &IteratorObject, this: This<'_>) -> Result<Vec<Owned>> {
    let mut rest = Vec::new();
    while let Some(item) = show_next(py, iterator, this)? {
        rest.try_reserve(1).map_err(|_| super::errors::no_memory(crate::table::NoMemory))?;
        rest.push(item);
    }
    Ok(rest)
}

unsafe extern "C" fn traverse(slf: *mut PyObject, visit: visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: the collector calls this on an instance of this type, whose references are its table and its pair.
    unsafe {
        let iterator = &*slf.cast::<IteratorObject>();
        let pair = iterator.pair.get();
        let stop = if pair.is_null() { 0 } else { visit(pair, arg) };
        if stop != 0 { stop } else { visit(iterator.table, arg) }
    }
}

unsafe extern "C" fn dealloc(slf: *mut PyObject) {
    // SAFETY: nobody has a reference to self; the collector is told before anything is in pieces.
    unsafe {
        PyObject_GC_UnTrack(slf.cast());
        let iterator = &*slf.cast::<IteratorObject>();
        let (table, pair) = (iterator.table, iterator.pair.get());
        PyObject_GC_Del(slf.cast());
        // -1 each: what `over` took, and what `show_next_pair` took. Last: it may be the end of them, which may run
        // Python code.
        Py_DECREF(table);
        Py_XDECREF(pair);
    }
}

static METHOD_TABLE: Static<[PyMethodDef; 3]> = Static::new([
    PyMethodDef {
        ml_name: c"__length_hint__".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunction: length_hint },
        ml_flags: METH_NOARGS,
        ml_doc: c"__length_hint__($self, /)\n--\n\nReturn how many are left.".as_ptr(),
    },
    PyMethodDef {
        ml_name: c"__reduce__".as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunction: reduce },
        ml_flags: METH_NOARGS,
        ml_doc: c"__reduce__($self, /)\n--\n\nHelp pickle and copy: an iterator over a list of what is left."
            .as_ptr(),
    },
    PyMethodDef::zeroed(),
]);

/// The iterators' type. Python programs cannot make one by calling it.
pub(super) static ITERATOR_TYPE: StaticType = StaticType::new(iterator_type(), iterator_type);

const fn iterator_type() -> PyTypeObject {
    PyTypeObject {
        ob_base: PyVarObject { ob_base: PyObject_HEAD_INIT, ob_size: 0 },
        tp_name: c"hashtable.hashtable_iterator".as_ptr(),
        tp_basicsize: size_of::<IteratorObject>() as Py_ssize_t,
        tp_flags: flags(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | NO_INSTANTIATION),
        tp_dealloc: Some(dealloc),
        tp_traverse: Some(traverse),
        tp_free: Some(PyObject_GC_Del),
        tp_iter: Some(PyObject_SelfIter),
        tp_iternext: Some(next),
        tp_methods: METHOD_TABLE.as_ptr().cast(),
        // SAFETY: all of them are numbers, pointers or optional functions, for which zero means "none".
        ..unsafe { zeroed() }
    }
}

/// Before 3.10, to leave `tp_new` zero says the same for a type whose base is `object`.
#[cfg(Py_3_10)]
pub(super) const NO_INSTANTIATION: std::ffi::c_ulong = pyo3_ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION;
#[cfg(not(Py_3_10))]
pub(super) const NO_INSTANTIATION: std::ffi::c_ulong = 0;

//! The verbs: what every method, slot and view is made of. Each hashes its key once.

use super::errors::{Result, no_memory};
use super::glass::{Py_DECREF, Py_INCREF, tell};
use super::hashing::hash_key;
use super::keys::Key;
use super::lookup::{Place, find, find_to_remove};
use super::object::{Item, Items, This};
use super::refs::{Borrowed, Owned, Python};
use crate::table::{Link, Slot, Store, Vacancy};
use pyo3_ffi::PyObject;
use std::mem::replace;
use std::ptr::NonNull;

/// Maps `key` to `value`.
#[inline(always)]
pub(super) fn insert(py: &mut Python, this: This<'_>, key: Borrowed<'_>, value: Borrowed<'_>) -> Result<()> {
    let key = hash_key(py, this, key)?;
    insert_hashed(py, this, &key, value)
}

/// Maps a key whose hash is known to `value`.
#[inline(always)]
pub(super) fn insert_hashed(
    py: &mut Python,
    this: This<'_>,
    key: &Key<'_>,
    value: Borrowed<'_>,
) -> Result<()> {
    match find(py, this, key)? {
        Place::Found(slot) => {
            let item = this.table_mut(py).entry_mut(slot);
            // +1: the table owns the new value.
            // SAFETY: the caller's reference keeps the value alive until here.
            unsafe { Py_INCREF(value.as_ptr()) };
            let old = replace(&mut item.value, value.as_non_null());
            tell!(replaced(item.key.as_ptr(), old.as_ptr(), value.as_ptr()));
            // -1: the table has let go of the old value. Last, when the table is whole again and no longer
            // borrowed: the old value's end may run Python code.
            // SAFETY: the reference was the entry's, and the entry no longer has it.
            drop(unsafe { Owned::assume_ours(old) });
            Ok(())
        }
        Place::Missing(vacancy) => add(py, this, key, value, vacancy),
    }
}

/// Adds a key that is not there.
#[inline]
fn add(py: &mut Python, this: This<'_>, key: &Key<'_>, value: Borrowed<'_>, vacancy: Vacancy) -> Result<()> {
    let room = this.table_mut(py).make_room(vacancy).map_err(no_memory)?;
    // +1 each: the table owns its keys and values. Only now, when nothing can fail any more.
    // SAFETY: the caller's references keep both alive until here.
    unsafe {
        Py_INCREF(key.object.as_ptr());
        Py_INCREF(value.as_ptr());
    }
    room.fill(Item::new(key.hash, key.nature, key.object.as_non_null(), value.as_non_null()));
    Ok(())
}

/// A new reference to the value for `key`; to `default`, which is then added, if there is none.
pub(super) fn value_or_insert(
    py: &mut Python,
    this: This<'_>,
    key: Borrowed<'_>,
    default: Borrowed<'_>,
) -> Result<Owned> {
    let key = hash_key(py, this, key)?;
    match find(py, this, &key)? {
        Place::Found(slot) => Ok(value_in(py, this, slot)),
        Place::Missing(vacancy) => {
            add(py, this, &key, default, vacancy)?;
            Ok(default.to_owned(py))
        }
    }
}

/// A new reference to the value for `key`.
#[inline(always)]
pub(super) fn value_of(py: &mut Python, this: This<'_>, key: Borrowed<'_>) -> Result<Option<Owned>> {
    let key = hash_key(py, this, key)?;
    value_of_hashed(py, this, &key)
}

/// A new reference to the value for a key whose hash is known.
#[inline(always)]
pub(super) fn value_of_hashed(py: &mut Python, this: This<'_>, key: &Key<'_>) -> Result<Option<Owned>> {
    Ok(match find(py, this, key)? {
        Place::Found(slot) => Some(value_in(py, this, slot)),
        Place::Missing(_) => None,
    })
}

/// A new reference to the value in `slot`.
#[inline(always)]
fn value_in(py: &Python, this: This<'_>, slot: Slot) -> Owned {
    let value = this.table(py).entry(slot).value;
    // +1: the table's reference is only borrowed; the caller gets one of its own.
    // SAFETY: the table's reference is good: no Python code has run since `find`.
    unsafe { Borrowed::assume_borrowed(value.as_ptr()) }.to_owned(py)
}

/// Whether `key` is there.
#[inline(always)]
pub(super) fn contains(py: &mut Python, this: This<'_>, key: Borrowed<'_>) -> Result<bool> {
    let key = hash_key(py, this, key)?;
    Ok(matches!(find(py, this, &key)?, Place::Found(_)))
}

/// Takes `key` out, and hands on the table's reference to its value.
#[inline]
pub(super) fn remove(py: &mut Python, this: This<'_>, key: Borrowed<'_>) -> Result<Option<Owned>> {
    let key = hash_key(py, this, key)?;
    remove_hashed(py, this, &key)
}

/// Takes a key whose hash is known out, and hands on the table's reference to its value.
pub(super) fn remove_hashed(py: &mut Python, this: This<'_>, key: &Key<'_>) -> Result<Option<Owned>> {
    Ok(find_to_remove(py, this, key)?.map(|(slot, younger)| {
        let (key, value) = take(py, this, slot, younger);
        // -1: the key, which nobody gets. The value's reference was the table's and is now the caller's: no
        // count changes.
        drop(key);
        value
    }))
}

/// Takes the youngest entry out, and hands on the table's references.
pub(super) fn remove_last(py: &mut Python, this: This<'_>) -> Option<(Owned, Owned)> {
    let last = this.table(py).store().slots().checked_sub(1)?;
    // It is the youngest of its chain too.
    Some(take(py, this, Slot::new(last), Link::END))
}

/// Takes the entry in `slot` out, which a search came to by way of `younger`, and hands on the table's references.
fn take(py: &mut Python, this: This<'_>, slot: Slot, younger: Link) -> (Owned, Owned) {
    let item = this.table_mut(py).remove_after(slot, younger);
    // SAFETY: the item has left the table, and its references are taken over once.
    unsafe { (Owned::assume_ours(item.key), Owned::assume_ours(item.value)) }
}

/// Takes all entries out, then gives back their references.
pub(super) fn clear(py: &mut Python, this: This<'_>) {
    let entries = this.table_mut(py).clear();
    // SAFETY: they have left the table, which is empty and no longer borrowed.
    unsafe { release(py, entries) };
}

/// Gives back the references of entries that have left their table.
///
/// # Safety
///
/// The entries' references are given back nowhere else.
pub(super) unsafe fn release(_: &mut Python, mut entries: Items) {
    while let Some(item) = entries.pop() {
        // SAFETY: -1 each: what the table took when the entry came in. The item has left the store too, so
        // whatever Python code runs in here finds nothing of it.
        unsafe {
            Py_DECREF(item.key.as_ptr());
            Py_DECREF(item.value.as_ptr());
        }
    }
}

/// Our own references to the key and the value of an entry, with what is known of the key.
pub(super) struct Taken {
    pub(super) hash: i64,
    pub(super) key: Owned,
    pub(super) value: Owned,
}

/// The first entry at or after a slot number, and the number after its slot.
pub(super) fn entry_from(py: &Python, this: This<'_>, index: usize) -> Option<(usize, Taken)> {
    let (index, item) = this.item_from(py, index)?;
    Some((
        index + 1,
        // +1 each, for as long as the caller looks at them.
        Taken { hash: item.hash, key: owned(py, item.key), value: owned(py, item.value) },
    ))
}

/// A new reference to what an entry holds.
#[cfg_attr(feature = "lab", track_caller)]
pub(super) fn owned(py: &Python, object: NonNull<PyObject>) -> Owned {
    // SAFETY: the entry's reference keeps the object alive: entries are only seen where no Python code runs.
    unsafe { Borrowed::assume_borrowed(object.as_ptr()) }.to_owned(py)
}

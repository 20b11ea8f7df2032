//! Operations on two mappings: `update`, `fromkeys`, `|`, `|=`, `==`.

use super::api::{self, Turns};
use super::errors::{Raised, Result, no_pair, runtime_error, wrong_length, wrong_number};
use super::hashing::{hash_key, known_key};
use super::keys::Key;
use super::lock;
use super::object::{This, is_table};
use super::operations::{entry_from, insert, insert_hashed, value_of_hashed};
use super::refs::{Borrowed, Owned, Python};
use super::{boundary, iterators, lifecycle};
use pyo3_ffi::{
    Py_EQ, Py_NE, PyDict_Check, PyDict_CheckExact, PyDict_Next, PyDict_Size, PyErr_Clear,
    PyErr_ExceptionMatches, PyExc_TypeError, PyMapping_Size, PyObject, PyObject_SetItem,
    PySequence_Fast_GET_ITEM, PySequence_Fast_GET_SIZE, PyTuple_GetItem, PyTuple_Size,
};
use std::ffi::c_int;
use std::ptr::null_mut;

/// `this.update(*args, **kwargs)`.
///
/// # Safety
///
/// `args` is a tuple and `kwargs` a dict or NULL, and both are kept by the caller until this returns.
pub(super) unsafe fn update(
    py: &mut Python,
    this: This<'_>,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> Result<()> {
    // SAFETY: it is a tuple, whose items are borrowed from it.
    unsafe {
        match PyTuple_Size(args) {
            0 => {}
            1 => update_from(py, this, Borrowed::assume_borrowed(PyTuple_GetItem(args, 0)))?,
            given => {
                return Err(wrong_number(py, c"update", 0, 1, given as usize));
            }
        }
        if kwargs.is_null() { Ok(()) } else { update_from(py, this, Borrowed::assume_borrowed(kwargs)) }
    }
}

/// Maps every key of `other`, a mapping or an iterable of pairs, to its value.
pub(super) fn update_from(py: &mut Python, this: This<'_>, other: Borrowed<'_>) -> Result<()> {
    // As for a dict: an instance of a subclass that iterates in its own way is read in that way.
    if iterators::iterates_plainly(other)
        && let Some(updated) = this.with(py, other, |py, other| update_from_table(py, this, other))
    {
        return updated;
    }
    if is_exact_dict(other) {
        return walk_dict(py, this, other, |py, key, value| {
            insert(py, this, key, value)?;
            Ok(true)
        })
        .map(|_| ());
    }
    if let Some(keys) = api::optional_attribute(py, other, c"keys")? {
        let keys = api::call_with_none(py, keys.as_borrowed())?;
        let keys = api::iter(py, keys.as_borrowed())?;
        let mut turns = Turns::default();
        while let Some(key) = api::next(py, &keys)? {
            let value = api::item(py, other, key.as_borrowed())?;
            insert(py, this, key.as_borrowed(), value.as_borrowed())?;
            turns.next(py)?;
        }
        return Ok(());
    }
    update_from_pairs(py, this, other)
}

fn update_from_table(py: &mut Python, this: This<'_>, other: This<'_>) -> Result<()> {
    if std::ptr::eq(&raw const *this, &raw const *other) {
        return Ok(());
    }
    walk_table(py, other, |py, key, value, hash| {
        let key = rehash(py, this, other, key, hash)?;
        insert_hashed(py, this, &key, value)?;
        Ok(true)
    })
    .map(|_| ())
}

/// A key of `other` with its hash in `this`: the one that it has, if both have the same hash function.
fn rehash<'a>(
    py: &mut Python,
    this: This<'_>,
    other: This<'_>,
    key: Borrowed<'a>,
    hash: i64,
) -> Result<Key<'a>> {
    if this.hash_func.get() == other.hash_func.get() {
        return known_key(py, this, key, hash);
    }
    hash_key(py, this, key)
}

/// Shows each entry of `table` to `body`, which may run Python code, until it says that it has seen enough;
/// whether it has seen all.
fn walk_table(
    py: &mut Python,
    table: This<'_>,
    mut body: impl FnMut(&mut Python, Borrowed<'_>, Borrowed<'_>, i64) -> Result<bool>,
) -> Result<bool> {
    let stamp = table.stamp(py);
    let (mut index, mut turns) = (0, Turns::default());
    while let Some((next, entry)) = entry_from(py, table, index) {
        if !body(py, entry.key.as_borrowed(), entry.value.as_borrowed(), entry.hash)? {
            return Ok(false);
        }
        drop(entry);
        if table.stamp(py) != stamp {
            return Err(runtime_error(py, c"HashTable changed while it was read"));
        }
        index = next;
        turns.next(py)?;
    }
    Ok(true)
}

/// The same for a dict, of which `this` is to take something.
fn walk_dict(
    py: &mut Python,
    this: This<'_>,
    dict: Borrowed<'_>,
    mut body: impl FnMut(&mut Python, Borrowed<'_>, Borrowed<'_>) -> Result<bool>,
) -> Result<bool> {
    lock::with_both(py, this.as_object().as_ptr(), dict.as_ptr(), |py| {
        // SAFETY: it is a dict, which the caller keeps alive. `PyDict_Next` lends references, of which we make our
        // own before anything else runs; and its position is only ever a number that it checks.
        unsafe {
            let size = PyDict_Size(dict.as_ptr());
            let (mut position, mut key, mut value) = (0, null_mut(), null_mut());
            let mut turns = Turns::default();
            while PyDict_Next(dict.as_ptr(), &raw mut position, &raw mut key, &raw mut value) != 0 {
                let key = Borrowed::assume_borrowed(key).to_owned(py);
                let value = Borrowed::assume_borrowed(value).to_owned(py);
                if !body(py, key.as_borrowed(), value.as_borrowed())? {
                    return Ok(false);
                }
                drop((key, value));
                if PyDict_Size(dict.as_ptr()) != size {
                    return Err(runtime_error(py, c"dictionary changed while it was read"));
                }
                turns.next(py)?;
            }
        }
        Ok(true)
    })
}

/// Maps the first of each pair to the second, with dict's own words for what is no pair.
fn update_from_pairs(py: &mut Python, this: This<'_>, pairs: Borrowed<'_>) -> Result<()> {
    let pairs = api::iter(py, pairs)?;
    let (mut number, mut turns) = (0, Turns::default());
    while let Some(pair) = api::next(py, &pairs)? {
        let [key, value] = unpack(py, &pair, number)?;
        insert(py, this, key.as_borrowed(), value.as_borrowed())?;
        number += 1;
        turns.next(py)?;
    }
    Ok(())
}

/// The two items of a pair: new references.
fn unpack(py: &mut Python, pair: &Owned, number: usize) -> Result<[Owned; 2]> {
    let items = match api::sequence(py, pair.as_borrowed()) {
        Ok(items) => items,
        // SAFETY: the thread is attached, and an exception is set.
        Err(Raised) => unsafe {
            if PyErr_ExceptionMatches(PyExc_TypeError) == 0 {
                return Err(Raised);
            }
            PyErr_Clear();
            return Err(no_pair(py, number));
        },
    };
    // The lock: the pair may be a list, which another thread may be making shorter.
    lock::with(py, items.as_ptr(), |py| {
        // SAFETY: it is a list or a tuple, whose items are borrowed from it until Python code runs.
        unsafe {
            let length = PySequence_Fast_GET_SIZE(items.as_ptr());
            if length != 2 {
                return Err(wrong_length(py, number, length));
            }
            let item = |index| {
                Borrowed::assume_borrowed(PySequence_Fast_GET_ITEM(items.as_ptr(), index)).to_owned(py)
            };
            Ok([item(0), item(1)])
        }
    })
}

/// `class.fromkeys(keys, value)`: a new reference.
pub(super) fn from_keys(
    py: &mut Python,
    class: Borrowed<'_>,
    keys: Borrowed<'_>,
    value: Borrowed<'_>,
) -> Result<Owned> {
    let table = api::call_with_none(py, class)?;
    let keys = api::iter(py, keys)?;
    let mut turns = Turns::default();
    while let Some(key) = api::next(py, &keys)? {
        turns.next(py)?;
        // As a dict does: a subclass's own `__setitem__` is used.
        // SAFETY: all are alive; the call takes references of its own.
        api::succeeded(unsafe { PyObject_SetItem(table.as_ptr(), key.as_ptr(), value.as_ptr()) })?;
    }
    Ok(table)
}

/// `nb_or`: `left | right`, either of which is a table.
pub(super) unsafe extern "C" fn or(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    // SAFETY: the caller keeps both operands alive.
    let (left, right) = unsafe { (Borrowed::assume_borrowed(left), Borrowed::assume_borrowed(right)) };
    boundary::object(|py| {
        if !(is_mapping(py, left)? && is_mapping(py, right)?) {
            return Ok(Some(api::not_implemented(py)));
        }
        let union = if is_table(left) {
            lifecycle::copy_object(py, left)?
        } else {
            // The parameters are those of the only table there is.
            let union = lifecycle::empty_like(py, right)?;
            update_object(py, &union, left)?;
            union
        };
        update_object(py, &union, right)?;
        Ok(Some(union))
    })
}

/// `table.update(other)`, of a table that is ours.
fn update_object(py: &mut Python, table: &Owned, other: Borrowed<'_>) -> Result<()> {
    let table = table.as_ptr();
    lock::with(py, table, |py| {
        // SAFETY: it is a table, ours, and its lock is held.
        update_from(py, unsafe { This::assume_locked(table) }, other)
    })
}

/// `nb_inplace_or`: `this |= other`, where other is anything that `update` takes.
pub(super) unsafe extern "C" fn inplace_or(slf: *mut PyObject, other: *mut PyObject) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type, and keeps both operands alive.
    unsafe {
        boundary::method(slf, |py, this| {
            update_from(py, this, Borrowed::assume_borrowed(other))?;
            Ok(this.as_object().to_owned(py))
        })
    }
}

/// `tp_richcompare`: `==` and `!=` with any mapping.
pub(super) unsafe extern "C" fn rich_compare(
    slf: *mut PyObject,
    other: *mut PyObject,
    op: c_int,
) -> *mut PyObject {
    // SAFETY: the interpreter calls this on an instance of our type, and keeps both operands alive.
    unsafe {
        boundary::method(slf, |py, this| {
            let other = Borrowed::assume_borrowed(other);
            if !matches!(op, Py_EQ | Py_NE) || !is_mapping(py, other)? {
                return Ok(api::not_implemented(py));
            }
            let equal = same(py, this, other)?;
            Ok(api::bool(py, equal == (op == Py_EQ)))
        })
    }
}

/// Whether both have equal keys, as this table sees them, with equal values.
fn same(py: &mut Python, this: This<'_>, other: Borrowed<'_>) -> Result<bool> {
    let same_in_table = |py: &mut Python, other: This<'_>| {
        if this.table(py).load() != other.table(py).load() {
            return Ok(false);
        }
        walk_table(py, other, |py, key, value, hash| {
            let key = rehash(py, this, other, key, hash)?;
            same_value(py, this, &key, value)
        })
    };
    if let Some(same) = this.with(py, other, same_in_table) {
        return same;
    }
    // SAFETY: it is alive. A negative size says that an exception is set.
    let size = api::length(unsafe { PyMapping_Size(other.as_ptr()) })?;
    if this.table(py).load() != size {
        return Ok(false);
    }
    if is_exact_dict(other) {
        return walk_dict(py, this, other, |py, key, value| {
            let key = hash_key(py, this, key)?;
            same_value(py, this, &key, value)
        });
    }
    let keys = api::iter(py, other)?;
    let mut turns = Turns::default();
    while let Some(key) = api::next(py, &keys)? {
        turns.next(py)?;
        let value = api::item(py, other, key.as_borrowed())?;
        let key = hash_key(py, this, key.as_borrowed())?;
        if !same_value(py, this, &key, value.as_borrowed())? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether `key` is there and its value equals `value`.
pub(super) fn same_value(
    py: &mut Python,
    this: This<'_>,
    key: &Key<'_>,
    value: Borrowed<'_>,
) -> Result<bool> {
    match value_of_hashed(py, this, key)? {
        Some(ours) => api::equal(py, ours.as_borrowed(), value),
        None => Ok(false),
    }
}

fn is_exact_dict(object: Borrowed<'_>) -> bool {
    // SAFETY: the object is alive; the check reads its type.
    unsafe { PyDict_CheckExact(object.as_ptr()) != 0 }
}

/// Whether `object` is a mapping: a table, a dict, or what `collections.abc` says is one.
fn is_mapping(py: &mut Python, object: Borrowed<'_>) -> Result<bool> {
    // SAFETY: the object is alive; the check reads its type.
    if is_table(object) || unsafe { PyDict_Check(object.as_ptr()) } != 0 {
        return Ok(true);
    }
    let class = api::import(py, c"collections.abc", c"Mapping")?;
    api::is_instance(py, object, class.as_borrowed())
}

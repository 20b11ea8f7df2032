//! Calling the user's hash function.

use super::api::{self, Wide};
use super::errors::{Result, runtime_error, value_error};
use super::glass::tell;
use super::keys::Key;
use super::native;
use super::object::This;
use super::refs::{Borrowed, Owned, Python};
use pyo3_ffi::{PyIndex_Check, PyLong_Check, PyLong_Type};

/// Hashes `object` with the table's own hash function, once.
///
/// # Errors
///
/// What the hash function raises, untouched; `ValueError` if it returns no integer; `RuntimeError` if it called
/// `__init__` on this very table: the hash is then of a function that the table no longer has.
#[inline(always)]
pub(super) fn hash_key<'a>(py: &mut Python, this: This<'_>, object: Borrowed<'a>) -> Result<Key<'a>> {
    if this.hash_func.get().is_null()
        && let Some(key) = Key::at_once(object)
    {
        tell!(hashing(py, std::ptr::null_mut(), false, object));
        tell!(hashed(key.hash));
        return Ok(key);
    }
    // Field by field, so that the key of the line above need not go through memory to meet this one: 3 ns.
    let Key { object, hash, nature } = hash_by_calling(py, this, object)?;
    Ok(Key { object, hash, nature })
}

#[inline(never)]
fn hash_by_calling<'a>(py: &mut Python, this: This<'_>, object: Borrowed<'a>) -> Result<Key<'a>> {
    let generation = this.generation.get();
    let hash_func = this.hash_func.get();
    tell!(hashing(py, hash_func, native::recognise(py, this).is_some(), object));
    let hash = if hash_func.is_null() {
        api::hash(py, object)?
    } else if let Some(function) = native::recognise(py, this) {
        native::hash(py, function, object)?
    } else {
        // The table owns its hash function, but the hash function can take that away: `__init__` may be called
        // while it runs. So it is kept alive by a reference of our own.
        // SAFETY: the table's reference is good until Python code runs, and by then we have ours.
        let hash_func = unsafe { Borrowed::assume_borrowed(hash_func) }.to_owned(py);
        let result = api::call(py, hash_func.as_borrowed(), object)?;
        as_hash(py, &result)?
        // -1 each: the result, then the hash function.
    };
    tell!(hashed(hash));
    still_the_same(py, this, generation)?;
    known_key(py, this, object, hash)
}

/// The key `object`, whose hash by the table's own hash function is known.
pub(super) fn known_key<'a>(
    py: &mut Python,
    this: This<'_>,
    object: Borrowed<'a>,
    hash: i64,
) -> Result<Key<'a>> {
    if this.hash_func.get().is_null() {
        return Ok(Key::hashed_by_builtin(object, hash));
    }
    Key::hashed_by_function(py, object, hash)
}

/// Says that `__init__` has not been called since `generation`.
#[inline]
pub(super) fn still_the_same(py: &mut Python, this: This<'_>, generation: u64) -> Result<()> {
    if this.generation.get() == generation {
        return Ok(());
    }
    Err(runtime_error(py, c"HashTable was initialised anew during an operation on it"))
}

/// The hash that a hash function's result stands for: any integer of 64 bits as it is, a wider one as Python
/// reduces the result of a `__hash__` method.
#[inline]
fn as_hash(py: &mut Python, result: &Owned) -> Result<i64> {
    // SAFETY: the object is alive; the check reads its type.
    if unsafe { PyLong_Check(result.as_ptr()) } != 0 {
        // SAFETY: it is an int.
        return Ok(unsafe { int_as_hash(py, result.as_borrowed()) });
    }
    other_as_hash(py, result)
}

#[inline(never)]
fn other_as_hash(py: &mut Python, result: &Owned) -> Result<i64> {
    // SAFETY: as above.
    if unsafe { PyIndex_Check(result.as_ptr()) } == 0 {
        return Err(value_error(py, c"Invalid hash function -- all keys must hash to an integer."));
    }
    let index = api::index(py, result.as_borrowed())?;
    // SAFETY: `operator.index` returns nothing but ints.
    Ok(unsafe { int_as_hash(py, index.as_borrowed()) })
}

/// What an int is as a hash: itself, or if it is wider than 64 bits, what Python reduces it to.
///
/// # Safety
///
/// `int` is an instance of `int`.
#[inline]
pub(super) unsafe fn int_as_hash(py: &Python, int: Borrowed<'_>) -> i64 {
    // SAFETY: it is an int.
    match unsafe { api::int_value(py, int.as_ptr()) } {
        Wide::Fits(hash) => hash,
        Wide::TooLow | Wide::TooHigh => {
            // The hash of `int` itself, whatever a subclass says: so a wide result ends where `hash()` puts it.
            // SAFETY: `PyLong_Type` is ready and fills this slot; on an int it runs no Python code and cannot
            // fail.
            let hash = unsafe { PyLong_Type.tp_hash.map(|hash| hash(int.as_ptr())) };
            hash.unwrap_or_default() as i64
        }
    }
}

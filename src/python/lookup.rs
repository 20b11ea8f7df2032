//! Finding a key whose equality may be Python code.
//!
//! `__eq__` can do anything to the table that is being searched. So no borrow of the table is held while it
//! runs: look for a candidate; take a reference to it and let go of the table; compare; come back, and go on only
//! if the table is still as it was, else start over.

use super::api;
use super::errors::{Result, runtime_error};
use super::glass::tell;
use super::hashing::still_the_same;
use super::keys::Key;
use super::object::This;
use super::refs::{Borrowed, Python};
use crate::table::{Link, Search, Slot, Vacancy};

/// How often a search starts over before it gives up on an `__eq__` that changes the table each time.
const MAX_RESTARTS: u32 = 1000;

/// Where a key is, or where it would go. Both are good until Python code runs again.
pub(super) enum Place {
    Found(Slot),
    Missing(Vacancy),
}

/// Looks for `key`.
///
/// In line is what most searches come to: the key is the very object that is in the table, or an int that is its own
/// hash, or it is not there. Everything else is out of line, so that this is short.
///
/// # Errors
///
/// What `__eq__` raises, untouched; `RuntimeError` if it called `__init__` on this very table, or changed it
/// during each of a thousand attempts.
#[inline(always)]
pub(super) fn find(py: &mut Python, this: This<'_>, key: &Key<'_>) -> Result<Place> {
    match this.table(py).glance(key.hash, |item| key.is_surely(item)) {
        Search::Found(slot) => Ok(Place::Found(slot)),
        Search::Missing(vacancy) => Ok(Place::Missing(vacancy)),
        Search::Unsure(slot) => find_from(py, this, key, slot),
    }
}

/// Looks for a `key` that is to be removed: where it is, and the way to the entry before it, if that is known.
///
/// # Errors
///
/// As [`find`].
#[inline(always)]
pub(super) fn find_to_remove(py: &mut Python, this: This<'_>, key: &Key<'_>) -> Result<Option<(Slot, Link)>> {
    match this.table(py).glance_to_remove(key.hash, |item| key.is_surely(item)) {
        (Search::Found(slot), younger) => Ok(Some((slot, younger))),
        (Search::Missing(_), _) => Ok(None),
        (Search::Unsure(slot), younger) => find_to_remove_from(py, this, key, (slot, younger)),
    }
}

#[inline(never)]
fn find_to_remove_from(
    py: &mut Python,
    this: This<'_>,
    key: &Key<'_>,
    place: (Slot, Link),
) -> Result<Option<(Slot, Link)>> {
    match this.table(py).search_to_remove(place, key.hash, |item| key.judge(py, item)) {
        (Search::Found(slot), younger) => Ok(Some((slot, younger))),
        (Search::Missing(_), _) => Ok(None),
        (Search::Unsure(slot), _) => Ok(match find_by_asking(py, this, key, slot)? {
            Place::Found(slot) => Some((slot, Link::END)),
            Place::Missing(_) => None,
        }),
    }
}

/// Goes on with a search from `slot`.
#[inline(never)]
fn find_from(py: &mut Python, this: This<'_>, key: &Key<'_>, slot: Slot) -> Result<Place> {
    match this.table(py).search_from(slot, key.hash, |item| key.judge(py, item)) {
        Search::Found(slot) => Ok(Place::Found(slot)),
        Search::Missing(vacancy) => Ok(Place::Missing(vacancy)),
        Search::Unsure(slot) => find_by_asking(py, this, key, slot),
    }
}

/// Goes on with a search from a `slot` whose key only `__eq__` can judge.
#[inline(never)]
fn find_by_asking(py: &mut Python, this: This<'_>, key: &Key<'_>, mut slot: Slot) -> Result<Place> {
    let generation = this.generation.get();
    let mut restarts = 0;
    loop {
        let version = this.table(py).version();
        let candidate = this.table(py).entry(slot).key;
        // SAFETY: the entry's reference is good until Python code runs, and by then we have ours.
        let candidate = unsafe { Borrowed::assume_borrowed(candidate.as_ptr()) }.to_owned(py);
        tell!(asking(py, candidate.as_borrowed(), key.object));
        let equal = api::equal(py, candidate.as_borrowed(), key.object)?;
        tell!(answered(equal));
        // It may have left the table meanwhile, and then this is its end, and may run Python code too: so before
        // the table is looked at again.
        drop(candidate);
        still_the_same(py, this, generation)?;

        let table = this.table(py);
        let search = if table.version() != version {
            restarts += 1;
            if restarts > MAX_RESTARTS {
                return Err(runtime_error(py, c"HashTable changed during every comparison of its keys"));
            }
            table.search(key.hash, |item| key.judge(py, item))
        } else if equal {
            Search::Found(slot)
        } else {
            table.search_after(slot, key.hash, |item| key.judge(py, item))
        };
        match search {
            Search::Found(slot) => return Ok(Place::Found(slot)),
            Search::Missing(vacancy) => return Ok(Place::Missing(vacancy)),
            Search::Unsure(next) => slot = next,
        }
    }
}

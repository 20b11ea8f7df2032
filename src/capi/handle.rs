//! `ht_table`: the core's table, behind the three fields that C can read.

use super::chunks::Chunks;
use super::failure::Status;
use super::hash::talk_hash;
use super::item::{Datum, Item};
use crate::table::{MaxLoad, NoMemory, Slot, Table, Vacancy};
use libc::{c_double, c_long};
use std::num::NonZeroUsize;
use std::ptr::NonNull;

/// The hash that stands for "the table's own".
const OWN_HASH: c_long = c_long::MAX;

/// `ht_table` of the header, which declares only the fields before `table`.
#[repr(C)]
pub struct Handle {
    pub(super) size: c_long,
    pub(super) load: c_long,
    pub(super) max_load_proportion: c_double,
    table: Table<Chunks>,
}

impl Handle {
    /// A new table on the C heap.
    pub fn allocate(size: c_long, max_load_proportion: c_double) -> Result<NonNull<Self>, Status> {
        let bins = usize::try_from(size).ok().and_then(NonZeroUsize::new).ok_or(Status::Invalid)?;
        let max_load = MaxLoad::new(max_load_proportion).ok_or(Status::Invalid)?;
        let table = Table::new(bins, Some(max_load)).map_err(|NoMemory| Status::NoMemory)?;
        // SAFETY: malloc may be called with any size.
        let place = unsafe { libc::malloc(size_of::<Self>()) };
        let place = NonNull::new(place.cast::<Self>()).ok_or(Status::NoMemory)?;
        // SAFETY: fresh memory of the right size, and malloc aligns for any type.
        unsafe { place.write(Self { size, load: 0, max_load_proportion, table }) };
        Ok(place)
    }

    /// Frees a table and all that it holds.
    ///
    /// # Safety
    ///
    /// 1. The table is from [`allocate`](Self::allocate), and nobody uses it from now on.
    pub unsafe fn free(place: NonNull<Self>) {
        // SAFETY: by 1 it is there and whole, and its memory is malloc's.
        unsafe {
            place.drop_in_place();
            libc::free(place.as_ptr().cast());
        }
    }

    pub fn table(&self) -> &Table<Chunks> {
        &self.table
    }

    /// Adds an item, or gives the item with an equal key the new strings and the new value. If there is no
    /// memory for it, nothing has changed.
    ///
    /// # Safety
    ///
    /// 1. A string is NULL, or malloc'ed and ending in a NUL. The table owns it if this succeeds.
    pub unsafe fn add(&mut self, hash: c_long, key: Datum, value: Datum) -> Result<(), NoMemory> {
        // SAFETY: by 1.
        let hash = unsafe { full_hash(hash, key) };
        // SAFETY: by 1.
        match unsafe { self.find(hash, key) } {
            // SAFETY: by 1, and the item's own strings came the same way.
            Ok(slot) => unsafe { self.table.entry_mut(slot).replace(key, value) },
            Err(vacancy) => {
                self.table.make_room(vacancy)?.fill(Item::new(hash, key, value));
                self.tell();
            }
        }
        Ok(())
    }

    /// The item with this key, at the address that it keeps.
    ///
    /// # Safety
    ///
    /// 1. A string is NULL or ends in a NUL.
    #[inline]
    pub unsafe fn lookup(&self, hash: c_long, key: Datum) -> Option<NonNull<Item>> {
        // SAFETY: by 1.
        let slot = unsafe { self.find(full_hash(hash, key), key) }.ok()?;
        // Not through a reference: C may write the value through this pointer.
        self.table.store().address(slot)
    }

    /// Takes out the item with this key. It is the caller's now.
    ///
    /// # Safety
    ///
    /// 1. A string is NULL or ends in a NUL.
    pub unsafe fn remove(&mut self, hash: c_long, key: Datum) -> Option<NonNull<Item>> {
        // SAFETY: by 1.
        let slot = unsafe { self.find(full_hash(hash, key), key) }.ok()?;
        let item = self.table.remove(slot);
        self.tell();
        Some(item)
    }

    /// Doubles the bins.
    pub fn resize(&mut self) -> Result<(), NoMemory> {
        self.table.double()?;
        self.tell();
        Ok(())
    }

    /// Whether one more new key would make the table resize.
    pub fn is_full(&self) -> bool {
        let (load, size) = (self.table.load(), self.table.size());
        self.table.max_load().is_some_and(|max| !max.allows(load + 1, size))
    }

    /// Where `key` is, or would go.
    ///
    /// # Safety
    ///
    /// 1. A string is NULL or ends in a NUL.
    #[inline]
    unsafe fn find(&self, hash: c_long, key: Datum) -> Result<Slot, Vacancy> {
        // SAFETY: by 1, and the strings of the table's items came as `add` demands. The match comes first so
        // that each search compares one type only.
        unsafe {
            match key {
                Datum::Integer(_) => self.table.find(hash, |item| key.equals(item.key())),
                Datum::Double(_) => self.table.find(hash, |item| key.equals(item.key())),
                Datum::String(_) => self.table.find(hash, |item| key.equals(item.key())),
            }
        }
    }

    /// Makes the fields that C reads true again.
    #[inline]
    fn tell(&mut self) {
        self.size = self.table.size() as c_long;
        self.load = self.table.load() as c_long;
    }
}

/// The hash that the caller gave, or the table's own.
///
/// # Safety
///
/// 1. A string is NULL or ends in a NUL.
#[inline]
unsafe fn full_hash(hash: c_long, key: Datum) -> c_long {
    if hash == OWN_HASH {
        // SAFETY: by 1.
        unsafe { talk_hash(key) }
    } else {
        hash
    }
}

//! `ht_table`: the core's table, behind the three fields that C can read.

use super::chunks::{Chunks, Destroyer};
use super::failure::Status;
use super::hash::Hashing;
use super::item::{self, Datum, Item};
use super::options::{CopyFunction, Plan};
use super::sought::{Integer, Key};
use crate::table::{MaxLoad, NoMemory, Search, Slot, Store, Table, Vacancy};
use libc::{c_double, c_long, c_void};
use std::ptr::NonNull;

/// What stands in a table that lives, and in one that was freed and whose memory is not yet somebody else's.
const LIVING: u64 = 0x6874_5f74_6162_6c65;
const FREED: u64 = 0x6874_5f66_7265_6564;

/// What an item that does not exist holds.
const NOTHING: [Datum; 2] = [Datum::Integer(0); 2];

/// `ht_table` of the header, which declares only the fields before `mark`.
#[repr(C)]
pub struct Handle {
    pub(super) size: c_long,
    pub(super) load: c_long,
    pub(super) max_load_proportion: c_double,
    mark: u64,
    hashing: Hashing,
    copier: Option<CopyFunction>,
    table: Table<Chunks>,
}

/// A glance was not enough.
pub struct Unsure;

/// What is to happen to a key or a value that is added.
#[derive(Clone, Copy)]
pub struct Transfer {
    /// Else it is adopted.
    pub copy_key: bool,
    pub copy_value: bool,
}

impl Handle {
    /// A new table on the C heap.
    pub fn allocate(plan: &Plan) -> Result<NonNull<Self>, Status> {
        let table = Table::over(Chunks::new(plan.destroyer), plan.size, plan.max_load)?;
        Self {
            size: 0,
            load: 0,
            max_load_proportion: plan.max_load.map_or(c_double::INFINITY, MaxLoad::proportion),
            mark: LIVING,
            hashing: plan.hashing,
            copier: plan.copier,
            table,
        }
        .settle()
    }

    /// Puts the handle on the C heap, with fields that are true.
    fn settle(mut self) -> Result<NonNull<Self>, Status> {
        self.tell();
        // SAFETY: malloc may be called with any size.
        let place = unsafe { libc::malloc(size_of::<Self>()) };
        let place = NonNull::new(place.cast::<Self>()).ok_or(Status::NoMemory)?;
        // SAFETY: fresh memory of the right size, and malloc aligns for any type.
        unsafe { place.write(self) };
        Ok(place)
    }

    /// Frees a table and all that it holds.
    ///
    /// # Safety
    ///
    /// 1. The table is from [`allocate`](Self::allocate) or [`copy`](Self::copy), and nobody uses it from now on,
    ///    but for its own destructor.
    pub unsafe fn free(place: NonNull<Self>) {
        // SAFETY: by 1 it is there and whole. The items go first, while the table is one that the destructor may
        // look at.
        drop(unsafe { (*place.as_ptr()).take_all() });
        // SAFETY: by 1, and its memory is malloc's. The mark is for those who break 1: it must not be optimised away.
        unsafe {
            place.drop_in_place();
            (&raw mut (*place.as_ptr()).mark).write_volatile(FREED);
            libc::free(place.as_ptr().cast());
        }
    }

    /// Whether this is a table that lives, as far as that can be told.
    #[inline]
    pub fn is_living(&self) -> bool {
        self.mark == LIVING
    }

    pub fn hashing(&self) -> &Hashing {
        &self.hashing
    }

    pub fn destroyer(&self) -> Destroyer {
        self.table.store().destroyer()
    }

    pub fn table(&self) -> &Table<Chunks> {
        &self.table
    }

    /// Adds an item, or gives the item with an equal key the new key and the new value. If there is no memory for
    /// it, nothing has changed. Returns the pointer that was the value, and is now for the destructor.
    ///
    /// # Safety
    ///
    /// 1. Strings and bytes are as [`Datum::bytes`] wants them. What is not copied is malloc'ed, or the item's
    ///    own; the table owns it if this succeeds.
    #[inline]
    pub unsafe fn add(
        &mut self,
        hash: c_long,
        mut sought: impl Key,
        value: Datum,
        transfer: Transfer,
    ) -> Result<Option<NonNull<c_void>>, NoMemory> {
        // SAFETY: by 1.
        let found = unsafe { self.find(hash, &mut sought) };
        let key = sought.datum();
        let vacancy = match found {
            // SAFETY: by 1.
            Ok(slot) => return unsafe { self.replace(slot, key, value, transfer) },
            Err(vacancy) => vacancy,
        };
        // SAFETY: by 1. If the one fails, the other is undone.
        let own_key = unsafe { key.owned(transfer.copy_key, NOTHING) }?;
        // SAFETY: by 1.
        let own_value = unsafe { value.owned(transfer.copy_value, NOTHING) }
            .inspect_err(|NoMemory| unsafe { own_key.disown(key) })?;
        let room = self.table.make_room(vacancy).inspect_err(|NoMemory| {
            // SAFETY: both came of these, and nobody has them yet.
            unsafe {
                own_key.disown(key);
                own_value.disown(value);
            }
        })?;
        // SAFETY: by 1.
        room.fill(Item::new(hash, own_key, unsafe { sought.fingerprint_to_keep() }, own_value));
        self.tell();
        Ok(None)
    }

    /// Gives the item in `slot` a key that is equal to its own, and a value.
    ///
    /// # Safety
    ///
    /// 1. As for [`add`](Self::add).
    unsafe fn replace(
        &mut self,
        slot: Slot,
        key: Datum,
        value: Datum,
        transfer: Transfer,
    ) -> Result<Option<NonNull<c_void>>, NoMemory> {
        let item = self.table.entry_mut(slot);
        let held = [item.key(), item.value()];
        // SAFETY: by 1.
        let own_key = unsafe { key.owned(transfer.copy_key, held) }?;
        // SAFETY: by 1. If the one fails, the other is undone.
        let own_value = unsafe { value.owned(transfer.copy_value, held) }
            .inspect_err(|NoMemory| unsafe { own_key.disown(key) })?;
        // SAFETY: by 1, and what is the item's came the same way.
        Ok(unsafe { item.replace(own_key, own_value) })
    }

    /// The item with this key, added with the integer 0 if it was not there; and whether it was added. An item
    /// that was there keeps its key; if the new one was to be adopted, it is freed.
    ///
    /// # Safety
    ///
    /// 1. As for [`add`](Self::add).
    pub unsafe fn upsert(
        &mut self,
        hash: c_long,
        mut sought: impl Key,
        copy: bool,
    ) -> Result<(NonNull<Item>, bool), NoMemory> {
        // SAFETY: by 1.
        let found = unsafe { self.find(hash, &mut sought) };
        let key = sought.datum();
        let (slot, added) = match found {
            Ok(slot) => {
                let item = self.table.entry(slot);
                if !copy {
                    // SAFETY: by 1.
                    unsafe { item::discard(key, [item.key(), item.value()]) };
                }
                (slot, false)
            }
            Err(vacancy) => {
                // SAFETY: by 1.
                let own = unsafe { key.owned(copy, NOTHING) }?;
                let room = self.table.make_room(vacancy);
                // SAFETY: it came of `key`, and nobody has it yet.
                let room = room.inspect_err(|NoMemory| unsafe { own.disown(key) })?;
                // SAFETY: by 1.
                let fingerprint = unsafe { sought.fingerprint_to_keep() };
                let slot = room.fill(Item::new(hash, own, fingerprint, Datum::Integer(0)));
                self.tell();
                (slot, true)
            }
        };
        Ok((self.table.store().address(slot).expect("the slot is the item's"), added))
    }

    /// The item with this key, or that there is none, if [a glance](Table::glance) tells.
    #[inline(always)]
    pub fn glance(&self, hash: c_long, mut key: Integer) -> Result<Option<NonNull<Item>>, Unsure> {
        // SAFETY: there are neither strings nor bytes.
        match self.table.glance(hash, |item| unsafe { key.is_key_of(item) }) {
            Search::Found(slot) => Ok(self.table.store().address(slot)),
            Search::Missing(_) => Ok(None),
            Search::Unsure(_) => Err(Unsure),
        }
    }

    /// The item with this key, at the address that it keeps.
    ///
    /// # Safety
    ///
    /// 1. A string or bytes are as [`Datum::bytes`] wants them.
    #[inline]
    pub unsafe fn lookup(&self, hash: c_long, mut key: impl Key) -> Option<NonNull<Item>> {
        // SAFETY: by 1.
        let slot = unsafe { self.find(hash, &mut key) }.ok()?;
        // Not through a reference: C may write the value through this pointer.
        self.table.store().address(slot)
    }

    /// Takes out the item with this key. It is the caller's now.
    ///
    /// # Safety
    ///
    /// 1. A string or bytes are as [`Datum::bytes`] wants them.
    pub unsafe fn remove(&mut self, hash: c_long, mut key: impl Key) -> Option<NonNull<Item>> {
        // SAFETY: by 1, and those of the table's items came as `add` demands.
        let (slot, younger) = self.table.find_to_remove(hash, |item| unsafe { key.is_key_of(item) })?;
        let item = self.table.remove_after(slot, younger);
        self.tell();
        Some(item)
    }

    /// Doubles the bins.
    pub fn resize(&mut self) -> Result<(), NoMemory> {
        self.table.double()?;
        self.tell();
        Ok(())
    }

    /// Makes the bins and the memory for items enough for `load` items in all.
    pub fn reserve(&mut self, load: usize) -> Result<(), NoMemory> {
        let reserved = self.table.reserve(load.saturating_sub(self.table.load()));
        self.tell();
        reserved
    }

    /// Gives back what memory is over.
    pub fn shrink(&mut self) -> Result<(), NoMemory> {
        self.table.shrink()?;
        self.tell();
        Ok(())
    }

    /// Takes all items out, for the caller to drop once no reference to the table is live: the destructor may
    /// use it.
    #[must_use]
    pub fn take_all(&mut self) -> Chunks {
        let items = self.table.clear();
        self.tell();
        items
    }

    /// The first item from slot `from` on, and its slot.
    pub fn next(&self, from: usize) -> Option<(usize, NonNull<Item>)> {
        let store = self.table.store();
        let slot = (from..store.slots()).map(Slot::new).find(|&slot| store.get(slot).is_some())?;
        Some((slot.index(), store.address(slot)?))
    }

    /// A table like this one, with copies of its items.
    ///
    /// The caller's copy function runs in the middle of this: so the table is looked at anew for each item, and no
    /// reference lives while it runs.
    ///
    /// # Safety
    ///
    /// 1. The table is there, and the copy function does not free it.
    pub unsafe fn copy(place: *const Self) -> Result<NonNull<Self>, Status> {
        // SAFETY: by 1, here and below.
        let (version, vacant, destroyer, copier) = unsafe {
            let handle = &*place;
            let store = handle.table.store();
            (handle.table.version(), store.vacant_copy(), store.destroyer(), handle.copier)
        };
        let mut store = vacant?;
        for slot in (0..store.slots()).map(Slot::new) {
            // SAFETY: by 1.
            let item = unsafe { (*place).table.store().get(slot).copied() };
            if let Some(item) = item {
                // SAFETY: the strings of an item that is held are as `bytes` wants them; and no reference is live.
                store.write(slot, unsafe { duplicate(item, copier, destroyer) }?);
                // SAFETY: by 1.
                if unsafe { (*place).table.version() } != version {
                    return Err(Status::Invalid);
                }
            }
        }
        store.list_vacant();
        // SAFETY: by 1.
        let handle = unsafe { &*place };
        Self { table: handle.table.try_clone_over(store)?, ..*handle }.settle()
    }

    /// Whether one more new key would make the table resize.
    pub fn is_full(&self) -> bool {
        let (load, size) = (self.table.load(), self.table.size());
        self.table.max_load().is_some_and(|max| !max.allows(load + 1, size))
    }

    /// Where the key is, or that it is nowhere.
    ///
    /// # Safety
    ///
    /// 1. A string or bytes are as [`Datum::bytes`] wants them.
    #[inline(always)]
    unsafe fn find(&self, hash: c_long, key: &mut impl Key) -> Result<Slot, Vacancy> {
        // SAFETY: by 1, and those of the table's items came as `add` demands.
        self.table.find(hash, |item| unsafe { key.is_key_of(item) })
    }

    /// Makes the fields that C reads true again.
    #[inline]
    fn tell(&mut self) {
        self.size = self.table.size() as c_long;
        self.load = self.table.load() as c_long;
    }
}

/// A copy of an item that shares nothing with it but a pointer, if there is no function to copy that with and none
/// to free it with.
///
/// # Safety
///
/// 1. The item's strings and bytes are as [`Datum::bytes`] wants them.
/// 2. No reference to anything that C can reach is live.
unsafe fn duplicate(item: Item, copier: Option<CopyFunction>, destroyer: Destroyer) -> Result<Item, Status> {
    // SAFETY: by 1.
    let key = unsafe { item.key().owned(true, NOTHING) }?;
    let value = match item.value() {
        Datum::Pointer(pointer) if !pointer.is_null() => match copier {
            // SAFETY: the caller gave function and context for this; by 2 it may do what it likes.
            Some(copy) => match unsafe { copy(pointer, destroyer.context) } {
                copy if copy.is_null() => Err(Status::NoMemory),
                copy => Ok(Datum::Pointer(copy)),
            },
            None if destroyer.function.is_some() => Err(Status::Invalid),
            None => Ok(Datum::Pointer(pointer)),
        },
        // SAFETY: by 1.
        value => unsafe { value.owned(true, NOTHING) }.map_err(Status::from),
    };
    // SAFETY: it came of the item's key, and nobody has it yet.
    let value = value.inspect_err(|_| unsafe { key.disown(item.key()) })?;
    Ok(item.with(key, value))
}

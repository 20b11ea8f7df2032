//! The store for entries that may move: one contiguous array in the order of insertion.
//!
//! Removal leaves a hole, so that the other entries keep their slots; holes are closed up when the table
//! resizes or when the array is full of them. What is gained is iteration in insertion order at the speed of
//! memory, and a resize that streams.

use super::store::{Entry, MAX_SLOTS, NoMemory, Slot, Store, TryClone, Written, Zeroes};
use std::marker::PhantomData;
use std::mem::size_of;

/// What the first entry makes room for: as many as a table of the default size holds before it resizes, twice.
const FIRST_CAPACITY: usize = 4;

/// Entries in one array, in the order of insertion. See the [module](self).
///
/// `Z` is where the table's bins come from.
#[derive(Debug)]
pub struct Dense<E, Z = Written> {
    /// A hole is `None`; for an entry that holds a pointer or an enum this costs no byte. The last one is
    /// never a hole.
    entries: Vec<Option<E>>,
    holes: usize,
    zeroes: PhantomData<Z>,
}

impl<E, Z> Default for Dense<E, Z> {
    fn default() -> Self {
        Self { entries: Vec::new(), holes: 0, zeroes: PhantomData }
    }
}

impl<E, Z> Dense<E, Z> {
    /// The entries, in the order of insertion.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &E> {
        self.entries.iter().flatten()
    }

    /// Takes the last entry out, if there is one. What the table that chained it becomes is the caller's
    /// affair: this is for a store that has left its table.
    pub fn pop(&mut self) -> Option<E> {
        while let Some(last) = self.entries.pop() {
            if last.is_some() {
                return last;
            }
        }
        None
    }
}

impl<E: Entry, Z: Zeroes> Store for Dense<E, Z> {
    type Entry = E;
    type Removed = E;
    const ORDERED: bool = true;

    fn slots(&self) -> usize {
        self.entries.len()
    }

    fn capacity(&self) -> usize {
        self.entries.capacity()
    }

    #[inline]
    fn has_room(&self) -> bool {
        self.entries.len() < self.entries.capacity()
    }

    fn heap_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Option<E>>()
    }

    #[inline]
    fn get(&self, slot: Slot) -> Option<&E> {
        self.entries.get(slot.index())?.as_ref()
    }

    #[inline]
    fn get_mut(&mut self, slot: Slot) -> Option<&mut E> {
        self.entries.get_mut(slot.index())?.as_mut()
    }

    #[inline]
    fn down_from(&self, slot: Slot) -> impl Iterator<Item = (Slot, &E)> {
        let row = self.entries.get(..=slot.index()).unwrap_or_default();
        row.iter().enumerate().rev().map_while(|(index, entry)| Some((Slot::new(index), entry.as_ref()?)))
    }

    #[inline]
    fn reserve_one(&mut self, expected: usize) -> Result<(), NoMemory> {
        let slots = self.entries.len();
        if self.has_room() {
            return Ok(());
        }
        if slots >= MAX_SLOTS {
            return Err(NoMemory);
        }
        // Doubling, but not past the load at which the bins double too: then both grow in step, and neither
        // has memory that it cannot come to use.
        let doubled = (2 * slots).clamp(FIRST_CAPACITY, MAX_SLOTS);
        let target = if expected > slots { doubled.min(expected) } else { doubled };
        self.entries.try_reserve_exact(target - slots).map_err(|_| NoMemory)
    }

    fn reserve(&mut self, more: usize) -> Result<(), NoMemory> {
        if self.entries.len().checked_add(more).is_none_or(|slots| slots > MAX_SLOTS) {
            return Err(NoMemory);
        }
        self.entries.try_reserve_exact(more).map_err(|_| NoMemory)
    }

    /// By moving the entries to an array of their size: to shrink the one they are in would abort if it failed.
    fn shrink(&mut self) {
        let mut entries = Vec::new();
        if self.entries.len() < self.entries.capacity()
            && entries.try_reserve_exact(self.entries.len()).is_ok()
        {
            entries.append(&mut self.entries);
            self.entries = entries;
        }
    }

    #[inline]
    fn put(&mut self, entry: E) -> Slot {
        debug_assert!(self.has_room());
        self.entries.push(Some(entry));
        Slot::new(self.entries.len() - 1)
    }

    #[inline]
    fn remove(&mut self, slot: Slot) -> E {
        let entry = self.entries[slot.index()].take().expect("an occupied slot is removed");
        self.holes += 1;
        while let Some(None) = self.entries.last() {
            self.entries.pop();
            self.holes -= 1;
        }
        entry
    }

    fn compact(&mut self) {
        if self.holes != 0 {
            self.entries.retain(Option::is_some);
            self.holes = 0;
        }
    }

    fn zeroes(len: usize, load: usize) -> Result<Vec<u32>, NoMemory> {
        Z::zeroes(len, load)
    }
}

impl<E: Entry + Clone, Z: Zeroes> TryClone for Dense<E, Z> {
    fn try_clone(&self) -> Result<Self, NoMemory> {
        let mut entries = Vec::new();
        entries.try_reserve_exact(self.entries.len()).map_err(|_| NoMemory)?;
        entries.extend_from_slice(&self.entries);
        Ok(Self { entries, holes: self.holes, zeroes: PhantomData })
    }
}

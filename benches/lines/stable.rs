//! A store whose entries never move, as C's do: chunks that double, and a list of the vacant slots. In safe Rust,
//! so that only the layouts differ; `src/capi/chunks.rs` is the real one.

use hashtable::table::{Entry, MAX_SLOTS, NoMemory, Slot, Store};

/// Slots in the first chunk, and in the second; each one after that has twice as many as the one before.
const FIRST: usize = 16;

/// Entries in chunks. See the [module](self).
///
/// With `FRESH`, the store says that its slots are in the order of insertion, as they are until one is used again;
/// then the table resizes by streaming. Only a store that nothing is removed from may say so for good.
pub struct Stable<E, const FRESH: bool = false> {
    chunks: Vec<Vec<Option<E>>>,
    vacant: Vec<Slot>,
    slots: usize,
    capacity: usize,
}

impl<E, const FRESH: bool> Default for Stable<E, FRESH> {
    fn default() -> Self {
        Self { chunks: Vec::new(), vacant: Vec::new(), slots: 0, capacity: 0 }
    }
}

/// The chunk of a slot, and its place there.
#[inline]
fn place(slot: Slot) -> (usize, usize) {
    let index = slot.index();
    let chunk = (u32::BITS - (index as u32 / FIRST as u32).leading_zeros()) as usize;
    let first = if chunk == 0 { 0 } else { FIRST << (chunk - 1) };
    (chunk, index - first)
}

impl<E: Entry, const FRESH: bool> Store for Stable<E, FRESH> {
    type Entry = E;
    type Removed = E;
    const ORDERED: bool = FRESH;

    fn slots(&self) -> usize {
        self.slots
    }

    fn capacity(&self) -> usize {
        self.capacity
    }

    #[inline]
    fn has_room(&self) -> bool {
        self.slots < self.capacity || !self.vacant.is_empty()
    }

    fn heap_bytes(&self) -> usize {
        self.capacity * size_of::<Option<E>>() + self.vacant.capacity() * size_of::<Slot>()
    }

    #[inline]
    fn get(&self, slot: Slot) -> Option<&E> {
        let (chunk, at) = place(slot);
        self.chunks.get(chunk)?.get(at)?.as_ref()
    }

    #[inline]
    fn get_mut(&mut self, slot: Slot) -> Option<&mut E> {
        let (chunk, at) = place(slot);
        self.chunks.get_mut(chunk)?.get_mut(at)?.as_mut()
    }

    fn reserve_one(&mut self, _: usize) -> Result<(), NoMemory> {
        if self.has_room() {
            return Ok(());
        }
        let slots = FIRST.max(self.capacity);
        if self.capacity + slots > MAX_SLOTS {
            return Err(NoMemory);
        }
        let mut chunk = Vec::new();
        chunk.try_reserve_exact(slots).map_err(|_| NoMemory)?;
        self.chunks.push(chunk);
        self.capacity += slots;
        Ok(())
    }

    fn reserve(&mut self, _: usize) -> Result<(), NoMemory> {
        unimplemented!("the experiment only grows")
    }

    #[inline]
    fn put(&mut self, entry: E) -> Slot {
        if let Some(slot) = self.vacant.pop() {
            let (chunk, at) = place(slot);
            self.chunks[chunk][at] = Some(entry);
            return slot;
        }
        let slot = Slot::new(self.slots);
        self.chunks[place(slot).0].push(Some(entry));
        self.slots += 1;
        slot
    }

    #[inline]
    fn remove(&mut self, slot: Slot) -> E {
        let (chunk, at) = place(slot);
        self.vacant.push(slot);
        self.chunks[chunk][at].take().expect("an occupied slot is removed")
    }

    fn compact(&mut self) {
        assert!(self.vacant.is_empty(), "entries never move");
    }
}

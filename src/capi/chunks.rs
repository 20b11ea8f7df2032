//! Where items live: in chunks that never move.
//!
//! A C program holds an `ht_item *` for as long as the item is in the table, and a removed item for longer
//! than that, even after the table is gone. The 2014 library had that for nothing, with a malloc for each
//! item; here it costs no malloc and no byte an item.
//!
//! # Layout
//!
//! ```text
//!   Chunks (in the ht_table)
//!   ┌───────────┐        chunk 0: header and FIRST slots
//!   │ starts[0] ┼──────► ┌────────┬──────┬──────┬─── … ──┐
//!   │ starts[1] ┼────┐   │ header │ item │ item │        │
//!   │ …         │    │   └───┼────┴──────┴──────┴─── … ──┘
//!   │ count     │    │       │    chunk 1: as many again; chunk 2: twice that; …
//!   │ fresh     │    └───────┼──► ┌────────┬──────┬───────────── … ──┐
//!   │ family  ──┼──┐         │    │ header │ item │                  │
//!   └───────────┘  │         │    └───┼────┴──────┴───────────── … ──┘
//!                  ▼         ▼        ▼
//!                 ┌──────────────────────┐
//!                 │ Family: is the table │   one record, shared by the table's chunks
//!                 │ alive? its free list │
//!                 └──────────────────────┘
//! ```
//!
//! Each chunk doubles the number of slots, so a slot's chunk is a bit length, and the slots
//! are always a power of two: as many as the bins allow at a maximum load of a half, or of one. A chunk comes
//! from calloc, whose zeroes read as vacant items; what is not yet used of a large one is not yet memory
//! either. Items begin on a cache line, so that none is on two.
//!
//! # The life of a slot
//!
//! ```text
//!            put                   remove                ht_item_free
//!   Vacant ───────► Held (table) ─────────► Out (caller) ───────────► Vacant
//! ```
//!
//! | state | the item's link is |
//! |---|---|
//! | Vacant, never used | 0; slots from `fresh` on are like this |
//! | Vacant | the next slot of the free list |
//! | Held | the next item of its chain |
//! | Out | the item's own index in its chunk: the way back to the chunk's header |
//!
//! # Invariants
//!
//! 1. `starts[k]`, for `k < count`, is `first_slot(k)` items before the first item of chunk `k`, which has
//!    `slots_in(k)` of them behind its header. All of it is one allocation, initialised, and stays until the
//!    `Chunks` are dropped; if any of its items is out then, until the last of those is freed.
//! 2. A header's `out` counts the chunk's items that are out.
//! 3. The free list, which begins in the family, holds exactly the vacant slots below `fresh`, and the family
//!    counts them (but for chunks that are being filled as a copy, which nobody else sees yet).
//! 4. The family lives as long as any of its chunks.
//! 5. What a held item owns, and what one that is out owns (strings, the blocks of bytes), is NULL or malloc'ed,
//!    and its own.
//!
//! Nothing here is shared between threads: an item that is out belongs to its table as far as threads go, and
//! the header says so.

use super::huge_pages;
use super::item::{Item, State};
use crate::table::{Link, MAX_SLOTS, NoMemory, Slot, Store};
use libc::c_void;
use std::alloc::{Layout, alloc_zeroed};
use std::mem::size_of;
use std::ptr::{self, NonNull};
use std::slice;

/// Slots in the first chunk. Half a KiB: a small table costs little, and no table has many chunks.
const FIRST: usize = 16;

/// Enough for [`MAX_SLOTS`], and one to spare so that the bit length of any 32-bit number over `FIRST` is
/// below.
const MAX_CHUNKS: usize = 29;

/// What items are aligned to: a cache line, which two of them share.
const LINE: usize = 64;

/// Bins to an item from which on pages of bins would stay untouched: a page of 4 KiB has four times as many.
const SPARSE: usize = 256;

/// What malloc aligns to on every LP64 system.
const MALLOC_ALIGN: usize = 16;

/// What stands in front of a chunk's items.
#[repr(C)]
struct Header {
    /// The allocation that the chunk is in, for free.
    block: *mut c_void,
    family: NonNull<Family>,
    number: u32,
    /// How many of the chunk's items are out.
    out: u32,
    spare: u64,
}

const _: () = assert!(size_of::<Item>() == 32 && size_of::<Header>() == 32 && align_of::<Header>() <= 32);

/// What a table's chunks have in common, and an item that is out must find.
struct Family {
    /// The vacant slots that were used before, and how many.
    free: Link,
    vacant: usize,
    /// Whether the table lives.
    alive: bool,
    /// Once the table is dead: the chunks that items which are out keep.
    kept: usize,
    destroyer: Destroyer,
}

/// What becomes of a pointer that was a value: the caller's destructor with its context, if there is one.
#[derive(Clone, Copy)]
pub struct Destroyer {
    pub function: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
    pub context: *mut c_void,
}

impl Destroyer {
    pub const NONE: Self = Self { function: None, context: ptr::null_mut() };

    /// Calls the destructor, which may do with any table what it likes, but not end the one that it serves.
    ///
    /// # Safety
    ///
    /// 1. The pointer was the value of an item, and is not any more.
    /// 2. No reference to anything that C can reach is live: neither to a table nor to an item.
    #[inline]
    pub unsafe fn destroy(self, pointer: Option<NonNull<c_void>>) {
        if let (Some(function), Some(pointer)) = (self.function, pointer) {
            // SAFETY: the caller gave function and context for this; 1 and 2.
            unsafe { function(pointer.as_ptr(), self.context) }
        }
    }
}

/// The number of the chunk that holds `slot`: how many bits its number has more than the last one of the first chunk.
#[inline]
fn chunk_of(slot: Slot) -> usize {
    ((slot.index() as u32 | (FIRST as u32 - 1)).ilog2() - (FIRST as u32 - 1).ilog2()) as usize
}

/// The number of slots before those of `chunk`.
fn first_slot(chunk: usize) -> usize {
    if chunk == 0 { 0 } else { FIRST << (chunk - 1) }
}

/// The number of slots in `chunk`.
fn slots_in(chunk: usize) -> usize {
    FIRST << chunk.saturating_sub(1)
}

/// The bytes to ask calloc for: header, items, and what it may take to begin the items on a line.
fn block_bytes(chunk: usize) -> usize {
    size_of::<Header>() + (LINE - MALLOC_ALIGN) + slots_in(chunk) * size_of::<Item>()
}

/// Items in chunks that never move. See the [module](self).
pub struct Chunks {
    /// Where slot 0 would be, were all slots in one array with those of this chunk. So an item's address is
    /// one load and one addition.
    starts: [*mut Item; MAX_CHUNKS],
    /// How many chunks there are.
    count: usize,
    /// The slots in them.
    capacity: usize,
    /// The first slot that was never used; all from there on are vacant.
    fresh: usize,
    /// Whether a slot was used again, so that slots do not ascend in the order of insertion.
    mixed: bool,
    /// Comes with the first chunk.
    family: Option<NonNull<Family>>,
    destroyer: Destroyer,
}

impl Default for Chunks {
    fn default() -> Self {
        Self::new(Destroyer::NONE)
    }
}

impl Chunks {
    /// No chunk yet; pointers that are values will go to `destroyer`.
    pub fn new(destroyer: Destroyer) -> Self {
        Self {
            starts: [ptr::null_mut(); MAX_CHUNKS],
            count: 0,
            capacity: 0,
            fresh: 0,
            mixed: false,
            family: None,
            destroyer,
        }
    }

    pub fn destroyer(&self) -> Destroyer {
        self.destroyer
    }

    /// Chunks for a copy of these: as many slots below `fresh`, all vacant, to be [written](Self::write) one by one,
    /// and [listed](Self::list_vacant) then.
    pub fn vacant_copy(&self) -> Result<Self, NoMemory> {
        let mut chunks = Self::new(self.destroyer);
        chunks.reserve(self.fresh)?;
        chunks.fresh = self.fresh;
        chunks.mixed = self.mixed;
        Ok(chunks)
    }

    /// Puts an item that is held into a slot that is vacant, below `fresh` and not yet on the free list.
    pub fn write(&mut self, slot: Slot, item: Item) {
        debug_assert!(slot.index() < self.fresh && item.is(State::Held) && self.get(slot).is_none());
        let place = self.address(slot).expect("the slot is below `fresh`");
        // SAFETY: the slot is vacant: nobody has a pointer to it, and it holds nothing.
        unsafe { place.write(item) };
    }

    /// Makes the free list anew: every vacant slot below `fresh`, the first one first.
    pub fn list_vacant(&mut self) {
        let Some(family) = self.family else { return };
        let (mut free, mut vacant) = (Link::END, 0);
        for slot in (0..self.fresh).rev().map(Slot::new) {
            let Some(item) = self.address(slot) else { continue };
            // SAFETY: invariant 1; a reference to a vacant item is nobody's but ours, and to others none is made.
            unsafe {
                if (*item.as_ptr()).is(State::Vacant) {
                    (*item.as_ptr()).link = free;
                    free = Link::to(slot);
                    vacant += 1;
                }
            }
        }
        // SAFETY: invariant 4.
        unsafe {
            (*family.as_ptr()).free = free;
            (*family.as_ptr()).vacant = vacant;
        }
    }

    /// How many items can be put before another chunk has to be made.
    fn room(&self) -> usize {
        // SAFETY: by invariant 4; the family is shared, but not with another thread, and this is only a read.
        let vacant = self.family.map_or(0, |family| unsafe { (*family.as_ptr()).vacant });
        self.capacity - self.fresh + vacant
    }

    /// Whether an item of `chunk` is held or out.
    fn is_used(&self, chunk: usize) -> bool {
        // SAFETY: invariant 1.
        let out = unsafe { (*self.header(chunk).as_ptr()).out };
        out > 0 || (first_slot(chunk)..self.fresh).any(|slot| self.get(Slot::new(slot)).is_some())
    }

    /// Where the item in `slot` is, whatever its state; `None` if there is no such slot yet.
    #[inline]
    pub fn address(&self, slot: Slot) -> Option<NonNull<Item>> {
        let chunk = chunk_of(slot);
        (chunk < self.count).then(|| {
            let item = self.starts[chunk].wrapping_add(slot.index());
            // SAFETY: by invariant 1 this is an item of the chunk that holds the slot, so it is not NULL.
            unsafe { NonNull::new_unchecked(item) }
        })
    }

    /// The header of `chunk`, which exists.
    fn header(&self, chunk: usize) -> NonNull<Header> {
        debug_assert!(chunk < self.count);
        let first = self.starts[chunk].wrapping_add(first_slot(chunk));
        // SAFETY: by invariant 1 the chunk's header is right before its first item, in the same allocation.
        unsafe { NonNull::new_unchecked(first).cast::<Header>().sub(1) }
    }

    fn free_list(&self) -> Link {
        // SAFETY: by invariant 4; the family is shared, but not with another thread, and this is only a read.
        self.family.map_or(Link::END, |family| unsafe { (*family.as_ptr()).free })
    }

    /// The family, made if need be.
    fn family(&mut self) -> Result<NonNull<Family>, NoMemory> {
        if let Some(family) = self.family {
            return Ok(family);
        }
        // SAFETY: malloc may be called with any size.
        let family = unsafe { libc::malloc(size_of::<Family>()) };
        let family = NonNull::new(family.cast::<Family>()).ok_or(NoMemory)?;
        // SAFETY: fresh memory of the right size, and malloc aligns for any type.
        unsafe {
            family.write(Family {
                free: Link::END,
                vacant: 0,
                alive: true,
                kept: 0,
                destroyer: self.destroyer,
            });
        }
        self.family = Some(family);
        Ok(family)
    }

    /// Makes the next chunk.
    fn add_chunk(&mut self) -> Result<(), NoMemory> {
        let number = self.count;
        let family = self.family()?;
        // SAFETY: calloc may be called with any size.
        let block = unsafe { libc::calloc(1, block_bytes(number)) };
        let block_start = NonNull::new(block.cast::<u8>()).ok_or(NoMemory)?;
        // Items come one after the other, so that a huge page is no sooner there than it is used.
        huge_pages::advise(block_start, block_bytes(number));
        // SAFETY: the header and the padding are within the block: `block_bytes` counts both, the block is
        // aligned to `MALLOC_ALIGN` and so is the header's size, so the padding is `LINE - MALLOC_ALIGN` at
        // most.
        let first = unsafe {
            let after_header = block_start.add(size_of::<Header>());
            after_header.add(after_header.align_offset(LINE)).cast::<Item>()
        };
        let header = Header { block, family, number: number as u32, out: 0, spare: 0 };
        // SAFETY: the header's place is within the block, by the above, and aligned, since `LINE` and the
        // header's size are multiples of its alignment.
        unsafe { first.cast::<Header>().sub(1).write(header) };
        self.starts[number] = first.as_ptr().wrapping_sub(first_slot(number));
        self.count += 1;
        self.set_capacity();
        Ok(())
    }

    /// Makes `capacity` true again. The last chunk there can be holds one slot more than links can lead to.
    fn set_capacity(&mut self) {
        self.capacity = first_slot(self.count).min(MAX_SLOTS);
    }
}

/// Frees an item that is out and what it owns, and hands a pointer that is its value to the destructor. Does
/// nothing to an item in any other state: one that its table still holds, or (as long as the table lives) one that
/// was freed before.
///
/// # Safety
///
/// 1. The item is one that a table handed out, and its chunk lives: it was not freed after the table was.
/// 2. Nobody uses the item or its table meanwhile, nor what the item owns from now on.
pub unsafe fn give_back(mut item: NonNull<Item>) {
    // SAFETY: by 1 the item is there, and by 2 it is ours.
    let gone = unsafe { item.as_mut() };
    if !gone.is(State::Out) {
        return;
    }
    // SAFETY: invariant 5.
    let pointer = unsafe { gone.empty() };
    gone.becomes(State::Vacant);
    let index = gone.link.slot().map_or(0, Slot::index);
    // SAFETY: the item was out, so its link is its index in its chunk, whose header is right before item 0.
    let header = unsafe { item.sub(index).cast::<Header>().sub(1) };
    // SAFETY: invariants 1 and 4, since the chunk had an item out until now; by 2 nobody else is at it.
    // `item`, `header` and `family` are three places, and no other reference to any of them is live.
    let destroyer = unsafe {
        let Header { block, family, number, out, .. } = &mut *header.as_ptr();
        *out -= 1;
        let relatives = &mut *family.as_ptr();
        let destroyer = relatives.destroyer;
        if relatives.alive {
            (*item.as_ptr()).link = relatives.free;
            relatives.free = Link::to(Slot::new(first_slot(*number as usize) + index));
            relatives.vacant += 1;
        } else if *out == 0 {
            relatives.kept -= 1;
            let last = relatives.kept == 0;
            let family = *family;
            libc::free(*block);
            if last {
                libc::free(family.as_ptr().cast());
            }
        }
        destroyer
    };
    // SAFETY: 1: the item has forgotten it. 2: the last reference was used above.
    unsafe { destroyer.destroy(pointer) };
}

impl Store for Chunks {
    type Entry = Item;
    /// The item stays where it is, and is now the caller's.
    type Removed = NonNull<Item>;
    const ORDERED: bool = false;

    fn slots(&self) -> usize {
        self.fresh
    }

    fn in_order(&self) -> bool {
        !self.mixed
    }

    fn capacity(&self) -> usize {
        self.capacity
    }

    #[inline]
    fn has_room(&self) -> bool {
        self.fresh < self.capacity || self.free_list() != Link::END
    }

    fn heap_bytes(&self) -> usize {
        let family = if self.family.is_some() { size_of::<Family>() } else { 0 };
        family + (0..self.count).map(block_bytes).sum::<usize>()
    }

    #[inline]
    fn get(&self, slot: Slot) -> Option<&Item> {
        // SAFETY: by invariant 1 the item is there for as long as `self` is borrowed; whoever has a pointer
        // to it does not use it during a call (the header demands it).
        let item = unsafe { self.address(slot)?.as_ref() };
        item.is(State::Held).then_some(item)
    }

    #[inline]
    fn get_mut(&mut self, slot: Slot) -> Option<&mut Item> {
        // SAFETY: as in `get`, and `self` is borrowed mutably, so that there is no other reference.
        let item = unsafe { self.address(slot)?.as_mut() };
        item.is(State::Held).then_some(item)
    }

    #[inline]
    fn down_from(&self, slot: Slot) -> impl Iterator<Item = (Slot, &Item)> {
        let first = first_slot(chunk_of(slot));
        let count = self.address(slot).map_or(0, |_| slot.index() - first + 1);
        let start =
            self.starts.get(chunk_of(slot)).map_or(ptr::null_mut(), |start| start.wrapping_add(first));
        // SAFETY: by invariant 1 these are items of the chunk that holds the slot, side by side, as in `get`.
        let row = if count == 0 { &[] } else { unsafe { slice::from_raw_parts(start, count) } };
        row.iter()
            .enumerate()
            .rev()
            .take_while(|(_, item)| item.is(State::Held))
            .map(move |(index, item)| (Slot::new(first + index), item))
    }

    /// The load at which the table resizes is of no use here: a chunk is as large as its number says, and
    /// what is never touched of a large one costs nothing.
    #[inline]
    fn reserve_one(&mut self, _expected: usize) -> Result<(), NoMemory> {
        if self.has_room() {
            return Ok(());
        }
        if self.capacity >= MAX_SLOTS {
            return Err(NoMemory);
        }
        self.add_chunk()
    }

    fn reserve(&mut self, more: usize) -> Result<(), NoMemory> {
        while self.room() < more {
            if self.capacity >= MAX_SLOTS {
                return Err(NoMemory);
            }
            self.add_chunk()?;
        }
        Ok(())
    }

    /// Chunks go from the last one down, as far as no item of them is held or out.
    fn shrink(&mut self) {
        let before = self.count;
        while self.count > 0 && !self.is_used(self.count - 1) {
            let last = self.count - 1;
            // SAFETY: invariants 1 and 2: nobody has any business with this chunk any more. The free list may
            // still lead into it, until it is made anew below.
            unsafe { libc::free((*self.header(last).as_ptr()).block) };
            self.starts[last] = ptr::null_mut();
            self.count = last;
            self.fresh = self.fresh.min(first_slot(last));
        }
        if self.count < before {
            self.set_capacity();
            self.list_vacant();
        }
    }

    fn emptied(&self) -> Self {
        Self::new(self.destroyer)
    }

    #[inline]
    fn put(&mut self, entry: Item) -> Slot {
        debug_assert!(self.has_room() && entry.is(State::Held));
        // A slot that was used before is the likelier one to be in a cache.
        let slot = self.free_list().slot().unwrap_or_else(|| Slot::new(self.fresh));
        let item = self.address(slot).expect("there is room");
        if slot.index() == self.fresh {
            self.fresh += 1;
        } else if let Some(family) = self.family {
            self.mixed = true;
            // SAFETY: the slot is vacant and its link is the free list's next (invariant 3); the family lives
            // (invariant 4).
            unsafe {
                (*family.as_ptr()).free = (*item.as_ptr()).link;
                (*family.as_ptr()).vacant -= 1;
            }
        }
        // SAFETY: the slot is vacant: nobody has a pointer to it, and what it held was freed.
        unsafe { item.write(entry) };
        slot
    }

    #[inline]
    fn remove(&mut self, slot: Slot) -> NonNull<Item> {
        let chunk = chunk_of(slot);
        let index = slot.index() - first_slot(chunk);
        let header = self.header(chunk);
        let item = self.address(slot).expect("an occupied slot is removed");
        // SAFETY: header and item are there (invariant 1), are two places, and `self` is borrowed mutably.
        unsafe {
            debug_assert!(item.as_ref().is(State::Held));
            (*item.as_ptr()).becomes(State::Out);
            (*item.as_ptr()).link = Link::to(Slot::new(index));
            (*header.as_ptr()).out += 1;
        }
        item
    }

    fn compact(&mut self) {
        unreachable!("items never move");
    }

    fn zeroes(len: usize, load: usize) -> Result<Vec<u32>, NoMemory> {
        let layout = Layout::array::<u32>(len).map_err(|_| NoMemory)?;
        if layout.size() == 0 {
            return Ok(Vec::new());
        }
        // SAFETY: the layout's size is not 0.
        let zeroes = NonNull::new(unsafe { alloc_zeroed(layout) }).ok_or(NoMemory)?;
        if load >= len / SPARSE {
            huge_pages::advise(zeroes, layout.size());
        }
        let zeroes = NonNull::slice_from_raw_parts(zeroes.cast::<u32>(), len);
        // SAFETY: from the global allocator, with the layout of `len` u32, all of them initialised, and
        // nobody else's.
        Ok(unsafe { Box::from_raw(zeroes.as_ptr()) }.into_vec())
    }
}

/// Frees what every item that is held owns, and every chunk of which no item is out; the others are left to
/// [`give_back`].
///
/// The destructor may free items that are out meanwhile: that changes headers and the family, and no item that is
/// held. Whoever drops chunks that have a destructor has taken them out of the reach of C.
impl Drop for Chunks {
    fn drop(&mut self) {
        for index in 0..self.fresh {
            if let Some(item) = self.get_mut(Slot::new(index)) {
                // SAFETY: invariant 5; the slot is vacant from now on.
                let pointer = unsafe { item.empty() };
                item.becomes(State::Vacant);
                // SAFETY: 1: the item has forgotten it. 2: `item` is not used again, and by the above C does not
                // reach these chunks.
                unsafe { self.destroyer.destroy(pointer) };
            }
        }
        let mut kept = 0;
        for chunk in 0..self.count {
            let header = self.header(chunk).as_ptr();
            // SAFETY: invariants 1 and 2: if no item is out, nobody has any business with the chunk any more.
            unsafe {
                if (*header).out == 0 {
                    libc::free((*header).block);
                } else {
                    kept += 1;
                }
            }
        }
        if let Some(family) = self.family {
            // SAFETY: the family is there (invariant 4). If no chunk is kept, nobody else knows of it.
            unsafe {
                if kept == 0 {
                    libc::free(family.as_ptr().cast());
                } else {
                    (*family.as_ptr()).alive = false;
                    (*family.as_ptr()).kept = kept;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::item::Datum;
    use super::*;

    fn item(number: usize) -> Item {
        Item::new(number as i64, Datum::Integer(number as i64), 0, Datum::Double(0.5))
    }

    fn filled(count: usize) -> Chunks {
        let mut chunks = Chunks::default();
        for number in 0..count {
            chunks.reserve_one(0).unwrap();
            assert_eq!(chunks.put(item(number)).index(), number);
        }
        chunks
    }

    fn free(item: NonNull<Item>) {
        // SAFETY: 1 and 2: the tests free what they removed, once after the table, and have one thread.
        unsafe { give_back(item) }
    }

    #[test]
    fn every_slot_is_in_one_chunk() {
        let mut slots = 0;
        for chunk in 0..=27 {
            assert_eq!(first_slot(chunk), slots);
            for slot in [slots, slots + slots_in(chunk) - 1] {
                if slot < MAX_SLOTS {
                    assert_eq!(chunk_of(Slot::new(slot)), chunk, "slot {slot}");
                }
            }
            slots += slots_in(chunk);
        }
        assert!(slots >= MAX_SLOTS);
    }

    #[test]
    fn items_never_move_and_lie_on_cache_lines() {
        let mut chunks = filled(1);
        let first = chunks.address(Slot::new(0)).unwrap();
        for number in 1..5000 {
            chunks.reserve_one(0).unwrap();
            chunks.put(item(number));
        }
        assert_eq!(chunks.address(Slot::new(0)), Some(first));
        for number in 0..5000 {
            let slot = Slot::new(number);
            assert_eq!(chunks.get(slot).unwrap().hash, number as i64);
            let address = chunks.address(slot).unwrap().as_ptr() as usize;
            assert_eq!(address % 32, 0);
            assert_eq!(address % LINE, number % 2 * 32);
        }
        assert_eq!(chunks.capacity(), 8192);
        assert!(chunks.get(Slot::new(5000)).is_none());
        assert!(chunks.get(Slot::new(8192)).is_none());
        assert!(chunks.get(Slot::new(MAX_SLOTS - 1)).is_none());
    }

    #[test]
    fn a_slot_is_used_again_once_its_item_is_freed_and_not_before() {
        let mut chunks = filled(48);
        let out = chunks.remove(Slot::new(40));
        assert_eq!(Some(out), chunks.address(Slot::new(40)));
        assert!(chunks.get(Slot::new(40)).is_none());
        chunks.reserve_one(0).unwrap();
        assert_eq!(chunks.put(item(48)).index(), 48);
        free(out);
        free(out);
        assert_eq!(chunks.put(item(49)).index(), 40);
        assert_eq!(chunks.put(item(50)).index(), 49);
        free(chunks.address(Slot::new(49)).unwrap());
        assert_eq!(chunks.get(Slot::new(49)).unwrap().hash, 50, "a held item is not freed");
    }

    #[test]
    fn freed_slots_are_room() {
        let mut chunks = filled(16);
        assert!(!chunks.has_room());
        let out: Vec<_> = (0..16).map(|slot| chunks.remove(Slot::new(slot))).collect();
        assert!(!chunks.has_room());
        out.into_iter().for_each(free);
        for number in 0..16 {
            assert!(chunks.has_room());
            chunks.put(item(number));
        }
        assert!(!chunks.has_room());
        assert_eq!(chunks.slots(), 16);
    }

    #[test]
    fn items_that_are_out_outlive_the_chunks() {
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
            let mut chunks = filled(100);
            let out = [3, 5, 40, 99].map(|slot| chunks.remove(Slot::new(slot)));
            drop(chunks);
            for pick in order {
                // SAFETY: out, and not yet freed.
                assert_eq!(unsafe { out[pick].as_ref() }.hash, [3, 5, 40, 99][pick]);
                free(out[pick]);
            }
        }
    }

    #[test]
    fn zeroes_are_zero_or_refused() {
        assert_eq!(Chunks::zeroes(5, 0), Ok(vec![0; 5]));
        assert_eq!(Chunks::zeroes(0, 0), Ok(vec![]));
        for len in [1 << 61, 1 << 62, usize::MAX] {
            assert_eq!(Chunks::zeroes(len, len), Err(NoMemory));
        }
    }
}

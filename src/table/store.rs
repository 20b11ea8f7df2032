//! Where entries live, as far as the table needs to know.
//!
//! The table chains entries by number. What an entry holds, and how the memory for entries is laid out, is
//! the affair of the layer that uses the table: it implements [`Entry`] for its record and either takes
//! [`Dense`](super::Dense) for the memory or brings a [`Store`] of its own.

use std::error::Error;
use std::fmt;

/// The largest number of slots that a store may hand out.
///
/// A head packs a link (a slot's number plus one) and at least one tag bit into 32 bits.
pub const MAX_SLOTS: usize = (1 << 31) - 1;

/// The place of one entry in its [`Store`]: a number that stays the entry's own until the entry is removed or,
/// in a store that moves its entries, until the table makes room for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot(u32);

impl Slot {
    /// The slot with this index.
    ///
    /// # Panics
    ///
    /// If `index` is not below [`MAX_SLOTS`], in a debug build.
    #[inline]
    pub fn new(index: usize) -> Self {
        debug_assert!(index < MAX_SLOTS, "slot {index} is out of range");
        Self(index as u32)
    }

    /// The slot's index, from 0.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The way from an entry to the one before it in its chain: a slot, or the end. It fits in the 32 bits that an entry
/// spares for it; the bit pattern 0 is [`Link::END`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct Link(u32);

impl Link {
    /// The end of a chain.
    pub const END: Self = Self(0);

    /// The link that leads to `slot`.
    #[inline]
    pub fn to(slot: Slot) -> Self {
        Self(slot.0 + 1)
    }

    /// Where the link leads; `None` at the end.
    #[inline]
    pub fn slot(self) -> Option<Slot> {
        self.0.checked_sub(1).map(Slot)
    }

    /// Whether the link leads to the slot just below `slot`; below the first one is the end.
    #[inline]
    pub(super) fn is_below(self, slot: Slot) -> bool {
        self.0 == slot.0
    }

    #[inline]
    pub(super) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    #[inline]
    pub(super) fn bits(self) -> u32 {
        self.0
    }
}

/// A record that a table can chain. It keeps the full hash that it was given, so that a resize never asks for
/// it again (T4), and spares 32 bits for the chain.
pub trait Entry {
    /// The hash that the entry was made with. It never changes.
    fn hash(&self) -> i64;
    /// The entry that comes before this one in the chain, and is the next that a search looks at.
    fn next(&self) -> Link;
    /// Sets that entry. Only the table calls this.
    fn set_next(&mut self, next: Link);
}

/// No memory, or no number left, for what was asked. The table is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMemory;

impl fmt::Display for NoMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no memory for the hash table")
    }
}

impl Error for NoMemory {}

/// The memory of a table's entries.
///
/// A store hands out numbered slots, each vacant or occupied by one entry. The table decides which slots are
/// chained where; the store only keeps them.
pub trait Store: Default {
    /// What a slot holds.
    type Entry: Entry;

    /// Whether slots always ascend in the order of insertion, holes in between. If so, the table may compact the
    /// store, which moves entries; if not, entries never move and a vacated slot may be used again.
    const ORDERED: bool;

    /// Whether slots ascend in the order of insertion now: so they do until the first one is used again. If so,
    /// a resize streams through the store; if not, it walks every chain.
    fn in_order(&self) -> bool {
        Self::ORDERED
    }

    /// The number of slots up to the last occupied one, holes included.
    fn slots(&self) -> usize;

    /// The number of slots for which there is memory.
    fn capacity(&self) -> usize;

    /// Whether a slot is ready, so that [`put`](Store::put) cannot fail.
    fn has_room(&self) -> bool;

    /// The bytes of heap memory behind the entries.
    fn heap_bytes(&self) -> usize;

    /// The entry in `slot`, or `None` if the slot is vacant.
    fn get(&self, slot: Slot) -> Option<&Self::Entry>;

    /// The entry in `slot`, or `None` if the slot is vacant.
    fn get_mut(&mut self, slot: Slot) -> Option<&mut Self::Entry>;

    /// The entry in `slot` and those below it, downwards, as far as they lie side by side in memory. Ends before a slot
    /// that is vacant.
    fn down_from(&self, slot: Slot) -> impl Iterator<Item = (Slot, &Self::Entry)>;

    /// Makes sure that there [is room](Store::has_room). `expected` is
    /// the load at which the table will resize next, or a number below it that says nothing: there is no use
    /// for more slots than that before then.
    ///
    /// # Errors
    ///
    /// [`NoMemory`], and nothing has changed.
    fn reserve_one(&mut self, expected: usize) -> Result<(), NoMemory>;

    /// Makes sure that there is room for `more` entries, one after the other.
    ///
    /// # Errors
    ///
    /// [`NoMemory`]. There may be more room than before, and else nothing has changed.
    fn reserve(&mut self, more: usize) -> Result<(), NoMemory>;

    /// Gives back memory that no entry is in, as far as that can be done without moving one that must not move.
    /// An ordered store was compacted just before. What cannot be had for it is not needed: then it does less.
    fn shrink(&mut self) {}

    /// An empty store of the same make, which needs no memory.
    #[must_use]
    fn emptied(&self) -> Self {
        Self::default()
    }

    /// Puts `entry` into a vacant slot. There is one: [`reserve_one`](Store::reserve_one) was called.
    fn put(&mut self, entry: Self::Entry) -> Slot;

    /// What becomes of an entry that leaves the table.
    type Removed;

    /// Vacates `slot`, which is occupied. Needs no memory.
    fn remove(&mut self, slot: Slot) -> Self::Removed;

    /// Closes up the holes; entries keep their order and get new slots. Called only on an
    /// [ordered](Store::ORDERED) store, and needs no memory.
    fn compact(&mut self);

    /// An array of `len` zeroes, for the heads of the bins. See [`Zeroes`].
    ///
    /// # Errors
    ///
    /// [`NoMemory`] when there is none.
    fn zeroes(len: usize, load: usize) -> Result<Vec<u32>, NoMemory> {
        Written::zeroes(len, load)
    }
}

/// A store that can be copied, slot by slot.
pub trait TryClone: Store {
    /// A store with the same entries in the same slots.
    ///
    /// # Errors
    ///
    /// [`NoMemory`] when there is none.
    fn try_clone(&self) -> Result<Self, NoMemory>;
}

/// A source of arrays of zeroes.
///
/// Safe Rust can only have memory and write zeroes into it. A layer that may use `calloc` gets them from the
/// system for nothing, and touches no memory until it is used: so a table of 2^32 bins costs what is put into it.
pub trait Zeroes {
    /// An array of `len` zeroes. `load` of them, as good as chosen at random, will be written soon: where that is
    /// about every page, a layer may ask for huge ones.
    ///
    /// # Errors
    ///
    /// [`NoMemory`] when there is none.
    fn zeroes(len: usize, load: usize) -> Result<Vec<u32>, NoMemory>;
}

/// Zeroes that are written one by one.
#[derive(Debug)]
pub struct Written;

impl Zeroes for Written {
    fn zeroes(len: usize, _load: usize) -> Result<Vec<u32>, NoMemory> {
        let mut zeroes = Vec::new();
        zeroes.try_reserve_exact(len).map_err(|_| NoMemory)?;
        zeroes.resize(len, 0);
        Ok(zeroes)
    }
}

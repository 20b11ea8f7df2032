//! The hash table: separate chaining by index, in safe Rust.
//!
//! This module knows neither Python nor C, so that the compiler checks that it does not use them: no pointer,
//! no reference count, no hash function and no notion of what a key is. It is *given* the hash of a key, and a
//! closure that judges whether an entry holds that key; it never computes a hash, never prints, never calls
//! back while it is being changed.
//!
//! # Layout
//!
//! ```text
//!   heads: u32 each, tag and link       the store: one slot an entry, in order of insertion
//!   ┌────┐                              ┌──────────┬─────┬───────┬──────┬─────────┐
//! 0 │  ──┼──────┐                     0 │ hash     │ key │ value │  ·   │◄─┐ kind │
//!   ├────┤      │                       ├──────────┼─────┼───────┼──────┼──┼──────┤
//! 1 │  · │      │ ┌──────────────────►1 │ …        │     │       │  ·   │  │      │
//!   ├────┤      │ │                     ├──────────┼─────┼───────┼──────┼──┼──────┤
//! 2 │  ──┼──────┼─┘  ┌───────────────►2 │ …        │     │       │ next─┼──┘      │
//!   ├────┤      └────┘                  └──────────┴─────┴───────┴──────┴─────────┘
//! 3 │  · │                              size = 4, load = 3: bin 0 holds a chain of two
//!   └────┘
//! ```
//!
//! No entry is allocated on its own. A chain is a list of numbers, and the numbers are 32 bits, which halves
//! the memory of pointers and lets the store move (or not: see [`Store`]). What an entry holds beyond its hash
//! and its link is the affair of whoever implements [`Entry`].
//!
//! A head leads to the *tail* of its chain, and each link to the entry before. So adding at the tail takes no
//! walk to it: an insertion of a million random keys takes half the time that it took with links the other way.
//! A search goes from the youngest entry to the eldest; only [`chain`](Table::chain), which is for looking, goes
//! to the trouble of turning a chain round.
//!
//! # Rules, and what they cost
//!
//! `n` is the load; a chain's length is about `load / size` if the hash function is any good, and `n` if not.
//!
//! | rule | | cost |
//! |---|---|---|
//! | T1 | an entry lives in bin `hash mod size` (floor modulo); a new one goes to its chain's tail | the search |
//! | T2 | `load / size <= max_load` after every operation, where there is a maximum | |
//! | T3 | adding a *new* key doubles `size` until T2 holds; replacing never resizes, removal never shrinks (only [`shrink`](Table::shrink) does) | `n`, once in `n` |
//! | T4 | a resize keeps the order within each bin, and asks for no hash and no comparison | `n + size` |
//! | T8 | what cannot be had is [`NoMemory`], and the table is as it was | |
//!
//! # Subtleties
//!
//! * Judging a key may need code that could change this very table. The table does not let that happen while
//!   it is borrowed: a judge may answer [`Judgement::Unsure`], the search then returns with the slot, the
//!   caller finds out on its own time, compares [`version`](Table::version) and goes on with
//!   [`search_after`](Table::search_after) or starts again.
//! * Adding is in three steps, so that a caller can take ownership at exactly the right moment: a search that
//!   ends in a [`Vacancy`]; [`make_room`](Table::make_room), which may fail and then has changed nothing; and
//!   [`Room::fill`], which cannot fail.
//! * A slot is good until the entry is removed. In an [ordered](Store::ORDERED) store, making room ends every
//!   slot's life; the version says whether it did.

#![forbid(unsafe_code)]

mod bins;
mod dense;
mod load;
mod store;
pub(crate) mod watch;

pub use dense::Dense;
pub use load::MaxLoad;
pub use store::{Entry, Link, MAX_SLOTS, NoMemory, Slot, Store, TryClone, Written, Zeroes};

use bins::{Bins, tag_bits_for};
use std::num::NonZeroUsize;
use watch::tell;

/// What a judge says of an entry that has the right hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It holds the key.
    Same,
    /// It holds another key.
    Different,
    /// Only code that must not run while the table is borrowed can tell.
    Unsure,
}

/// How a search ended.
#[derive(Clone, Copy, Debug)]
pub enum Search {
    /// The key is in this slot.
    Found(Slot),
    /// The judge is unsure of this slot; nothing before it in the chain holds the key.
    Unsure(Slot),
    /// The key is not in the table. Here is where it would go.
    Missing(Vacancy),
}

/// A key is missing, and this is its hash. Good until the table changes.
#[derive(Clone, Copy, Debug)]
pub struct Vacancy {
    hash: i64,
    version: u64,
}

/// Room for one entry, made and not yet filled. See [`Table::make_room`].
#[derive(Debug)]
pub struct Room<'t, S: Store> {
    table: &'t mut Table<S>,
    hash: i64,
}

/// The most bins that wait for the first entry to be made. Whether memory can hold more is said when the table is
/// made.
const MAX_UNMADE: usize = 64;

/// A chained hash table over a [`Store`]. See the [module](self).
#[derive(Debug)]
pub struct Table<S> {
    bins: Bins,
    store: S,
    load: usize,
    /// The largest load that `size` bins may hold; `MAX_SLOTS` where there is no maximum.
    limit: usize,
    max_load: Option<MaxLoad>,
    resizes: usize,
    version: u64,
}

impl<S: Store> Table<S> {
    /// An empty table of `size` bins that resizes when its load would exceed `max_load`, or never.
    ///
    /// # Errors
    ///
    /// [`NoMemory`] if memory cannot hold that many bins.
    #[inline]
    pub fn new(size: NonZeroUsize, max_load: Option<MaxLoad>) -> Result<Self, NoMemory> {
        Self::over(S::default(), size, max_load)
    }

    /// As [`new`](Table::new), over a store of the caller's, which is empty.
    ///
    /// # Errors
    ///
    /// [`NoMemory`] if memory cannot hold that many bins.
    #[inline(always)]
    pub fn over(store: S, size: NonZeroUsize, max_load: Option<MaxLoad>) -> Result<Self, NoMemory> {
        debug_assert_eq!(store.slots(), 0, "a table begins empty");
        let size = size.get();
        let limit = max_load.map_or(MAX_SLOTS, |max| max.limit(size));
        let tag_bits = tag_bits(size, limit, &store);
        let bins = if size <= MAX_UNMADE && !store.has_room() {
            Bins::unmade(size, tag_bits)
        } else {
            Bins::new(S::zeroes(size, 0)?, tag_bits)
        };
        Ok(Self { bins, store, load: 0, limit, max_load, resizes: 0, version: 0 })
    }

    /// The number of bins now.
    #[inline]
    pub fn size(&self) -> usize {
        self.bins.size()
    }

    /// The number of entries.
    #[inline]
    pub fn load(&self) -> usize {
        self.load
    }

    /// The largest proportion of load to size, or `None` for a table that never resizes.
    pub fn max_load(&self) -> Option<MaxLoad> {
        self.max_load
    }

    /// How often the table has doubled its bins to make room.
    pub fn resizes(&self) -> usize {
        self.resizes
    }

    /// A number that changes whenever an entry comes, goes or moves to another slot.
    #[inline]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The bytes of heap memory behind the bins and the entries.
    pub fn heap_bytes(&self) -> usize {
        self.bins.heap_bytes() + self.store.heap_bytes()
    }

    /// The bin that `hash` belongs to.
    #[inline]
    pub fn bin_of(&self, hash: i64) -> usize {
        self.bins.bin_of(hash)
    }

    /// The entry in `slot`.
    ///
    /// # Panics
    ///
    /// If the slot is vacant.
    #[inline]
    pub fn entry(&self, slot: Slot) -> &S::Entry {
        occupant(&self.store, slot)
    }

    /// The entry in `slot`, to change. Its hash and its link are not to be changed.
    ///
    /// # Panics
    ///
    /// If the slot is vacant.
    #[inline]
    pub fn entry_mut(&mut self, slot: Slot) -> &mut S::Entry {
        self.store.get_mut(slot).expect("the slot is occupied")
    }

    /// The store, to look at or to walk through.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// How the entries are spread over the bins. Costs a walk through everything.
    pub fn statistics(&self) -> Statistics {
        let mut statistics = Statistics { size: self.size(), load: self.load, ..Statistics::default() };
        for bin in 0..self.size() {
            let length = self.chain(bin).len();
            statistics.occupied_bins += usize::from(length > 0);
            statistics.longest_chain = statistics.longest_chain.max(length);
            // The first entry of a chain takes one probe to find, the second two, and so on.
            statistics.hit_probes += length * (length + 1) / 2;
        }
        statistics
    }

    /// A table with the same bins, the same chains and the same parameters, made without a hash or a comparison.
    ///
    /// # Errors
    ///
    /// [`NoMemory`].
    pub fn try_clone(&self) -> Result<Self, NoMemory>
    where
        S: TryClone,
    {
        self.try_clone_over(self.store.try_clone()?)
    }

    /// As [`try_clone`](Table::try_clone), over a copy of the store that the caller has made: the same entries,
    /// links included, in the same slots.
    ///
    /// # Errors
    ///
    /// [`NoMemory`].
    pub fn try_clone_over(&self, store: S) -> Result<Self, NoMemory> {
        let mut table = Self { bins: self.bins.try_clone::<S>(self.load)?, store, ..*self };
        table.fit_links();
        table.check();
        Ok(table)
    }

    /// The entries in `bin`, from the head of its chain to its tail.
    ///
    /// # Panics
    ///
    /// If there is no such bin.
    pub fn chain(&self, bin: usize) -> impl ExactSizeIterator<Item = &S::Entry> {
        assert!(bin < self.size(), "there is no bin {bin}");
        Chain::new(&self.store, self.bins.tail(bin)).map(|slot| self.entry(slot))
    }

    /// The part of a search that most come to, short enough to be in line: it finds the entry with this `hash` for
    /// which `surely` holds, or that there is none with this hash. It is [unsure](Search::Unsure) of another entry with
    /// this hash, and of a chain that lies in a row; then [`search_from`](Table::search_from) is to go on.
    #[inline(always)]
    pub fn glance(&self, hash: i64, surely: impl FnMut(&S::Entry) -> bool) -> Search {
        self.glance_telling(hash, surely, |_| ())
    }

    /// The same for an entry that is to be removed: with the way to the one that was looked at just before, which leads
    /// to it, for [`remove_after`](Table::remove_after). So a long chain is walked once and not twice.
    #[inline(always)]
    pub fn glance_to_remove(&self, hash: i64, surely: impl FnMut(&S::Entry) -> bool) -> (Search, Link) {
        let mut younger = Link::END;
        let search = self.glance_telling(hash, surely, |passed| younger = Link::to(passed));
        (search, younger)
    }

    /// A glance that tells each slot that it leaves behind.
    #[inline(always)]
    fn glance_telling(
        &self,
        hash: i64,
        mut surely: impl FnMut(&S::Entry) -> bool,
        mut passed: impl FnMut(Slot),
    ) -> Search {
        let mut link = self.chain_like(hash);
        while let Some(slot) = link.slot() {
            let entry = self.entry(slot);
            if entry.hash() == hash {
                if !surely(entry) {
                    return Search::Unsure(slot);
                }
                tell!(Probe { slot: slot.index(), hash, same: true });
                return Search::Found(slot);
            }
            link = entry.next();
            if link.is_below(slot) {
                // Again this entry, but that costs nothing where a row begins.
                return Search::Unsure(slot);
            }
            passed(slot);
            tell!(Probe { slot: slot.index(), hash: entry.hash(), same: false });
        }
        Search::Missing(Vacancy { hash, version: self.version })
    }

    /// Looks for the entry with this `hash` that `judge` says is the one. Only entries with the same full hash
    /// are judged, the youngest first.
    #[inline]
    pub fn search(&self, hash: i64, judge: impl FnMut(&S::Entry) -> Judgement) -> Search {
        self.walk(self.chain_like(hash), hash, judge)
    }

    /// The same, from `slot` on, where a [`glance`](Table::glance) has ended.
    #[inline]
    pub fn search_from(&self, slot: Slot, hash: i64, judge: impl FnMut(&S::Entry) -> Judgement) -> Search {
        self.walk(Link::to(slot), hash, judge)
    }

    /// The same, where a [`glance_to_remove`](Table::glance_to_remove) has ended, by way of `younger`.
    #[inline]
    pub fn search_to_remove(
        &self,
        (slot, mut younger): (Slot, Link),
        hash: i64,
        judge: impl FnMut(&S::Entry) -> Judgement,
    ) -> (Search, Link) {
        let search = self.walk_telling(Link::to(slot), hash, judge, |passed| younger = Link::to(passed));
        (search, younger)
    }

    /// Goes on with a search that came back unsure of `slot`, which turned out not to be the one. The table has
    /// not changed in between.
    #[inline]
    pub fn search_after(&self, slot: Slot, hash: i64, judge: impl FnMut(&S::Entry) -> Judgement) -> Search {
        self.walk(self.entry(slot).next(), hash, judge)
    }

    /// Looks for the entry with this `hash` for which `is_it` holds, where that can be told on the spot.
    ///
    /// # Errors
    ///
    /// No error, but the [`Vacancy`] where the key would go: it is not in the table.
    #[inline(always)]
    pub fn find(&self, hash: i64, mut is_it: impl FnMut(&S::Entry) -> bool) -> Result<Slot, Vacancy> {
        match self.glance(hash, &mut is_it) {
            Search::Found(slot) => Ok(slot),
            Search::Missing(vacancy) => Err(vacancy),
            Search::Unsure(slot) => self.find_from(slot, hash, is_it),
        }
    }

    /// The same for an entry that is to be removed: with the way to the one before it. `None` if it is not there.
    #[inline(always)]
    pub fn find_to_remove(
        &self,
        hash: i64,
        mut is_it: impl FnMut(&S::Entry) -> bool,
    ) -> Option<(Slot, Link)> {
        match self.glance_to_remove(hash, &mut is_it) {
            (Search::Found(slot), younger) => Some((slot, younger)),
            (Search::Missing(_), _) => None,
            (Search::Unsure(slot), younger) => self.find_to_remove_from((slot, younger), hash, is_it),
        }
    }

    #[inline(never)]
    fn find_to_remove_from(
        &self,
        place: (Slot, Link),
        hash: i64,
        is_it: impl FnMut(&S::Entry) -> bool,
    ) -> Option<(Slot, Link)> {
        match self.search_to_remove(place, hash, decided(is_it)) {
            (Search::Found(slot) | Search::Unsure(slot), younger) => Some((slot, younger)),
            (Search::Missing(_), _) => None,
        }
    }

    #[inline(never)]
    fn find_from(
        &self,
        slot: Slot,
        hash: i64,
        is_it: impl FnMut(&S::Entry) -> bool,
    ) -> Result<Slot, Vacancy> {
        match self.search_from(slot, hash, decided(is_it)) {
            Search::Found(slot) | Search::Unsure(slot) => Ok(slot),
            Search::Missing(vacancy) => Err(vacancy),
        }
    }

    /// The tail of the chain that an entry with this `hash` would be in, or the end if there is none.
    #[inline(always)]
    fn chain_like(&self, hash: i64) -> Link {
        let bin = self.bins.bin_of(hash);
        let tail = self.bins.tail_like(bin, hash);
        tell!(Bin { hash, bin, size: self.size(), denied: tail == Link::END && self.bins.tail(bin) != tail });
        tail
    }

    /// Follows a chain from `link` on.
    ///
    /// To follow a link is to wait until it has arrived from memory. But entries that were added to one bin one after
    /// the other, as where a hash function sends all keys there, lie in a row, each in the slot below the one before it:
    /// there the next one's place is known without the link, which only has to agree. The processor looks at entries
    /// far ahead, and a step takes 1.3 ns and not 2.7.
    #[inline]
    fn walk(&self, link: Link, hash: i64, judge: impl FnMut(&S::Entry) -> Judgement) -> Search {
        self.walk_telling(link, hash, judge, |_| ())
    }

    /// The same, and tells each slot that it leaves behind.
    #[inline]
    fn walk_telling(
        &self,
        mut link: Link,
        hash: i64,
        mut judge: impl FnMut(&S::Entry) -> Judgement,
        mut passed: impl FnMut(Slot),
    ) -> Search {
        while let Some(first) = link.slot() {
            debug_assert!(self.store.get(first).is_some(), "a chained slot is occupied");
            link = Link::END;
            for (slot, entry) in self.store.down_from(first) {
                tell!(Probe { slot: slot.index(), hash: entry.hash(), same: entry.hash() == hash });
                if entry.hash() == hash {
                    match judge(entry) {
                        Judgement::Same => return Search::Found(slot),
                        Judgement::Unsure => return Search::Unsure(slot),
                        Judgement::Different => {}
                    }
                }
                passed(slot);
                link = entry.next();
                if !link.is_below(slot) {
                    break;
                }
            }
        }
        Search::Missing(Vacancy { hash, version: self.version })
    }

    /// Makes room for one new entry, resizing first if the maximum load asks for it (T3).
    ///
    /// The vacancy is of a search of this table that nothing has happened to since. Whatever slots the caller
    /// knows are void afterwards, unless the version is still the same.
    ///
    /// # Errors
    ///
    /// [`NoMemory`], and the table is as it was.
    #[inline]
    pub fn make_room(&mut self, vacancy: Vacancy) -> Result<Room<'_, S>, NoMemory> {
        debug_assert_eq!(vacancy.version, self.version, "the table has changed since the search");
        if self.load >= self.limit || !self.store.has_room() {
            self.grow()?;
        }
        Ok(Room { table: self, hash: vacancy.hash })
    }

    /// Makes the bins, the store or both large enough for one more entry. All memory is had before anything
    /// changes.
    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> Result<(), NoMemory> {
        if self.load >= MAX_SLOTS {
            return Err(NoMemory);
        }
        if self.load < self.limit {
            return self.grow_store();
        }
        let max_load = self.max_load.ok_or(NoMemory)?;
        let size = max_load.grown(self.size(), self.load + 1).ok_or(NoMemory)?;
        let limit = max_load.limit(size);
        let heads = S::zeroes(size, self.load)?;
        if self.holes() == 0 {
            self.store.reserve_one(limit)?;
        }
        self.rebuild(heads, limit);
        self.resizes += 1;
        Ok(())
    }

    /// Doubles the bins now, whatever the load.
    ///
    /// # Errors
    ///
    /// [`NoMemory`], and the table is as it was.
    pub fn double(&mut self) -> Result<(), NoMemory> {
        let size = self.size().checked_mul(2).ok_or(NoMemory)?;
        let limit = self.max_load.map_or(MAX_SLOTS, |max| max.limit(size));
        let heads = S::zeroes(size, self.load)?;
        self.rebuild(heads, limit);
        self.resizes += 1;
        Ok(())
    }

    /// Makes the heads of the bins, if they still wait for that.
    fn make_bins(&mut self) -> Result<(), NoMemory> {
        if !self.bins.are_made() {
            self.bins.make(S::zeroes(self.size(), 0)?);
        }
        Ok(())
    }

    /// Makes a slot in the store: by closing up its holes if they are many, else by growing.
    fn grow_store(&mut self) -> Result<(), NoMemory> {
        self.make_bins()?;
        // A quarter of the slots gained pays for moving the rest.
        if self.holes() > self.store.slots() / 4 {
            self.compact();
            return Ok(());
        }
        self.store.reserve_one(self.limit)?;
        self.fit_links();
        Ok(())
    }

    /// Gives links more bits if the store has come to need them.
    fn fit_links(&mut self) {
        let tag_bits = tag_bits(self.size(), self.limit, &self.store);
        if tag_bits < self.bins.tag_bits() {
            self.widen_links(tag_bits);
        }
    }

    /// Makes room for `more` new entries: to add them will neither resize nor ask for memory.
    ///
    /// # Errors
    ///
    /// [`NoMemory`], and size and entries are as they were.
    pub fn reserve(&mut self, more: usize) -> Result<(), NoMemory> {
        let load = self.load.checked_add(more).filter(|&load| load <= MAX_SLOTS).ok_or(NoMemory)?;
        let size = self.max_load.map_or(Some(self.size()), |max| max.grown(self.size(), load));
        let size = size.ok_or(NoMemory)?;
        self.make_bins()?;
        let heads = if size > self.size() { Some(S::zeroes(size, load)?) } else { None };
        let reserved = self.store.reserve(more);
        // Before anything else, and also after a failure: the store may have slots now that links could not reach.
        self.fit_links();
        reserved?;
        if let Some(heads) = heads {
            self.rebuild(heads, self.max_load.map_or(MAX_SLOTS, |max| max.limit(size)));
            self.resizes += 1;
        }
        Ok(())
    }

    /// Gives back what memory is over: the bins are halved as often as T2 allows (those of a table that never
    /// resizes stay), and the store shrinks as it can. This is the only thing that makes the bins fewer.
    ///
    /// Where two chains become one, a store that is [in order](Store::in_order) has its entries in order of insertion;
    /// in another, those of the bin with the lower number come first.
    ///
    /// # Errors
    ///
    /// [`NoMemory`], and the table is as it was: the new bins are made before the old ones go.
    pub fn shrink(&mut self) -> Result<(), NoMemory> {
        let size = self.max_load.map_or(self.size(), |max| max.shrunk(self.size(), self.load));
        let heads = S::zeroes(size, self.load)?;
        if S::ORDERED {
            self.store.compact();
        }
        self.store.shrink();
        self.rebuild(heads, self.max_load.map_or(MAX_SLOTS, |max| max.limit(size)));
        Ok(())
    }

    /// How many slots compacting the store would gain.
    fn holes(&self) -> usize {
        if S::ORDERED { self.store.slots() - self.load } else { 0 }
    }

    /// Closes up the holes of an ordered store and chains the entries anew, in the bins that they are in. Costs
    /// as much as there are entries, however many bins there are.
    fn compact(&mut self) {
        self.version += 1;
        self.unchain_all();
        self.store.compact();
        self.chain_all_in_order();
        self.check();
    }

    /// Empties every bin that holds an entry.
    fn unchain_all(&mut self) {
        for index in 0..self.store.slots() {
            if let Some(entry) = self.store.get(Slot::new(index)) {
                let bin = self.bins.bin_of(entry.hash());
                self.bins.set_tail(bin, Link::END);
            }
        }
    }

    /// Moves every entry to its bin among `heads`, which are all 0, keeping the order within each bin (T4).
    fn rebuild(&mut self, heads: Vec<u32>, limit: usize) {
        self.version += 1;
        let tag_bits = tag_bits(heads.len(), limit, &self.store);
        let old = std::mem::replace(&mut self.bins, Bins::new(heads, tag_bits));
        tell!(Resize { from: old.size(), to: self.size() });
        self.limit = limit;
        if S::ORDERED {
            self.store.compact();
        }
        if self.store.in_order() {
            self.chain_all_in_order();
        } else {
            for bin in 0..old.size() {
                self.chain_again(old.tail(bin));
            }
        }
        #[cfg(feature = "lab")]
        self.tell_moves(&old);
        self.check();
    }

    /// Tells from which of the `old` bins each entry has come.
    #[cfg(feature = "lab")]
    fn tell_moves(&self, old: &Bins) {
        for slot in (0..self.store.slots()).map(Slot::new) {
            if let Some(hash) = self.store.get(slot).map(Entry::hash) {
                tell!(Move { slot: slot.index(), from: old.bin_of(hash), to: self.bin_of(hash) });
            }
        }
    }

    /// Gives links more bits, at the expense of the tags.
    fn widen_links(&mut self, tag_bits: u32) {
        let made = if self.bins.are_made() { self.size() } else { 0 };
        for bin in 0..made {
            let tail = self.bins.tail(bin);
            let hashes = backwards(&self.store, tail).map(|slot| occupant(&self.store, slot).hash());
            self.bins.retag(bin, tag_bits, hashes);
        }
        self.bins.set_tag_bits(tag_bits);
        self.check();
    }

    /// Chains every entry of a store that is in order, into bins that are empty, each at the tail of its chain.
    /// The entries stream; only the heads are touched at random.
    fn chain_all_in_order(&mut self) {
        for index in 0..self.store.slots() {
            let slot = Slot::new(index);
            if let Some(entry) = self.store.get_mut(slot) {
                let bin = self.bins.bin_of(entry.hash());
                entry.set_next(self.bins.push(bin, slot, entry.hash()));
            }
        }
    }

    /// Chains anew, in the bins as they are now, the entries of an old chain that ends in `tail`, keeping their
    /// order: the chain is turned round once, then taken apart from its first entry on.
    fn chain_again(&mut self, tail: Link) {
        let mut reversed = Link::END;
        let mut link = tail;
        while let Some(slot) = link.slot() {
            let entry = self.entry_mut(slot);
            link = entry.next();
            entry.set_next(reversed);
            reversed = Link::to(slot);
        }
        while let Some(slot) = reversed.slot() {
            let entry = self.store.get_mut(slot).expect("a chained slot is occupied");
            reversed = entry.next();
            let bin = self.bins.bin_of(entry.hash());
            entry.set_next(self.bins.push(bin, slot, entry.hash()));
        }
    }

    /// Takes the entry in `slot` out of the table. The order of the others stays; needs no memory.
    ///
    /// # Panics
    ///
    /// If the slot is vacant.
    #[inline]
    pub fn remove(&mut self, slot: Slot) -> S::Removed {
        self.remove_after(slot, Link::END)
    }

    /// The same, after a [search](Table::glance_to_remove) that came by way of `younger`. If the chain has changed since,
    /// that is seen, and the way is looked for.
    ///
    /// # Panics
    ///
    /// If the slot is vacant.
    #[inline]
    pub fn remove_after(&mut self, slot: Slot, younger: Link) -> S::Removed {
        let entry = self.entry(slot);
        let (bin, next) = (self.bins.bin_of(entry.hash()), entry.next());
        let tail = self.bins.tail(bin);
        if tail == Link::to(slot) {
            self.bins.set_tail(bin, next);
        } else if let Some(younger) = younger.slot()
            && let Some(entry) = self.store.get_mut(younger)
            && entry.next() == Link::to(slot)
        {
            entry.set_next(next);
        } else {
            self.unlink(slot, next, tail);
        }
        self.load -= 1;
        self.version += 1;
        tell!(Remove { bin, slot: slot.index(), load: self.load });
        let removed = self.store.remove(slot);
        self.check();
        removed
    }

    /// Takes the entry in `slot`, which leads to `next`, out of a chain that ends in `tail`, another one.
    #[inline(never)]
    fn unlink(&mut self, slot: Slot, next: Link, tail: Link) {
        let younger = backwards(&self.store, tail)
            .find(|&younger| self.entry(younger).next() == Link::to(slot))
            .expect("an occupied slot is in its chain");
        self.entry_mut(younger).set_next(next);
    }

    /// Takes all entries out, in the store that they are in, and leaves the table empty. Its size stays; needs
    /// no memory, and touches no bin for nothing: a table of many bins and few entries stays cheap.
    pub fn clear(&mut self) -> S {
        tell!(Clear { load: self.load });
        if self.store.slots() < self.size() / 16 {
            self.unchain_all();
        } else {
            self.bins.clear();
        }
        self.load = 0;
        self.version += 1;
        let emptied = self.store.emptied();
        let store = std::mem::replace(&mut self.store, emptied);
        self.check();
        store
    }

    /// Takes all entries out of a table that is not needed any more.
    pub fn into_store(self) -> S {
        self.store
    }

    /// In a debug build, checks a table that is small enough to be checked after every change.
    fn check(&self) {
        if cfg!(debug_assertions) && self.size() + self.store.slots() <= 1024 {
            self.assert_consistent();
        }
    }

    /// Checks the whole table: every entry is in its own bin and in one chain, the tags admit all members, the
    /// load is the number of entries and within its limit. Costs a walk through everything.
    ///
    /// # Panics
    ///
    /// If anything is amiss, which is a bug of this module.
    pub fn assert_consistent(&self) {
        let mut chained = 0;
        for bin in 0..self.size() {
            let mut younger = usize::MAX;
            for slot in backwards(&self.store, self.bins.tail(bin)) {
                let hash = self.entry(slot).hash();
                assert_eq!(self.bin_of(hash), bin, "{slot:?} is in a bin that is not its own");
                assert!(self.bins.admits(bin, hash), "the tag of bin {bin} denies {slot:?}");
                if self.store.in_order() {
                    assert!(slot.index() < younger, "bin {bin} is not in order of insertion");
                }
                younger = slot.index();
                chained += 1;
                assert!(chained <= self.load, "more is chained than was added");
            }
        }
        assert_eq!(chained, self.load, "less is chained than was added");
        let slots = (0..self.store.slots()).filter(|&index| self.store.get(Slot::new(index)).is_some());
        assert!(slots.count() >= self.load, "an entry is chained and not stored");
        assert!(self.load <= self.limit, "the load is over its limit");
        if let Some(max_load) = self.max_load {
            assert!(max_load.allows(self.load, self.size()), "T2 does not hold");
        }
    }
}

impl<S: Store> Room<'_, S> {
    /// Puts `entry`, which has the hash that was searched for, at the tail of its chain.
    #[inline]
    pub fn fill(self, mut entry: S::Entry) -> Slot {
        let Self { table, hash } = self;
        debug_assert_eq!(entry.hash(), hash, "the room was made for another hash");
        let bin = table.bins.bin_of(hash);
        entry.set_next(table.bins.tail(bin));
        let slot = table.store.put(entry);
        table.bins.push(bin, slot, hash);
        table.load += 1;
        table.version += 1;
        tell!(Append { bin, slot: slot.index(), load: table.load });
        table.check();
        slot
    }
}

/// How the entries of a table are spread over its bins. See [`Table::statistics`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// The number of bins.
    pub size: usize,
    /// The number of entries.
    pub load: usize,
    /// The number of bins that hold an entry.
    pub occupied_bins: usize,
    /// The number of entries in the longest chain.
    pub longest_chain: usize,
    /// The number of probes that it takes to find each entry once.
    hit_probes: usize,
}

impl Statistics {
    /// Entries per bin.
    pub fn load_proportion(&self) -> f64 {
        self.load as f64 / self.size as f64
    }

    /// Entries per occupied bin; 0 in an empty table.
    pub fn mean_chain(&self) -> f64 {
        ratio(self.load, self.occupied_bins)
    }

    /// How many entries a search that finds its key looks at on average, if each key is as likely; 0 in an empty
    /// table.
    pub fn expected_hit_probes(&self) -> f64 {
        ratio(self.hit_probes, self.load)
    }

    /// How many entries a search that does not find its key would look at on average, if each bin is as likely and
    /// there were no tags.
    pub fn expected_miss_probes(&self) -> f64 {
        self.load_proportion()
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The bits that links leave to the tags. A link has enough for every slot there is, and for as many as the bins
/// will hold before the next resize, so that the tags need not be made anew before then.
fn tag_bits<S: Store>(size: usize, limit: usize, store: &S) -> u32 {
    tag_bits_for(limit.min(size).max(store.capacity()))
}

/// A judge who is never unsure.
#[inline]
fn decided<E>(mut is_it: impl FnMut(&E) -> bool) -> impl FnMut(&E) -> Judgement {
    move |entry| if is_it(entry) { Judgement::Same } else { Judgement::Different }
}

/// The entry in a slot that is occupied.
#[inline]
fn occupant<S: Store>(store: &S, slot: Slot) -> &S::Entry {
    store.get(slot).expect("the slot is occupied")
}

/// The slots of a chain, from `tail` to its first one.
fn backwards<S: Store>(store: &S, tail: Link) -> impl Iterator<Item = Slot> {
    std::iter::successors(tail.slot(), |&slot| occupant(store, slot).next().slot())
}

/// The slots of a chain, from its first to its tail: against the links. It takes no memory, so that printing a
/// table needs none: a stretch of the chain is halved until its elder half is one entry, and the younger halves
/// wait. That takes `n log n` steps for a chain of `n`.
struct Chain<'s, S> {
    store: &'s S,
    /// The stretches that are left, the elder ones last; each by its youngest entry and its length. Each is at most
    /// half as long as what it was cut from, and a chain is shorter than 2^31.
    stretches: [(Link, usize); 31],
    count: usize,
    left: usize,
}

impl<'s, S: Store> Chain<'s, S> {
    fn new(store: &'s S, tail: Link) -> Self {
        let left = backwards(store, tail).count();
        let mut stretches = [(Link::END, 0); 31];
        stretches[0] = (tail, left);
        Self { store, stretches, count: usize::from(left > 0), left }
    }
}

impl<S: Store> Iterator for Chain<'_, S> {
    type Item = Slot;

    fn next(&mut self) -> Option<Slot> {
        self.count = self.count.checked_sub(1)?;
        let (mut link, mut length) = self.stretches[self.count];
        while length > 1 {
            let younger = length / 2;
            self.stretches[self.count] = (link, younger);
            self.count += 1;
            for slot in backwards(self.store, link).take(younger) {
                link = occupant(self.store, slot).next();
            }
            length -= younger;
        }
        self.left -= 1;
        link.slot()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<S: Store> ExactSizeIterator for Chain<'_, S> {}

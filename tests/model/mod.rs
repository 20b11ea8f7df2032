//! The rules of the table in the plainest words that compute, and programs that are run on a table and on them.
//!
//! The model is what the rules say, and nothing else: a vector of chains. After each step it is compared whole with the
//! table, bins and the order within them included. There are two kinds of store to run a table over: one that moves its
//! entries and one that does not. `tests/table.rs` draws its programs at random, and `fuzz/fuzz_targets/table.rs`
//! searches for those that reach new code.

use hashtable::table::{
    Entry, Link, MaxLoad, NoMemory, Slot, Store, Table, TryClone, Vacancy, Written, Zeroes,
};
use std::cell::Cell;
use std::num::NonZeroUsize;

#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub hash: i64,
    pub key: u8,
    pub value: u32,
    next: Link,
}

impl Record {
    pub fn new(hash: i64, key: u8, value: u32) -> Self {
        Self { hash, key, value, next: Link::END }
    }
}

impl Entry for Record {
    fn hash(&self) -> i64 {
        self.hash
    }

    fn next(&self) -> Link {
        self.next
    }

    fn set_next(&mut self, next: Link) {
        self.next = next;
    }
}

/// A store whose entries never move: a vacated slot is used again, so that slots say nothing about order.
#[derive(Clone, Debug, Default)]
pub struct Pinned {
    entries: Vec<Option<Record>>,
    vacant: Vec<usize>,
    /// Whether a slot was used again.
    mixed: bool,
}

impl Store for Pinned {
    type Entry = Record;
    type Removed = Record;
    const ORDERED: bool = false;

    fn in_order(&self) -> bool {
        !self.mixed
    }

    fn slots(&self) -> usize {
        self.entries.len()
    }

    fn capacity(&self) -> usize {
        self.entries.capacity()
    }

    fn has_room(&self) -> bool {
        !self.vacant.is_empty() || self.entries.len() < self.entries.capacity()
    }

    fn heap_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Option<Record>>()
    }

    fn get(&self, slot: Slot) -> Option<&Record> {
        self.entries.get(slot.index())?.as_ref()
    }

    fn get_mut(&mut self, slot: Slot) -> Option<&mut Record> {
        self.entries.get_mut(slot.index())?.as_mut()
    }

    /// In pieces of four, as a store may that is in several parts.
    fn down_from(&self, slot: Slot) -> impl Iterator<Item = (Slot, &Record)> {
        (slot.index() / 4 * 4..=slot.index())
            .rev()
            .map_while(|index| Some((Slot::new(index), self.entries[index].as_ref()?)))
    }

    fn reserve_one(&mut self, _: usize) -> Result<(), NoMemory> {
        may_fail()?;
        self.entries.try_reserve(1).map_err(|_| NoMemory)
    }

    fn reserve(&mut self, more: usize) -> Result<(), NoMemory> {
        // Half of it, and then it fails: a store may.
        self.entries.try_reserve(more / 2).map_err(|_| NoMemory)?;
        may_fail()?;
        self.entries.try_reserve(more).map_err(|_| NoMemory)
    }

    fn shrink(&mut self) {
        while let Some(None) = self.entries.last() {
            self.entries.pop();
        }
        let slots = self.entries.len();
        self.vacant.retain(|&slot| slot < slots);
        self.entries.shrink_to_fit();
    }

    fn put(&mut self, entry: Record) -> Slot {
        let Some(index) = self.vacant.pop() else {
            self.entries.push(Some(entry));
            return Slot::new(self.entries.len() - 1);
        };
        self.entries[index] = Some(entry);
        self.mixed = true;
        Slot::new(index)
    }

    fn remove(&mut self, slot: Slot) -> Record {
        self.vacant.push(slot.index());
        self.entries[slot.index()].take().expect("an occupied slot is removed")
    }

    fn compact(&mut self) {
        unreachable!("only an ordered store is compacted");
    }

    fn zeroes(len: usize, load: usize) -> Result<Vec<u32>, NoMemory> {
        Failing::zeroes(len, load)
    }
}

impl TryClone for Pinned {
    fn try_clone(&self) -> Result<Self, NoMemory> {
        Ok(self.clone())
    }
}

thread_local! {
    static MEMORY_FAILS: Cell<bool> = const { Cell::new(false) };
}

fn may_fail() -> Result<(), NoMemory> {
    if MEMORY_FAILS.get() { Err(NoMemory) } else { Ok(()) }
}

/// What `operation` does when there is no memory.
pub fn without_memory<T>(operation: impl FnOnce() -> T) -> T {
    MEMORY_FAILS.set(true);
    let result = operation();
    MEMORY_FAILS.set(false);
    result
}

#[derive(Debug)]
pub struct Failing;

impl Zeroes for Failing {
    fn zeroes(len: usize, load: usize) -> Result<Vec<u32>, NoMemory> {
        may_fail()?;
        Written::zeroes(len, load)
    }
}

/// The rules, in the plainest words that compute.
struct Model {
    bins: Vec<Vec<(i64, u8, u32)>>,
    max_load: Option<f64>,
    resizes: usize,
    /// When each key came.
    came: [usize; 256],
    clock: usize,
}

impl Model {
    fn bin(&self, hash: i64) -> usize {
        let size = self.bins.len() as i128;
        // T1: the floor modulo, by way of numbers that cannot overflow.
        usize::try_from(((i128::from(hash) % size) + size) % size).unwrap()
    }

    fn load(&self) -> usize {
        self.bins.iter().map(Vec::len).sum()
    }

    fn add(&mut self, hash: i64, key: u8, value: u32) {
        let bin = self.bin(hash);
        if let Some(entry) = self.bins[bin].iter_mut().find(|entry| entry.1 == key) {
            // T6: the entry keeps its place. T3: no resize.
            entry.2 = value;
            return;
        }
        self.make_room(1);
        let bin = self.bin(hash);
        self.bins[bin].push((hash, key, value));
        self.clock += 1;
        self.came[usize::from(key)] = self.clock;
    }

    fn make_room(&mut self, more: usize) {
        if let Some(max_load) = self.max_load {
            let load = self.load() + more;
            let resizes = load as f64 / self.bins.len() as f64 > max_load;
            while load as f64 / self.bins.len() as f64 > max_load {
                self.double();
            }
            self.resizes += usize::from(resizes);
        }
    }

    /// Chains that become one are sorted by when their entries came, if the store is in order.
    fn shrink(&mut self, in_order: bool) {
        let mut size = self.bins.len();
        while self
            .max_load
            .is_some_and(|max| size.is_multiple_of(2) && self.load() as f64 / (size / 2) as f64 <= max)
        {
            size /= 2;
        }
        self.rebuild(size);
        if in_order {
            for bin in &mut self.bins {
                bin.sort_by_key(|entry| self.came[usize::from(entry.1)]);
            }
        }
    }

    fn double(&mut self) {
        // T4: in chain order.
        self.rebuild(2 * self.bins.len());
    }

    /// Bin after bin, each in chain order.
    fn rebuild(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.bins, vec![Vec::new(); size]);
        for entry in old.into_iter().flatten() {
            let bin = self.bin(entry.0);
            self.bins[bin].push(entry);
        }
    }

    fn remove(&mut self, hash: i64, key: u8) -> Option<u32> {
        let bin = self.bin(hash);
        let place = self.bins[bin].iter().position(|entry| entry.1 == key)?;
        Some(self.bins[bin].remove(place).2)
    }

    fn find(&self, hash: i64, key: u8) -> Option<u32> {
        self.bins[self.bin(hash)].iter().find(|entry| entry.1 == key).map(|entry| entry.2)
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Step {
    Add(u8, u32),
    Remove(u8),
    Find(u8),
    Clear,
    /// An addition for which there is no memory, if it needs any.
    AddInVain(u8),
    Reserve(u8),
    /// Room for which there is no memory, if it needs any.
    ReserveInVain(u8),
    Shrink,
    ShrinkInVain,
    /// Goes on with a copy, over a copy of the store.
    Copy,
}

/// Hash functions of a user's, good and bad.
#[derive(Clone, Copy, Debug)]
pub enum HashFunction {
    Identity,
    Negative,
    Constant(i64),
    Few,
    Strided,
    Scrambled,
}

impl HashFunction {
    fn hash(self, key: u8) -> i64 {
        let number = i64::from(key);
        match self {
            Self::Identity => number,
            Self::Negative => -number,
            Self::Constant(hash) => hash,
            Self::Few => number % 3 - 1,
            Self::Strided => number * 4096,
            Self::Scrambled => number.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64),
        }
    }
}

pub fn look<S: Store<Entry = Record>>(table: &Table<S>, hash: i64, key: u8) -> Result<Slot, Vacancy> {
    table.find(hash, |record| record.key == key)
}

/// Runs a program on a table and on the model, and compares them after each step.
pub fn run<S: TryClone<Entry = Record, Removed = Record>>(
    size: usize,
    max_load: Option<f64>,
    hash: HashFunction,
    steps: &[Step],
) {
    let max = max_load.map(|max_load| MaxLoad::new(max_load).unwrap());
    let mut table = Table::<S>::new(NonZeroUsize::new(size).unwrap(), max).unwrap();
    let mut model = Model { bins: vec![Vec::new(); size], max_load, resizes: 0, came: [0; 256], clock: 0 };
    for &step in steps {
        match step {
            Step::Add(key, value) => {
                add(&mut table, hash.hash(key), key, value).unwrap();
                model.add(hash.hash(key), key, value);
            }
            Step::Remove(key) => {
                let hash = hash.hash(key);
                // Either way of it: the one that knows the way to the entry, and the one that looks for it.
                let removed = if key % 2 == 0 {
                    let place = table.find_to_remove(hash, |record| record.key == key);
                    place.map(|(slot, younger)| table.remove_after(slot, younger))
                } else {
                    look(&table, hash, key).ok().map(|slot| table.remove(slot))
                };
                assert_eq!(removed.map(|record| record.value), model.remove(hash, key));
            }
            Step::Find(key) => {
                let found = look(&table, hash.hash(key), key).ok().map(|slot| table.entry(slot).value);
                assert_eq!(found, model.find(hash.hash(key), key));
            }
            Step::Clear => {
                table.clear();
                model.bins.iter_mut().for_each(Vec::clear);
            }
            Step::AddInVain(key) => {
                let added = without_memory(|| add(&mut table, hash.hash(key), key, 7));
                // T9: if there was no memory, the model, which knows of no attempt, still agrees.
                if added.is_ok() {
                    model.add(hash.hash(key), key, 7);
                }
            }
            Step::Reserve(more) => {
                table.reserve(more.into()).unwrap();
                model.make_room(more.into());
                let room = table.load() + usize::from(more);
                assert!(table.store().capacity() >= room, "{room} would need memory");
            }
            Step::ReserveInVain(more) => {
                let reserved = without_memory(|| table.reserve(more.into()));
                if reserved.is_ok() {
                    model.make_room(more.into());
                }
            }
            Step::Shrink => {
                table.shrink().unwrap();
                model.shrink(table.store().in_order());
            }
            Step::ShrinkInVain => {
                assert_eq!(without_memory(|| table.shrink()), Err(NoMemory));
            }
            Step::Copy => table = table.try_clone().unwrap(),
        }
        compare(&table, &model);
    }
}

pub fn add<S: Store<Entry = Record>>(
    table: &mut Table<S>,
    hash: i64,
    key: u8,
    value: u32,
) -> Result<(), NoMemory> {
    match look(table, hash, key) {
        Ok(slot) => table.entry_mut(slot).value = value,
        Err(vacancy) => {
            table.make_room(vacancy)?.fill(Record::new(hash, key, value));
        }
    }
    Ok(())
}

fn compare<S: Store<Entry = Record>>(table: &Table<S>, model: &Model) {
    assert_eq!(table.size(), model.bins.len());
    assert_eq!(table.load(), model.load());
    assert_eq!(table.resizes(), model.resizes);
    if let Some(max_load) = model.max_load {
        // T2.
        assert!(table.load() as f64 / table.size() as f64 <= max_load);
    }
    for (bin, expected) in model.bins.iter().enumerate() {
        let chain: Vec<_> = table.chain(bin).map(|record| (record.hash, record.key, record.value)).collect();
        assert_eq!(&chain, expected, "bin {bin}");
    }
    table.assert_consistent();
}

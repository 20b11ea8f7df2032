//! The rules of the table, T1 to T9, held against a plain model after every step of random programs.
//!
//! The model is what the rules say, and nothing else: a vector of chains. It is compared whole, bins and the order
//! within them included, over both kinds of store: one that moves its entries and one that does not.

use hashtable::table::{
    Dense, Entry, Link, MAX_SLOTS, MaxLoad, NoMemory, Search, Slot, Store, Table, TryClone, Vacancy, Zeroes,
};
use hashtable::table::{Judgement, Written};
use proptest::prelude::*;
use std::cell::Cell;
use std::num::NonZeroUsize;

#[derive(Clone, Debug, PartialEq)]
struct Record {
    hash: i64,
    key: u8,
    value: u32,
    next: Link,
}

impl Record {
    fn new(hash: i64, key: u8, value: u32) -> Self {
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
struct Pinned {
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
fn without_memory<T>(operation: impl FnOnce() -> T) -> T {
    MEMORY_FAILS.set(true);
    let result = operation();
    MEMORY_FAILS.set(false);
    result
}

#[derive(Debug)]
struct Failing;

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
enum Step {
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

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (any::<u8>(), any::<u32>()).prop_map(|(key, value)| Step::Add(key, value)),
        7 => any::<u8>().prop_map(Step::Remove),
        3 => any::<u8>().prop_map(Step::Find),
        2 => any::<u8>().prop_map(Step::AddInVain),
        1 => Just(Step::Clear),
        1 => any::<u8>().prop_map(|more| Step::Reserve(more / 4)),
        1 => any::<u8>().prop_map(Step::ReserveInVain),
        1 => Just(Step::Shrink),
        1 => Just(Step::ShrinkInVain),
        1 => Just(Step::Copy),
    ]
}

/// Hash functions of a user's, good and bad.
#[derive(Clone, Copy, Debug)]
enum HashFunction {
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

fn hash_function() -> impl Strategy<Value = HashFunction> {
    prop_oneof![
        Just(HashFunction::Identity),
        Just(HashFunction::Negative),
        prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(-4), Just(-1), Just(0)]
            .prop_map(HashFunction::Constant),
        Just(HashFunction::Few),
        Just(HashFunction::Strided),
        Just(HashFunction::Scrambled),
    ]
}

fn max_load() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        Just(None),
        Just(Some(0.5)),
        Just(Some(1.0)),
        Just(Some(0.07)),
        Just(Some(0.7)),
        Just(Some(2.5)),
    ]
}

fn look<S: Store<Entry = Record>>(table: &Table<S>, hash: i64, key: u8) -> Result<Slot, Vacancy> {
    table.find(hash, |record| record.key == key)
}

/// Runs a program on a table and on the model, and compares them after each step.
fn run<S: TryClone<Entry = Record, Removed = Record>>(
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

fn add<S: Store<Entry = Record>>(
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_that_moves_its_entries_keeps_the_rules(
        size in 1_usize..20,
        max_load in max_load(),
        hash in hash_function(),
        steps in prop::collection::vec(step(), 0..500),
    ) {
        run::<Dense<Record, Failing>>(size, max_load, hash, &steps);
    }

    #[test]
    fn a_table_that_pins_its_entries_keeps_the_rules(
        size in 1_usize..20,
        max_load in max_load(),
        hash in hash_function(),
        steps in prop::collection::vec(step(), 0..500),
    ) {
        run::<Pinned>(size, max_load, hash, &steps);
    }
}

fn table(size: usize, max_load: Option<f64>) -> Table<Dense<Record>> {
    Table::new(NonZeroUsize::new(size).unwrap(), max_load.map(|max_load| MaxLoad::new(max_load).unwrap()))
        .unwrap()
}

fn vacancy(table: &Table<Dense<Record>>, hash: i64) -> Vacancy {
    match table.search(hash, |_| Judgement::Different) {
        Search::Missing(vacancy) => vacancy,
        other => panic!("nothing is the same, and yet {other:?}"),
    }
}

#[test]
fn a_resize_asks_no_judge_and_keeps_each_full_hash() {
    let mut table = table(1, Some(1.0));
    let judged = Cell::new(0);
    for number in 0..1000_u32 {
        let hash = i64::from(number) << 32;
        let vacancy = table
            .find(hash, |_| {
                judged.set(judged.get() + 1);
                false
            })
            .unwrap_err();
        table.make_room(vacancy).unwrap().fill(Record::new(hash, 0, number));
    }
    assert_eq!(judged.get(), 0, "no two keys have the same full hash, so none has to be judged");
    assert_eq!(table.resizes(), 10);
    assert!(table.store().iter().all(|record| record.hash == i64::from(record.value) << 32));
}

#[test]
fn an_unsure_search_goes_on_where_it_stopped() {
    let mut table = table(4, None);
    for key in 0..4 {
        let room = table.find(77, |_| false).unwrap_err();
        table.make_room(room).unwrap().fill(Record::new(77, key, 0));
    }
    let mut seen = Vec::new();
    let mut search = table.search(77, |_| Judgement::Unsure);
    while let Search::Unsure(slot) = search {
        seen.push(table.entry(slot).key);
        search = table.search_after(slot, 77, |_| Judgement::Unsure);
    }
    assert_eq!(seen, [3, 2, 1, 0], "each candidate once, the youngest first");
    assert!(matches!(search, Search::Missing(_)));
}

#[test]
fn a_size_that_memory_cannot_hold_is_an_error() {
    for size in [usize::MAX, usize::MAX / 4, 1 << 62, 1 << 60] {
        let table = Table::<Dense<Record>>::new(NonZeroUsize::new(size).unwrap(), None);
        assert_eq!(table.err(), Some(NoMemory), "{size}");
    }
}

#[test]
fn a_maximum_load_that_no_size_can_keep_is_an_error_and_changes_nothing() {
    let mut table = table(4, Some(1e-300));
    let vacancy = vacancy(&table, 1);
    assert_eq!(table.make_room(vacancy).err(), Some(NoMemory));
    assert_eq!((table.size(), table.load(), table.resizes()), (4, 0, 0));
}

#[test]
fn adding_and_removing_for_ever_needs_no_more_memory() {
    let mut table = table(64, Some(1.0));
    let mut most = 0;
    for number in 0..100_000_u32 {
        let hash = i64::from(number);
        let room = vacancy(&table, hash);
        table.make_room(room).unwrap().fill(Record::new(hash, 0, number));
        if number >= 10 {
            let slot = table.find(hash - 10, |_| true).unwrap();
            table.remove(slot);
        }
        if number == 1000 {
            most = table.heap_bytes();
        }
    }
    assert_eq!(table.heap_bytes(), most);
    assert_eq!((table.size(), table.load()), (64, 10));
}

#[test]
fn a_removal_is_right_whatever_it_is_told_of_the_way() {
    let mut full = table(2, None);
    for number in 0..10_u32 {
        let room = vacancy(&full, i64::from(number));
        full.make_room(room).unwrap().fill(Record::new(i64::from(number), 0, number));
    }
    // A vacant slot among those that lead nowhere, as do the other bin's.
    full.remove(Slot::new(4));
    for gone in [0, 2, 6, 8] {
        let hints = (0..12).map(|index| Link::to(Slot::new(index))).chain([Link::END]);
        for younger in hints {
            let mut table = full.try_clone().unwrap();
            assert_eq!(table.remove_after(Slot::new(gone as usize), younger).value, gone);
            table.assert_consistent();
            let left = [0, 2, 6, 8].into_iter().filter(|&number| number != gone);
            assert!(table.chain(0).map(|record| record.value).eq(left), "{gone} after {younger:?}");
        }
    }
}

#[test]
fn a_search_for_removal_tells_the_way() {
    let mut table = table(2, None);
    // Two chains in one another, so that neither lies in a row; then one that does.
    for number in [0, 1, 2, 3, 4, 6, 8, 10] {
        let room = vacancy(&table, number);
        table.make_room(room).unwrap().fill(Record::new(number, number as u8, 0));
    }
    for bin in 0..2 {
        let keys: Vec<u8> = table.chain(bin).map(|record| record.key).collect();
        for pair in keys.windows(2) {
            let (_, younger) =
                table.find_to_remove(i64::from(pair[0]), |record| record.key == pair[0]).unwrap();
            assert_eq!(younger.slot().map(|slot| table.entry(slot).key), Some(pair[1]));
        }
    }
}

#[test]
fn a_chain_of_a_million_is_dropped_without_recursion() {
    let mut table = table(1, None);
    let first = vacancy(&table, 5);
    let first = table.make_room(first).unwrap().fill(Record::new(5, 0, 0));
    for number in 1..1_000_000_u32 {
        // To look at the whole chain each time would take for ever; behind its first entry there is nothing.
        let vacancy = match table.search_after(first, 5, |_| Judgement::Different) {
            Search::Missing(vacancy) => vacancy,
            other => panic!("{other:?}"),
        };
        table.make_room(vacancy).unwrap().fill(Record::new(5, 0, number));
    }
    assert!(table.chain(0).map(|record| record.value).eq(0..1_000_000));
    assert_eq!(table.chain(0).len(), 1_000_000);
    drop(table);
}

#[test]
fn what_is_reserved_needs_no_memory_and_no_resize() {
    fn promise<S: Store<Entry = Record>>(max_load: Option<f64>) {
        let max_load = max_load.map(|max_load| MaxLoad::new(max_load).unwrap());
        let mut table = Table::<S>::new(NonZeroUsize::new(3).unwrap(), max_load).unwrap();
        for key in 0..50 {
            add(&mut table, key.into(), key, 0).unwrap();
        }
        table.reserve(150).unwrap();
        let (size, resizes) = (table.size(), table.resizes());
        without_memory(|| (50..200).for_each(|key| add(&mut table, key.into(), key, 0).unwrap()));
        assert_eq!((table.size(), table.resizes(), table.load()), (size, resizes, 200));
        table.assert_consistent();
        assert_eq!(table.reserve(usize::MAX), Err(NoMemory));
        assert_eq!(table.reserve(MAX_SLOTS), Err(NoMemory));
    }
    for max_load in [None, Some(0.5), Some(1.0), Some(20.0)] {
        promise::<Dense<Record>>(max_load);
        promise::<Pinned>(max_load);
    }
}

#[test]
fn shrinking_gives_memory_back() {
    let mut table = table(8, Some(0.5));
    for key in 0..=255 {
        add(&mut table, key.into(), key, 0).unwrap();
    }
    let most = table.heap_bytes();
    for key in 3..=255 {
        let slot = look(&table, key.into(), key).unwrap();
        table.remove(slot);
    }
    assert_eq!((table.size(), table.heap_bytes()), (512, most));
    table.shrink().unwrap();
    assert_eq!((table.size(), table.load()), (8, 3));
    assert!(table.heap_bytes() < most / 50, "{} of {most} bytes", table.heap_bytes());
}

#[test]
fn limits_are_what_the_documentation_says() {
    assert_eq!(MAX_SLOTS, (1 << 31) - 1);
    assert_eq!(NoMemory.to_string(), "no memory for the hash table");
}

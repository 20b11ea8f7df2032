//! The rules of the table, T1 to T9, held against a plain model after every step of random programs.

mod model;

use hashtable::table::{
    Dense, Judgement, Link, MAX_SLOTS, MaxLoad, NoMemory, Search, Slot, Store, Table, Vacancy,
};
use model::{Failing, HashFunction, Pinned, Record, Step, add, look, run, without_memory};
use proptest::prelude::*;
use std::cell::Cell;
use std::num::NonZeroUsize;

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

//! The rules that no layout may break: both layouts go through the same random operations, and after each one
//! every bin holds the same keys in the same order.

use crate::contenders::{Chance, Contender, Record, mixed};
use crate::layout::Lines;
use crate::stable::Stable;
use hashtable::table::{Dense, MaxLoad, Store, Table};

const OPERATIONS: usize = 400;

/// Compares the layouts over both stores, and says how many operations were compared.
pub fn check() -> usize {
    check_over::<Dense<Record>>() + check_over::<Stable<Record>>()
}

fn check_over<S: Store<Entry = Record, Removed = Record>>() -> usize {
    let loads = [Some(0.3), Some(0.5), Some(1.0), Some(1.5), Some(3.0), Some(9.0), None];
    let mut compared = 0;
    for size in [1, 2, 3, 4, 5, 7, 12, 16, 17, 24, 64, 100, 1000] {
        for load in loads.map(|load| load.and_then(MaxLoad::new)) {
            // Good hashes; dense ones, negative too; all in one bin of most sizes; all the same.
            let hashes: [fn(u64) -> i64; 4] =
                [mixed, |key| key as i64 - 100, |key| (key << 40) as i64, |_| i64::MIN];
            for (seed, hash_of) in hashes.into_iter().enumerate() {
                compare::<S>(size, load, hash_of, seed as u64);
                compared += OPERATIONS;
            }
        }
    }
    compared
}

fn compare<S: Store<Entry = Record, Removed = Record>>(
    size: usize,
    load: Option<MaxLoad>,
    hash_of: fn(u64) -> i64,
    seed: u64,
) {
    let mut table = Table::<S>::sized(size, load);
    let mut lines = Lines::<S>::sized(size, load);
    let mut chance = Chance(seed);
    for step in 0..OPERATIONS {
        let key = chance.next() % 300;
        let hash = hash_of(key);
        match chance.next() % 16 {
            0..9 => {
                table.set(key, hash, step as u64);
                lines.set(key, hash, step as u64);
            }
            9..15 => assert_eq!(table.pop(key, hash), lines.pop(key, hash)),
            _ if table.size() < 4096 => {
                Contender::double(&mut table);
                Contender::double(&mut lines);
            }
            _ => {}
        }
        assert_eq!((table.size(), table.load()), (lines.size(), lines.load()));
        let probe = chance.next() % 300;
        assert_eq!(table.get(probe, hash_of(probe)), lines.get(probe, hash_of(probe)));
        for bin in (0..table.size()).take(if step % 16 == 0 { usize::MAX } else { 64 }) {
            assert_eq!(table.keys_in(bin), lines.keys_in(bin), "bin {bin} of {size}, step {step}");
        }
    }
}

//! The workloads, and how they are timed on a machine that others use too.
//!
//! Both tables are alive, and each workload is cut into pieces of some ten thousand operations, a millisecond or
//! less: one piece on one table, the same piece on the other, in turns who is first. The whole is done several times;
//! the least time of each piece counts, which nobody has interrupted. Beside it stands the ratio of each whole
//! round, so that one sees how steady it was.
//!
//! "hit" asks for one key after the other, and a processor works at several at once; "chased" lets it not begin
//! with one before the one before is there, as a program does that has more to do than to look up.

use crate::contenders::{Chance, Contender, mixed};
use hashtable::table::MaxLoad;
use std::hint::black_box;
use std::time::Instant;

pub const WORKLOADS: [&str; 7] = ["grow", "hit", "chased", "miss", "replace", "mixed", "delete"];

/// The operations of one piece, at least.
const PIECE: usize = 8192;

/// Small tables are driven until this many operations have been timed.
const LEAST: usize = 50 * PIECE;

/// What one size of table is driven with.
pub struct Keys {
    present: Vec<u64>,
    shuffled: Vec<u64>,
    absent: Vec<u64>,
    mixture: Vec<(Step, u64)>,
    /// What is there after the mixture, shuffled.
    left: Vec<u64>,
}

#[derive(Clone, Copy)]
enum Step {
    Get,
    Add,
    Pop,
}

impl Keys {
    pub fn new(count: usize) -> Self {
        let mut chance = Chance(count as u64);
        let present: Vec<u64> = (0..count).map(|_| chance.next()).collect();
        // No order comes twice in a small table: a processor would learn it by heart.
        let rounds = LEAST.div_ceil(count);
        let mut shuffled = Vec::new();
        for round in 0..rounds {
            shuffled.extend_from_slice(&present);
            chance.shuffle(&mut shuffled[round * count..]);
        }
        let absent = (0..count * rounds).map(|_| chance.next()).collect();
        let mut left = present.clone();
        // Half of the steps look up, a quarter adds a new key, a quarter removes an old one: the load stays.
        let mixture = (0..count.max(LEAST) / 4 * 4)
            .map(|step| match step % 4 {
                0 | 2 => (Step::Get, left[chance.below(left.len())]),
                1 => {
                    let key = chance.next();
                    left.push(key);
                    (Step::Add, key)
                }
                _ => (Step::Pop, left.swap_remove(chance.below(left.len()))),
            })
            .collect();
        chance.shuffle(&mut left);
        Self { present, shuffled, absent, mixture, left }
    }

    /// How often a small table is filled and emptied in a piece; 0 for one that a piece does not fill.
    fn fillings(&self) -> usize {
        if self.present.len() < PIECE { PIECE.div_ceil(self.present.len()) } else { 0 }
    }

    /// How many pieces there are of a workload.
    pub fn pieces(&self, workload: usize) -> usize {
        match (WORKLOADS[workload], self.fillings()) {
            ("mixed", _) => self.mixture.len().div_ceil(PIECE),
            ("grow" | "delete", 0) => self.present.len().div_ceil(PIECE),
            ("grow" | "delete", _) => LEAST / PIECE,
            _ => self.shuffled.len().div_ceil(PIECE),
        }
    }
}

fn piece<T>(all: &[T], number: usize) -> &[T] {
    &all[number * PIECE..all.len().min((number + 1) * PIECE)]
}

/// A table, and what it is driven with.
pub struct Driven<'k, C> {
    keys: &'k Keys,
    size: usize,
    max_load: Option<MaxLoad>,
    pub table: C,
}

impl<'k, C: Contender> Driven<'k, C> {
    /// A table that begins with `size` bins.
    pub fn new(keys: &'k Keys, size: usize, max_load: Option<MaxLoad>) -> Self {
        Self { keys, size, max_load, table: C::sized(size, max_load) }
    }

    /// Does one piece of a workload. All of them are done, in order, before the next workload begins. Tells the
    /// nanoseconds and the operations.
    pub fn time(&mut self, workload: usize, number: usize) -> [f64; 2] {
        let (keys, fillings) = (self.keys, self.keys.fillings());
        let table = &mut self.table;
        let (elapsed, operations) = match (WORKLOADS[workload], fillings) {
            ("grow", 0) => {
                if number == 0 {
                    *table = C::sized(self.size, self.max_load);
                }
                let keys = piece(&keys.present, number);
                (timed(|| grow(table, keys)), keys.len())
            }
            ("delete", 0) => {
                let keys = piece(&keys.left, number);
                (timed(|| delete(table, keys)), keys.len())
            }
            ("grow", _) => {
                let elapsed = (0..fillings).map(|_| {
                    *table = C::sized(self.size, self.max_load);
                    timed(|| grow(table, &keys.present))
                });
                (elapsed.sum(), fillings * keys.present.len())
            }
            ("delete", _) => {
                if number == 0 {
                    delete(table, &keys.left);
                }
                let shuffled = &keys.shuffled[number * keys.present.len()..][..keys.present.len()];
                let elapsed = (0..fillings).map(|_| {
                    grow(table, &keys.present);
                    timed(|| delete(table, shuffled))
                });
                (elapsed.sum(), fillings * keys.present.len())
            }
            ("mixed", _) => {
                let steps = piece(&keys.mixture, number);
                (timed(|| mix(table, steps)), steps.len())
            }
            ("replace", _) => {
                let keys = piece(&keys.shuffled, number);
                (timed(|| replace(table, keys)), keys.len())
            }
            ("chased", _) => {
                let keys = piece(&keys.shuffled, number);
                (timed(|| chase(table, keys)), keys.len())
            }
            (workload, _) => {
                let keys = piece(if workload == "hit" { &keys.shuffled } else { &keys.absent }, number);
                (timed(|| look_up(table, keys)), keys.len())
            }
        };
        [elapsed, operations as f64]
    }

    /// Grows the table and runs one workload on it, once, and says of how many operations it is.
    pub fn once(&mut self, workload: &str) -> usize {
        let keys = self.keys;
        grow(&mut self.table, &keys.present);
        match workload {
            "grow" => return keys.present.len(),
            "hit" => look_up(&self.table, &keys.shuffled),
            "chased" => chase(&self.table, &keys.shuffled),
            "miss" => look_up(&self.table, &keys.absent),
            "replace" => replace(&mut self.table, &keys.shuffled),
            "mixed" => mix(&mut self.table, &keys.mixture),
            "double" => double(&mut self.table),
            "delete" => delete(&mut self.table, &keys.shuffled[..keys.present.len()]),
            _ => panic!("one of {WORKLOADS:?}, or double"),
        }
        match workload {
            "mixed" => keys.mixture.len(),
            "double" | "delete" => keys.present.len(),
            _ => keys.shuffled.len(),
        }
    }
}

fn timed(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_nanos() as f64
}

// Each of these is a function of its own, so that callgrind can be told to count in it and nowhere else.

#[inline(never)]
fn grow<C: Contender>(table: &mut C, keys: &[u64]) {
    for &key in keys {
        table.set(key, mixed(key), key);
    }
}

#[inline(never)]
fn replace<C: Contender>(table: &mut C, keys: &[u64]) {
    for &key in keys {
        table.set(key, mixed(key), !key);
    }
}

#[inline(never)]
fn double<C: Contender>(table: &mut C) {
    table.double();
}

#[inline(never)]
fn look_up<C: Contender>(table: &C, keys: &[u64]) {
    let mut sum = 0u64;
    for &key in keys {
        sum = sum.wrapping_add(table.get(key, mixed(key)).unwrap_or(1));
    }
    black_box(sum);
}

/// Looks up keys that are not known before the one before them is found, though the processor would like to
/// begin.
#[inline(never)]
fn chase<C: Contender>(table: &C, keys: &[u64]) {
    let mut last = 0u64;
    for &key in keys {
        let key = key ^ (last & black_box(0));
        last = table.get(key, mixed(key)).unwrap_or(1);
    }
    black_box(last);
}

#[inline(never)]
fn mix<C: Contender>(table: &mut C, mixture: &[(Step, u64)]) {
    let mut sum = 0u64;
    for &(step, key) in mixture {
        match step {
            Step::Get => sum = sum.wrapping_add(table.get(key, mixed(key)).unwrap_or(1)),
            Step::Add => table.set(key, mixed(key), key),
            Step::Pop => sum = sum.wrapping_add(table.pop(key, mixed(key)).unwrap_or(1)),
        }
    }
    black_box(sum);
}

#[inline(never)]
fn delete<C: Contender>(table: &mut C, keys: &[u64]) {
    let mut sum = 0u64;
    for &key in keys {
        sum = sum.wrapping_add(table.pop(key, mixed(key)).expect("it was added"));
    }
    black_box(sum);
}

/// The first quartile, the median and the third.
pub fn quartiles(values: &mut [f64]) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[(values.len() - 1) * quarter / 4])
}

//! The workloads, and how they are timed: both tables are alive, each workload is run on one and then on the
//! other, in turns who is first; what counts is the ratio within a round, and its median over the rounds.

use crate::contenders::{Chance, Contender, mixed};
use hashtable::table::MaxLoad;
use std::hint::black_box;
use std::time::Instant;

pub const WORKLOADS: [&str; 6] = ["grow", "hit", "miss", "replace", "mixed", "delete"];

/// Small tables are driven until this many operations have been timed.
const LEAST: usize = 400_000;

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
        let mut shuffled = present.clone();
        chance.shuffle(&mut shuffled);
        let absent = (0..count).map(|_| chance.next()).collect();
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

    fn passes(&self) -> usize {
        LEAST.div_ceil(self.present.len())
    }
}

/// Nanoseconds an operation of each workload, in the order of [`WORKLOADS`]. They are handed on one by one, so
/// that another table can have its turn.
pub struct Driven<'k, C> {
    keys: &'k Keys,
    max_load: Option<MaxLoad>,
    pub table: C,
}

impl<'k, C: Contender> Driven<'k, C> {
    pub fn new(keys: &'k Keys, max_load: Option<MaxLoad>) -> Self {
        Self { keys, max_load, table: C::sized(4, max_load) }
    }

    pub fn time(&mut self, workload: usize) -> f64 {
        let keys = self.keys;
        let (elapsed, count) = match workload {
            0 => {
                let mut elapsed = 0;
                for _ in 0..keys.passes() {
                    self.table = C::sized(4, self.max_load);
                    elapsed += timed(|| grow(&mut self.table, &keys.present));
                }
                (elapsed, keys.passes() * keys.present.len())
            }
            1 => self.looked_up(&keys.shuffled),
            2 => self.looked_up(&keys.absent),
            3 => {
                let elapsed =
                    timed(|| (0..keys.passes()).for_each(|_| replace(&mut self.table, &keys.shuffled)));
                (elapsed, keys.passes() * keys.present.len())
            }
            4 => (timed(|| mix(&mut self.table, &keys.mixture)), keys.mixture.len()),
            _ => {
                let mut elapsed = timed(|| delete(&mut self.table, &keys.left));
                for _ in 1..keys.passes() {
                    grow(&mut self.table, &keys.present);
                    elapsed += timed(|| delete(&mut self.table, &keys.shuffled));
                }
                (elapsed, keys.passes() * keys.present.len())
            }
        };
        elapsed as f64 / count as f64
    }

    /// Grows the table and runs one workload on it, once, and says of how many operations it is.
    pub fn once(&mut self, workload: &str) -> usize {
        let keys = self.keys;
        grow(&mut self.table, &keys.present);
        match workload {
            "grow" => return keys.present.len(),
            "hit" => look_up(&self.table, &keys.shuffled),
            "miss" => look_up(&self.table, &keys.absent),
            "replace" => replace(&mut self.table, &keys.shuffled),
            "mixed" => mix(&mut self.table, &keys.mixture),
            "double" => double(&mut self.table),
            "delete" => delete(&mut self.table, &keys.shuffled),
            _ => panic!("one of {WORKLOADS:?}, or double"),
        }
        if workload == "mixed" { keys.mixture.len() } else { keys.present.len() }
    }

    fn looked_up(&self, keys: &[u64]) -> (u128, usize) {
        let passes = self.keys.passes();
        (timed(|| (0..passes).for_each(|_| look_up(&self.table, keys))), passes * keys.len())
    }
}

fn timed(run: impl FnOnce()) -> u128 {
    let start = Instant::now();
    run();
    start.elapsed().as_nanos()
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

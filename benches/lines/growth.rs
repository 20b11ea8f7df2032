//! Where the time of growing goes: the same keys are added to tables that begin with four bins, and to tables that
//! begin with as many as they come to have.
//!
//! "Stable, in order" is today's layout over entries that never move, with one thing changed: as long as no slot
//! was used again, slots are in the order of insertion, and then a resize may stream through them.

use crate::contenders::{Contender, Record};
use crate::layout::Lines;
use crate::stable::Stable;
use crate::workloads::{Driven, Keys};
use hashtable::table::{Dense, MaxLoad, Table};

const ROUNDS: usize = 5;
const GROW: usize = 0;

/// Adds one piece of the keys; tells the nanoseconds and the operations.
type Adder<'k> = Box<dyn FnMut(usize) -> [f64; 2] + 'k>;

fn adder<'k, C: Contender + 'k>(keys: &'k Keys, size: usize, load: Option<MaxLoad>) -> Adder<'k> {
    let mut driven = Driven::<C>::new(keys, size, load);
    Box::new(move |piece| driven.time(GROW, piece))
}

/// Times all of them, in turns.
pub fn compare() {
    println!("\nns to add a key, from 4 bins, and with all bins there from the start");
    for count in [10_000, 100_000, 1_000_000] {
        let keys = Keys::new(count);
        for load in [0.5, 1.0] {
            compare_at(count, &keys, load);
        }
    }
}

fn compare_at(count: usize, keys: &Keys, load: f64) {
    let max_load = MaxLoad::new(load);
    let size = max_load.and_then(|max| max.grown(4, count)).expect("a size that holds the keys");
    let mut contenders = Vec::new();
    for size in [4, size] {
        contenders.push(("heads, moving", adder::<Table<Dense<Record>>>(keys, size, max_load)));
        contenders.push(("heads, stable", adder::<Table<Stable<Record>>>(keys, size, max_load)));
        contenders
            .push(("heads, stable, in order", adder::<Table<Stable<Record, true>>>(keys, size, max_load)));
        contenders.push(("lines, moving", adder::<Lines<Dense<Record>>>(keys, size, max_load)));
        contenders.push(("lines, stable", adder::<Lines<Stable<Record>>>(keys, size, max_load)));
    }
    let mut least = vec![vec![f64::INFINITY; contenders.len()]; keys.pieces(GROW)];
    let mut operations = 0.0;
    for round in 0..ROUNDS {
        operations = 0.0;
        for (piece, least) in least.iter_mut().enumerate() {
            for turn in 0..contenders.len() {
                let which = (turn + piece + round) % contenders.len();
                let [time, count] = contenders[which].1(piece);
                least[which] = least[which].min(time);
                operations += count / contenders.len() as f64;
            }
        }
    }
    println!("  N = {count}, max_load {load}");
    for which in 0..contenders.len() / 2 {
        let [grown, sized] = [which, which + contenders.len() / 2]
            .map(|which| least.iter().map(|least| least[which]).sum::<f64>() / operations);
        println!("    {:<24} {grown:7.1} {sized:7.1}", contenders[which].0);
    }
}

//! An experiment with another layout: 64-byte lines of tagged slots in place of chain heads. It is not part of
//! the library; [`layout`] explains it, and `docs/performance.md` says what came of it.
//!
//! ```text
//! cargo bench --bench lines                     the rules, then every workload, over both stores
//! cargo bench --bench lines -- rules            the rules alone
//! cargo bench --bench lines -- 1e6              the rules, then one size of table
//! cargo bench --bench lines -- growth           where the time of growing goes
//! cargo bench --bench lines -- resize           whether today's layout could resize faster
//! cargo bench --bench lines -- once lines dense hit 1e6 0.5     one workload, once: for callgrind
//! ```

mod contenders;
mod growth;
mod layout;
mod rechain;
mod rules;
mod stable;
mod workloads;

use contenders::{Contender, Record};
use hashtable::table::{Dense, MaxLoad, Store, Table};
use layout::Lines;
use stable::Stable;
use workloads::{Driven, Keys, WORKLOADS, quartiles};

const COUNTS: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 4_000_000];
const LOADS: [f64; 2] = [0.5, 1.0];
/// How often everything is done; large tables have more pieces.
const ROUNDS: [usize; 2] = [9, 5];
const LARGE: usize = 1_000_000;

fn main() {
    // Cargo adds `--bench` of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["once", layout, store, workload, count, load] => once(layout, store, workload, number(count), load),
        ["resize"] => rechain::compare(),
        ["growth"] => growth::compare(),
        ["rules"] => rules(),
        [] => {
            rules();
            COUNTS.into_iter().for_each(measure);
        }
        [count] => {
            rules();
            measure(number(count));
        }
        _ => panic!("the first lines of {} say how to run this", file!()),
    }
}

fn number(text: &str) -> usize {
    text.parse::<f64>().expect("a number such as 1e6") as usize
}

fn rules() {
    println!("{} operations: every bin the same, in the same order", rules::check());
}

fn measure(count: usize) {
    let keys = Keys::new(count);
    for load in LOADS {
        compare::<Dense<Record>>("moving", count, &keys, load);
        compare::<Stable<Record>>("stable", count, &keys, load);
    }
}

/// Runs every workload on both layouts over one kind of store.
fn compare<S: Store<Entry = Record, Removed = Record>>(store: &str, count: usize, keys: &Keys, load: f64) {
    let max_load = MaxLoad::new(load);
    let rounds = ROUNDS[usize::from(count >= LARGE)];
    let mut least: [Vec<[f64; 2]>; WORKLOADS.len()] =
        std::array::from_fn(|workload| vec![[f64::INFINITY; 2]; keys.pieces(workload)]);
    let mut ratios = [const { Vec::new() }; WORKLOADS.len()];
    let mut operations = [0.0; WORKLOADS.len()];
    let mut bytes = [0; 2];
    let mut opened = (0, 0);
    for round in 0..rounds {
        let mut table = Driven::<Table<S>>::new(keys, 4, max_load);
        let mut lines = Driven::<Lines<S>>::new(keys, 4, max_load);
        for workload in 0..WORKLOADS.len() {
            let mut sums = [0.0; 2];
            operations[workload] = 0.0;
            for piece in 0..keys.pieces(workload) {
                let mut times = [0.0; 2];
                for turn in 0..2 {
                    let which = (turn + piece + round) % 2;
                    let [time, count] =
                        if which == 0 { table.time(workload, piece) } else { lines.time(workload, piece) };
                    times[which] = time;
                    operations[workload] += count / 2.0;
                }
                for which in 0..2 {
                    sums[which] += times[which];
                    let least = &mut least[workload][piece][which];
                    *least = least.min(times[which]);
                }
            }
            ratios[workload].push(sums[1] / sums[0]);
            if workload == 0 {
                bytes = [Contender::heap_bytes(&table.table), lines.table.heap_bytes()];
                opened = lines.table.opened();
            }
        }
    }
    let per_entry = bytes.map(|bytes| bytes as f64 / count as f64);
    println!(
        "\nN = {count}, max_load {load}, {store} entries; bytes an entry: heads {:.1}, lines {:.1}; {} of {} lines open",
        per_entry[0], per_entry[1], opened.1, opened.0
    );
    println!("            ns: heads   lines      ratio  (of whole rounds: quartiles)");
    for (workload, name) in WORKLOADS.iter().enumerate() {
        let [heads, lines] = [0, 1].map(|which| {
            least[workload].iter().map(|least| least[which]).sum::<f64>() / operations[workload]
        });
        let [first, median, third] = quartiles(&mut ratios[workload]);
        println!(
            "  {name:<8} {heads:10.1} {lines:7.1}      {:5.2}  ({first:.2} {median:.2} {third:.2})",
            lines / heads
        );
    }
}

fn once(layout: &str, store: &str, workload: &str, count: usize, load: &str) {
    let load = MaxLoad::new(load.parse().expect("a maximum load"));
    match (layout, store) {
        ("heads", "dense") => once_on::<Table<Dense<Record>>>(workload, count, load),
        ("heads", "stable") => once_on::<Table<Stable<Record>>>(workload, count, load),
        ("lines", "dense") => once_on::<Lines<Dense<Record>>>(workload, count, load),
        ("lines", "stable") => once_on::<Lines<Stable<Record>>>(workload, count, load),
        _ => panic!("heads or lines, dense or stable"),
    }
}

/// Grows a table and runs one workload on it.
fn once_on<C: Contender>(workload: &str, count: usize, load: Option<MaxLoad>) {
    let keys = Keys::new(count);
    let operations = Driven::<C>::new(&keys, 4, load).once(workload);
    println!("{operations} operations");
}

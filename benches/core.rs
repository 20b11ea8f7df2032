//! The Rust side of `make bench`: the table inlined, against hashbrown and indexmap, all with the same hash.
//!
//! It does what `c/main.c` does, and reads and prints the same: a task is a line on stdin (keys, number of entries,
//! rounds, workloads, contenders, with tabs between them), a result is a line of JSON on stdout. Contenders live
//! lives of tables by turns. Time is the thread's own processor time.

use hashtable::table::{Dense, Entry, Link, MaxLoad, Slot, Table, Vacancy};
use rustix::time::{ClockId, clock_gettime};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::hint::black_box;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

const SAMPLE_NS: f64 = 5e6;
/// Operations in one pass, at least, and at most: see `python_side.py`.
const PASS: usize = 20_000;
const SLICE: usize = 250_000;
/// Pairs of keys that come and go in a pass: each is eight operations.
const PAIRS: usize = 50_000;

// ---- The hash that all contenders have -----------------------------------------------------------------------

/// Random ints are their own hash; others are mixed.
static MIXED: AtomicBool = AtomicBool::new(false);

fn mixed(bits: u64) -> u64 {
    let bits = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits ^ bits >> 32
}

/// A hasher of one int or one string, as `c/side.h` has them.
#[derive(Default)]
struct Shared(u64);

impl Hasher for Shared {
    #[inline]
    fn write_i64(&mut self, int: i64) {
        self.0 = if MIXED.load(Ordering::Relaxed) { mixed(int as u64) } else { int as u64 };
    }

    /// Eight bytes at a time, and the rest.
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        let mut hash = bytes.len() as u64;
        for word in &mut words {
            hash = mixed(hash ^ u64::from_le_bytes(word.try_into().expect("eight bytes")));
        }
        let mut last = [0; 8];
        last[..words.remainder().len()].copy_from_slice(words.remainder());
        self.0 = mixed(mixed(hash ^ u64::from_le_bytes(last)));
    }

    /// What a `str` puts behind itself, which tells it from its beginnings; the length does that here.
    #[inline]
    fn write_u8(&mut self, _: u8) {}

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

type Build = BuildHasherDefault<Shared>;

fn hash_of(key: &impl Hash) -> i64 {
    let mut hasher = Shared::default();
    key.hash(&mut hasher);
    hasher.finish() as i64
}

// ---- Contenders ----------------------------------------------------------------------------------------------

/// An int or a string.
trait Key: Clone + Eq + Hash + 'static {}

impl Key for i64 {}
impl Key for String {}

trait Map<K> {
    fn new() -> Self;
    fn put(&mut self, key: &K, value: i64);
    /// The value; 0 if there is none.
    fn get(&self, key: &K) -> i64;
    fn del(&mut self, key: &K);
    /// The sum of all values.
    fn walk(&self) -> i64;
}

/// What a key is, as a door of the table would note it; and where the entry has room to say that it is not there.
#[derive(Clone, Copy)]
enum Kind {
    Int,
    Text,
}

struct Record<K> {
    hash: i64,
    key: K,
    value: i64,
    next: Link,
    kind: Kind,
}

impl<K> Entry for Record<K> {
    #[inline]
    fn hash(&self) -> i64 {
        self.hash
    }

    #[inline]
    fn next(&self) -> Link {
        self.next
    }

    #[inline]
    fn set_next(&mut self, next: Link) {
        self.next = next;
    }
}

struct Ours<K>(Table<Dense<Record<K>>>);

impl<K: Key> Ours<K> {
    const KIND: Kind = if size_of::<K>() == size_of::<i64>() { Kind::Int } else { Kind::Text };

    #[inline]
    fn find(&self, key: &K) -> Result<Slot, Vacancy> {
        self.0.find(hash_of(key), |record| record.kind as u8 == Self::KIND as u8 && record.key == *key)
    }
}

impl<K: Key> Map<K> for Ours<K> {
    fn new() -> Self {
        Self(Table::new(const { NonZeroUsize::new(8).unwrap() }, MaxLoad::new(1.0)).expect("memory"))
    }

    #[inline]
    fn put(&mut self, key: &K, value: i64) {
        match self.find(key) {
            Ok(slot) => self.0.entry_mut(slot).value = value,
            Err(vacancy) => {
                let record =
                    Record { hash: hash_of(key), key: key.clone(), value, next: Link::END, kind: Self::KIND };
                self.0.make_room(vacancy).expect("memory").fill(record);
            }
        }
    }

    #[inline]
    fn get(&self, key: &K) -> i64 {
        self.find(key).map_or(0, |slot| self.0.entry(slot).value)
    }

    #[inline]
    fn del(&mut self, key: &K) {
        if let Ok(slot) = self.find(key) {
            drop(self.0.remove(slot));
        }
    }

    fn walk(&self) -> i64 {
        self.0.store().iter().map(|record| record.value).sum()
    }
}

impl<K: Key> Map<K> for hashbrown::HashMap<K, i64, Build> {
    fn new() -> Self {
        Self::default()
    }

    #[inline]
    fn put(&mut self, key: &K, value: i64) {
        self.insert(key.clone(), value);
    }

    #[inline]
    fn get(&self, key: &K) -> i64 {
        self.get(key).copied().unwrap_or(0)
    }

    #[inline]
    fn del(&mut self, key: &K) {
        self.remove(key);
    }

    fn walk(&self) -> i64 {
        self.values().sum()
    }
}

impl<K: Key> Map<K> for indexmap::IndexMap<K, i64, Build> {
    fn new() -> Self {
        Self::default()
    }

    #[inline]
    fn put(&mut self, key: &K, value: i64) {
        self.insert(key.clone(), value);
    }

    #[inline]
    fn get(&self, key: &K) -> i64 {
        self.get(key).copied().unwrap_or(0)
    }

    /// Its quick way to remove, which puts the last entry in the place of the removed one.
    #[inline]
    fn del(&mut self, key: &K) {
        self.swap_remove(key);
    }

    fn walk(&self) -> i64 {
        self.values().sum()
    }
}

// ---- Keys ----------------------------------------------------------------------------------------------------

/// splitmix64, of Steele, Lea and Flood: the same numbers in every run.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let bits = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.bits() % limit as u64) as usize
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

/// What is put in, in this order; what is looked for, shuffled, and as often as makes a pass; what is not there.
struct Keys<K> {
    present: Vec<K>,
    sought: Vec<K>,
    absent: Vec<K>,
}

impl<K: Key> Keys<K> {
    fn new(n: usize, mut make: impl FnMut(usize, &mut Random) -> K) -> Self {
        let mut random = Random(2014);
        let mut present: Vec<K> = (0..n + n.min(SLICE)).map(|number| make(number, &mut random)).collect();
        let mut absent = present.split_off(n);
        random.shuffle(&mut absent);
        let mut once = present.clone();
        random.shuffle(&mut once);
        let mut sought = once.clone();
        while sought.len() < PASS {
            sought.extend_from_slice(&once);
        }
        Self { present, sought, absent }
    }
}

fn ints(name: &str, n: usize) -> Keys<i64> {
    MIXED.store(name != "ints", Ordering::Relaxed);
    match name {
        "dense" => Keys::new(n, |number, _| number as i64),
        "apart" => Keys::new(n, |number, _| number as i64 * 4096),
        _ => Keys::new(n, |_, random| random.bits() as i64),
    }
}

fn texts(name: &str, n: usize) -> Keys<String> {
    let (shortest, longest) = if name == "long" { (100, 140) } else { (7, 14) };
    Keys::new(n, |number, random| {
        let letters = shortest - 5 + random.below(longest - shortest + 1);
        let mut text: String = (0..letters).map(|_| char::from(b'a' + random.below(26) as u8)).collect();
        // The number makes each another; it is at the end, where a comparison sees it last.
        text.extend((0..5).map(|digit| char::from(b'0' + (number >> (6 * digit) & 63) as u8)));
        text
    })
}

// ---- A life --------------------------------------------------------------------------------------------------

const WORKLOADS: [&str; 7] = ["insert", "hit", "miss", "replace", "iterate", "mixed", "delete"];

struct Task {
    keys: String,
    n: usize,
    rounds: usize,
    workloads: Vec<String>,
    contenders: Vec<String>,
}

impl Task {
    fn read(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [keys, n, rounds, workloads, contenders] = fields[..] else { return None };
        let list = |names: &str| names.split(',').map(str::to_owned).collect();
        Some(Self {
            keys: keys.to_owned(),
            n: n.parse().ok().filter(|&n| n > 0)?,
            rounds: rounds.parse().ok()?,
            workloads: list(workloads),
            contenders: list(contenders),
        })
    }

    fn wants(&self, workload: &str) -> bool {
        self.workloads.iter().any(|name| name == workload)
    }

    fn tell(&self, workload: &str, round: usize, contender: &str, value: f64, unit: &str) {
        let Self { keys, n, .. } = self;
        println!(
            "{{\"workload\": \"{workload}\", \"keys\": \"{keys}\", \"n\": {n}, \"round\": {round}, \
             \"contender\": \"{contender}\", \"value\": {value:.6}, \"unit\": \"{unit}\"}}"
        );
    }
}

fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

fn fill<K, M: Map<K>>(tables: &mut [M], keys: &[K]) {
    for table in tables {
        for key in keys {
            table.put(key, 1);
        }
    }
}

fn mix<K, M: Map<K>>(table: &mut M, fresh: &[K], old: &[K]) -> i64 {
    let mut sum = 0;
    for (come, go) in fresh.iter().zip(old) {
        table.put(come, 1);
        sum += table.get(come) + table.get(go);
        table.del(go);
    }
    sum
}

/// One pass: nanoseconds, and how many operations it was. What comes out is what has to.
fn pass<K: Key, M: Map<K>>(
    tables: &mut Vec<M>,
    keys: &Keys<K>,
    workload: &str,
    round: usize,
) -> (f64, usize) {
    let n = keys.present.len();
    let batch = n.max(PASS).div_ceil(n);
    let length = keys.sought.len().min(SLICE);
    // In each round the next slice of the keys.
    let sought = &keys.sought[round * SLICE % (keys.sought.len() - length + 1)..][..length];
    if workload == "insert" || tables.is_empty() {
        tables.clear();
        tables.resize_with(batch, M::new);
        if workload != "insert" {
            fill(tables, &keys.present);
        }
    }
    let start = now();
    let (sum, expected, operations) = match workload {
        "insert" => {
            fill(tables, &keys.present);
            (0, 0, batch * n)
        }
        "hit" => (sought.iter().map(|key| tables[0].get(key)).sum(), length, length),
        "miss" => {
            let rounds = PASS.div_ceil(keys.absent.len());
            let misses = (0..rounds).flat_map(|_| &keys.absent).map(|key| tables[0].get(key)).sum();
            (misses, 0, rounds * keys.absent.len())
        }
        "replace" => {
            fill(&mut tables[..1], sought);
            (0, 0, length)
        }
        "iterate" => (tables.iter().map(Map::walk).sum(), batch * n, batch * n),
        "mixed" => {
            let pairs = keys.absent.len().min(PAIRS);
            let (fresh, old) = (&keys.absent[..pairs], &sought[..pairs]);
            // And back again, so that the table holds what it held.
            let sum = tables.iter_mut().map(|table| mix(table, fresh, old) + mix(table, old, fresh)).sum();
            (sum, 4 * batch * pairs, 8 * batch * pairs)
        }
        _ => {
            let removed = &sought[..n.min(length)];
            for table in &mut *tables {
                for key in removed {
                    table.del(key);
                }
            }
            (0, 0, batch * removed.len())
        }
    };
    let took = now() - start;
    assert_eq!(black_box(sum), expected as i64, "{workload}");
    if workload == "delete" {
        let removed = &sought[..n.min(length)];
        assert_eq!(tables[0].walk(), (n - removed.len()) as i64, "{workload}");
        fill(tables, removed);
    }
    (took, operations)
}

fn live<K: Key, M: Map<K>>(task: &Task, name: &str, keys: &Keys<K>, round: usize) {
    let mut tables: Vec<M> = Vec::new();
    for workload in WORKLOADS.into_iter().filter(|workload| task.wants(workload)) {
        let (mut spent, mut operations) = (0.0, 0);
        while spent < SAMPLE_NS {
            let (took, done) = pass(&mut tables, keys, workload, round);
            spent += took;
            operations += done;
        }
        task.tell(workload, round, name, spent / operations as f64, "ns");
    }
}

/// Bytes of memory that this process has in it; 0 where the system does not say.
fn resident() -> f64 {
    let said = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = said.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok());
    pages.unwrap_or(0.0) * rustix::param::page_size() as f64
}

fn measure_memory<K: Key, M: Map<K>>(task: &Task, name: &str, keys: &Keys<K>) {
    let before = resident();
    let mut tables = [M::new()];
    fill(&mut tables, &keys.present);
    task.tell("memory-resident", 0, name, (resident() - before) / keys.present.len() as f64, "bytes");
    black_box(tables);
}

// ---- Tasks ---------------------------------------------------------------------------------------------------

struct Contender<K> {
    name: &'static str,
    live: fn(&Task, &str, &Keys<K>, usize),
    measure_memory: fn(&Task, &str, &Keys<K>),
}

impl<K: Key> Contender<K> {
    fn of<M: Map<K>>(name: &'static str) -> Self {
        Self { name, live: live::<K, M>, measure_memory: measure_memory::<K, M> }
    }

    fn all() -> [Self; 3] {
        [
            Self::of::<Ours<K>>("hashtable::table"),
            Self::of::<hashbrown::HashMap<K, i64, Build>>("hashbrown"),
            Self::of::<indexmap::IndexMap<K, i64, Build>>("indexmap"),
        ]
    }
}

fn carry_out<K: Key>(task: &Task, keys: &Keys<K>, for_memory: Option<&str>) {
    if let Some(name) = for_memory {
        for contender in Contender::all().iter().filter(|contender| contender.name == name) {
            (contender.measure_memory)(task, contender.name, keys);
        }
        return;
    }
    let wanted = |name: &str| task.contenders.iter().any(|each| each == "*" || each == name);
    let chosen: Vec<_> = Contender::all().into_iter().filter(|contender| wanted(contender.name)).collect();
    if task.wants("memory-resident") {
        for contender in &chosen {
            // In a process of its own: on a heap where no table has been before.
            let line = format!("{}\t{}\t1\tmemory-resident\t*", task.keys, task.n);
            let mut child = Command::new(std::env::current_exe().expect("the path of this program"));
            let status = child.args(["--memory", contender.name, &line]).status().expect("a child");
            assert!(status.success(), "a child that measures memory");
        }
    }
    for round in 0..task.rounds {
        for turn in 0..chosen.len() {
            let contender = &chosen[(turn + round) % chosen.len()];
            (contender.live)(task, contender.name, keys, round);
        }
    }
}

fn begin(task: &Task, for_memory: Option<&str>) {
    match task.keys.as_str() {
        "short" | "long" => carry_out(task, &texts(&task.keys, task.n), for_memory),
        _ => carry_out(task, &ints(&task.keys, task.n), for_memory),
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, "--memory", name, line] = &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        begin(&Task::read(line).expect("a task"), Some(name));
        return;
    }
    println!("{{\"about\": {{\"hashtable::table\": \"{}\"}}, \"skipped\": []}}", env!("CARGO_PKG_VERSION"));
    let tasks: Vec<Task> =
        io::stdin().lines().map(|line| Task::read(&line.expect("a line")).expect("a task")).collect();
    for task in &tasks {
        begin(task, None);
        println!("{{\"done\": true}}");
        io::stdout().flush().expect("stdout");
    }
}

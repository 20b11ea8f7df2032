//! The cheaper idea: today's layout, and a resize that waits less. Each way doubles the bins of the same table and
//! ends with the same heads and the same links; the time is for one entry of one doubling.
//!
//! | way | entries | heads |
//! |---|---|---|
//! | stream | in order, each pushed at its head from the last to the first: what `Table` does where they may move | at random |
//! | stream, batched | the same, but the heads of 32 are read before the first is written | at random |
//! | stream, parted | the pairs of bin and slot are sorted into 64 parts of the bins first | at random in a part |
//! | walk | chain by chain, turned round and pushed: what `Table` does where they may not move | in order |
//! | split | chain by chain, each entry to the tail of one of two; a link that stays is not written | in order |
//! | split, batched | the same, but the first entries of 32 chains are read before the first is put | in order |

use crate::contenders::{Chance, Record, mixed};
use crate::workloads::quartiles;
use hashtable::table::{Entry, Link, Slot};
use std::time::Instant;

const ROUNDS: usize = 9;
const BATCH: usize = 32;
const PARTS: usize = 64;
/// Links up to 2^24, and a byte of tag: the same before and after, since that is not what is measured.
const LINK_BITS: u32 = 24;
const LINK_MASK: u32 = (1 << LINK_BITS) - 1;

/// Today's layout, as far as a resize goes.
#[derive(Clone)]
struct Chained {
    heads: Vec<u32>,
    entries: Vec<Record>,
}

fn tag(hash: i64) -> u32 {
    1 << (LINK_BITS + ((hash as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 61) as u32)
}

fn link(bits: u32) -> Link {
    match (bits & LINK_MASK).checked_sub(1) {
        Some(index) => Link::to(Slot::new(index as usize)),
        None => Link::END,
    }
}

fn bits(link: Link) -> u32 {
    link.slot().map_or(0, |slot| slot.index() as u32 + 1)
}

impl Chained {
    fn bin_of(&self, hash: i64) -> usize {
        hash as usize & (self.heads.len() - 1)
    }

    #[inline]
    fn push_first(&mut self, index: usize) {
        let hash = self.entries[index].hash();
        let bin = self.bin_of(hash);
        let head = &mut self.heads[bin];
        self.entries[index].set_next(link(*head));
        *head = *head & !LINK_MASK | tag(hash) | (index as u32 + 1);
    }

    fn start(&mut self) -> Vec<u32> {
        let heads = vec![0; 2 * self.heads.len()];
        std::mem::replace(&mut self.heads, heads)
    }
}

fn stream(table: &mut Chained) {
    table.start();
    for index in (0..table.entries.len()).rev() {
        table.push_first(index);
    }
}

fn stream_batched(table: &mut Chained) {
    table.start();
    let mut end = table.entries.len();
    while end > 0 {
        let start = end.saturating_sub(BATCH);
        let mut read = 0;
        for index in start..end {
            read |= table.heads[table.bin_of(table.entries[index].hash())];
        }
        std::hint::black_box(read);
        for index in (start..end).rev() {
            table.push_first(index);
        }
        end = start;
    }
}

fn stream_parted(table: &mut Chained) {
    table.start();
    let shift = table.heads.len().trailing_zeros() - PARTS.trailing_zeros();
    let mut ends = [0; PARTS];
    for entry in &table.entries {
        ends[table.bin_of(entry.hash()) >> shift] += 1;
    }
    let mut sum = 0;
    for end in &mut ends {
        (*end, sum) = (sum, sum + *end);
    }
    let mut slots = vec![0; table.entries.len()];
    for (index, entry) in table.entries.iter().enumerate() {
        let end = &mut ends[table.bin_of(entry.hash()) >> shift];
        slots[*end] = index as u32;
        *end += 1;
    }
    for &index in slots.iter().rev() {
        table.push_first(index as usize);
    }
}

fn walk(table: &mut Chained) {
    let old = table.start();
    for &head in old.iter().rev() {
        let mut reversed = Link::END;
        let mut next = link(head);
        while let Some(slot) = next.slot() {
            let entry = &mut table.entries[slot.index()];
            next = entry.next();
            entry.set_next(reversed);
            reversed = Link::to(slot);
        }
        while let Some(slot) = reversed.slot() {
            reversed = table.entries[slot.index()].next();
            table.push_first(slot.index());
        }
    }
}

/// Parts the chain that begins at `head` in two, each in the order that it had.
#[inline]
fn split_one(entries: &mut [Record], head: u32, size: usize) -> [u32; 2] {
    let mut heads = [0; 2];
    let mut tails = [None::<usize>; 2];
    let mut next = link(head);
    while let Some(slot) = next.slot() {
        let index = slot.index();
        let (hash, after) = (entries[index].hash(), entries[index].next());
        let half = usize::from(hash as usize & size != 0);
        match tails[half] {
            None => heads[half] = index as u32 + 1,
            Some(tail) if bits(entries[tail].next()) == index as u32 + 1 => {}
            Some(tail) => entries[tail].set_next(Link::to(slot)),
        }
        heads[half] |= tag(hash);
        tails[half] = Some(index);
        next = after;
    }
    for tail in tails.into_iter().flatten() {
        if entries[tail].next() != Link::END {
            entries[tail].set_next(Link::END);
        }
    }
    heads
}

fn split(table: &mut Chained) {
    let old = table.start();
    let size = old.len();
    for (bin, &head) in old.iter().enumerate() {
        let [low, high] = split_one(&mut table.entries, head, size);
        table.heads[bin] = low;
        table.heads[bin + size] = high;
    }
}

fn split_batched(table: &mut Chained) {
    let old = table.start();
    let size = old.len();
    for (batch, heads) in old.chunks(BATCH).enumerate() {
        let mut read = 0;
        for &head in heads {
            // The first entry where there is none: any entry will do, and so there is no branch to guess.
            read |= table.entries[((head & LINK_MASK) as usize).saturating_sub(1)].hash();
        }
        std::hint::black_box(read);
        for (at, &head) in heads.iter().enumerate() {
            let bin = batch * BATCH + at;
            let [low, high] = split_one(&mut table.entries, head, size);
            table.heads[bin] = low;
            table.heads[bin + size] = high;
        }
    }
}

/// A way to double, by name.
type Way = (&'static str, fn(&mut Chained));

const WAYS: [Way; 6] = [
    ("stream", stream),
    ("stream, batched", stream_batched),
    ("stream, parted", stream_parted),
    ("walk", walk),
    ("split", split),
    ("split, batched", split_batched),
];

/// Times every way on tables that are as full as they get, and checks that all ways agree.
pub fn compare() {
    for size in [1 << 14, 1 << 17, 1 << 20, 1 << 22] {
        for count in [size / 2, size] {
            compare_at(size, count);
        }
    }
}

fn compare_at(size: usize, count: usize) {
    let mut chance = Chance(1);
    let mut before = Chained { heads: vec![0; size / 2], entries: Vec::new() };
    for _ in 0..count {
        let key = chance.next();
        before.entries.push(Record::new(key, key, mixed(key)));
    }
    stream(&mut before);
    let mut expected = before.clone();
    stream(&mut expected);
    let mut times = [const { Vec::new() }; WAYS.len()];
    for round in 0..ROUNDS {
        for turn in 0..WAYS.len() {
            let which = (turn + round) % WAYS.len();
            let mut table = before.clone();
            let start = Instant::now();
            WAYS[which].1(&mut table);
            times[which].push(start.elapsed().as_nanos() as f64 / count as f64);
            let same = |index: usize| table.entries[index].next() == expected.entries[index].next();
            assert!(table.heads == expected.heads && (0..count).all(same), "{} is wrong", WAYS[which].0);
        }
    }
    println!("\n{count} entries, {size} bins to {}: ns an entry", 2 * size);
    for ((name, _), mut times) in WAYS.into_iter().zip(times) {
        let [first, median, third] = quartiles(&mut times);
        println!("  {name:<16} {median:6.2}  ({first:.2} to {third:.2})");
    }
}

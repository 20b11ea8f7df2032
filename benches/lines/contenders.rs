//! The two layouts behind one face, with the same entry, the same hash and the same keys.

use crate::layout::Lines;
use hashtable::table::{Entry, Link, MaxLoad, Store, Table};
use std::num::NonZeroUsize;

/// What an item of the C library and an entry of the extension are: 32 bytes, the link among them.
#[derive(Clone, Copy)]
pub struct Record {
    hash: i64,
    pub key: u64,
    pub value: u64,
    next: Link,
    /// A byte that has values to spare, as a kind does, so that a hole costs nothing.
    _kind: bool,
}

const _: () = assert!(size_of::<Option<Record>>() == 32);

impl Record {
    pub fn new(key: u64, value: u64, hash: i64) -> Self {
        Self { hash, key, value, next: Link::END, _kind: true }
    }
}

impl Entry for Record {
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

/// The finaliser of `MurmurHash3`: a few nanoseconds, and every bit of the key moves every bit of the hash.
#[inline]
pub fn mixed(key: u64) -> i64 {
    let key = (key ^ key >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    let key = (key ^ key >> 33).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    (key ^ key >> 33) as i64
}

/// A table that the workloads can drive. The hash is the caller's.
pub trait Contender: Sized {
    fn sized(size: usize, max_load: Option<MaxLoad>) -> Self;
    fn heap_bytes(&self) -> usize;
    fn get(&self, key: u64, hash: i64) -> Option<u64>;
    fn set(&mut self, key: u64, hash: i64, value: u64);
    fn pop(&mut self, key: u64, hash: i64) -> Option<u64>;
    fn double(&mut self);
    /// The keys in a bin, in the order of its chain.
    fn keys_in(&self, bin: usize) -> Vec<u64>;
}

impl<S: Store<Entry = Record, Removed = Record>> Contender for Table<S> {
    fn sized(size: usize, max_load: Option<MaxLoad>) -> Self {
        Self::new(NonZeroUsize::new(size).expect("a table has bins"), max_load).expect("memory")
    }

    fn heap_bytes(&self) -> usize {
        self.heap_bytes()
    }

    #[inline]
    fn get(&self, key: u64, hash: i64) -> Option<u64> {
        self.find(hash, |entry| entry.key == key).ok().map(|slot| self.entry(slot).value)
    }

    #[inline]
    fn set(&mut self, key: u64, hash: i64, value: u64) {
        match self.find(hash, |entry| entry.key == key) {
            Ok(slot) => self.entry_mut(slot).value = value,
            Err(vacancy) => {
                self.make_room(vacancy).expect("memory").fill(Record::new(key, value, hash));
            }
        }
    }

    #[inline]
    fn pop(&mut self, key: u64, hash: i64) -> Option<u64> {
        let slot = self.find(hash, |entry| entry.key == key).ok()?;
        Some(self.remove(slot).value)
    }

    fn double(&mut self) {
        self.double().expect("memory");
    }

    fn keys_in(&self, bin: usize) -> Vec<u64> {
        self.chain(bin).map(|entry| entry.key).collect()
    }
}

impl<S: Store<Entry = Record, Removed = Record>> Contender for Lines<S> {
    fn sized(size: usize, max_load: Option<MaxLoad>) -> Self {
        Self::new(size, max_load).expect("memory")
    }

    fn heap_bytes(&self) -> usize {
        self.heap_bytes()
    }

    #[inline]
    fn get(&self, key: u64, hash: i64) -> Option<u64> {
        self.find(hash, |entry| entry.key == key).map(|found| self.entry(found.slot).value)
    }

    #[inline]
    fn set(&mut self, key: u64, hash: i64, value: u64) {
        match self.find(hash, |entry| entry.key == key) {
            Some(found) => self.entry_mut(found.slot).value = value,
            None => {
                self.add(Record::new(key, value, hash)).expect("memory");
            }
        }
    }

    #[inline]
    fn pop(&mut self, key: u64, hash: i64) -> Option<u64> {
        let found = self.find(hash, |entry| entry.key == key)?;
        Some(self.remove(hash, found).value)
    }

    fn double(&mut self) {
        self.double_to(2 * self.size()).expect("memory");
    }

    fn keys_in(&self, bin: usize) -> Vec<u64> {
        self.chain(bin).iter().map(|entry| entry.key).collect()
    }
}

/// `SplitMix64`: enough chance for a bench, and the same in every run.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ bits >> 31
    }

    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

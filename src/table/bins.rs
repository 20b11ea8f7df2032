//! The array of bins: which bin a hash belongs to, and the head of each bin's chain.
//!
//! A head is 32 bits. Its low `link_bits` hold the [`Link`] to the tail of the chain; the bits above
//! hold the chain's *tag*, a bloom filter of one bit a member: each entry sets the bit that its hash picks. A
//! search whose bit is not set knows from the head alone that its key is not in the chain, and a miss then
//! costs one cache line. An empty bin is 0.
//!
//! ```text
//!      31            link_bits              0
//!     ┌─────────────────┬───────────────────┐
//!     │ tag: 1 bit or   │ slot of the tail, │
//!     │ more            │ plus one          │
//!     └─────────────────┴───────────────────┘
//! ```
//!
//! Removal leaves the tag as it is, unless it empties the bin: a tag may claim too much and never too little.

use super::store::{Entry, Link, NoMemory, Slot, Store};

/// Bits left for the tag when a table is as large as it can be.
const MIN_TAG_BITS: u32 = 1;

/// 2^64 divided by the golden ratio: multiplying by it spreads a hash's differences into the high bits, so that
/// the tag's bit has little to do with the bin, which comes from the low ones (Knuth, TAOCP 3, 6.4).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// How many low bits a head needs, for links to slots below `slots`.
pub(super) fn link_bits_for(slots: usize) -> u32 {
    let bits = usize::BITS - slots.leading_zeros();
    debug_assert!(bits <= u32::BITS - MIN_TAG_BITS);
    bits.max(1)
}

#[derive(Debug)]
pub(super) struct Bins {
    heads: Vec<u32>,
    /// `size - 1` where the size is a power of two; then the floor modulo is a mask.
    mask: Option<usize>,
    link_bits: u32,
}

impl Bins {
    /// One bin for each of `heads`, which are all 0.
    pub(super) fn new(heads: Vec<u32>, link_bits: u32) -> Self {
        let size = heads.len();
        debug_assert!(size > 0 && heads.iter().take(64).all(|&head| head == 0));
        Self { heads, mask: size.is_power_of_two().then(|| size - 1), link_bits }
    }

    /// The same bins, in memory from `S`.
    pub(super) fn try_clone<S: Store>(&self) -> Result<Self, NoMemory> {
        let mut heads = S::zeroes(self.heads.len())?;
        heads.copy_from_slice(&self.heads);
        Ok(Self { heads, ..*self })
    }

    #[inline]
    pub(super) fn size(&self) -> usize {
        self.heads.len()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.heads.capacity() * size_of::<u32>()
    }

    pub(super) fn link_bits(&self) -> u32 {
        self.link_bits
    }

    /// The bin of `hash`: the floor modulo (T1). A negative hash stays in the array, and counts down from its
    /// end.
    #[inline]
    pub(super) fn bin_of(&self, hash: i64) -> usize {
        match self.mask {
            // The low bits of a two's complement number are its floor modulo, negative or not.
            Some(mask) => hash as usize & mask,
            None => hash.rem_euclid(self.heads.len() as i64) as usize,
        }
    }

    /// The tail of the chain in `bin`.
    #[inline]
    pub(super) fn tail(&self, bin: usize) -> Link {
        Link::from_bits(self.heads[bin] & self.link_mask())
    }

    /// The tail of the chain in `bin`, or the end if no member can have this hash.
    #[inline]
    pub(super) fn tail_like(&self, bin: usize, hash: i64) -> Link {
        let head = self.heads[bin];
        if head & self.tag_bit(hash) == 0 { Link::END } else { Link::from_bits(head & self.link_mask()) }
    }

    /// Says that `tail` is now the tail of the chain in `bin`; the tag stays. The end empties the bin.
    #[inline]
    pub(super) fn set_tail(&mut self, bin: usize, tail: Link) {
        let tag = match tail {
            Link::END => 0,
            _ => self.heads[bin] & !self.link_mask(),
        };
        self.heads[bin] = tag | tail.bits();
    }

    /// Says that an entry with this hash has joined the chain in `bin`, which is not empty.
    #[inline]
    pub(super) fn add_tag(&mut self, bin: usize, hash: i64) {
        self.heads[bin] |= self.tag_bit(hash);
    }

    /// Puts the entry in `slot` at the tail of its chain.
    #[inline]
    pub(super) fn push(&mut self, slot: Slot, entry: &mut impl Entry) {
        let hash = entry.hash();
        let bin = self.bin_of(hash);
        entry.set_next(self.tail(bin));
        self.set_tail(bin, Link::to(slot));
        self.add_tag(bin, hash);
    }

    /// Writes the head of `bin` as it is to be once links take `link_bits`, more than now; `hashes` are those of
    /// its chain. To be done for every bin before [`set_link_bits`](Bins::set_link_bits).
    pub(super) fn retag(&mut self, bin: usize, link_bits: u32, hashes: impl Iterator<Item = i64>) {
        let tag = hashes.fold(0, |tag, hash| tag | tag_bit(link_bits, hash));
        self.heads[bin] = tag | self.tail(bin).bits();
    }

    /// Whether the tag of `bin` admits a member with this hash.
    pub(super) fn admits(&self, bin: usize, hash: i64) -> bool {
        self.heads[bin] & self.tag_bit(hash) != 0
    }

    /// Empties every bin.
    pub(super) fn clear(&mut self) {
        self.heads.fill(0);
    }

    /// Says that links now take `link_bits`; every bin was [retagged](Bins::retag), or is empty.
    pub(super) fn set_link_bits(&mut self, link_bits: u32) {
        self.link_bits = link_bits;
    }

    #[inline]
    fn link_mask(&self) -> u32 {
        (1 << self.link_bits) - 1
    }

    #[inline]
    fn tag_bit(&self, hash: i64) -> u32 {
        tag_bit(self.link_bits, hash)
    }
}

/// The bit, among those above a link of `link_bits`, that `hash` picks.
#[inline]
fn tag_bit(link_bits: u32, hash: i64) -> u32 {
    let mixed = (hash as u64).wrapping_mul(GOLDEN) >> 32;
    let tag_bits = u64::from(u32::BITS - link_bits);
    1 << (link_bits + ((mixed * tag_bits) >> 32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_is_the_floor_modulo() {
        for size in [1, 2, 3, 4, 5, 7, 8, 10, 16, 100] {
            let bins = Bins::new(vec![0; size], 4);
            for hash in [i64::MIN, i64::MIN + 1, -1000, -5, -4, -1, 0, 1, 3, 4, 5, 1000, i64::MAX] {
                let size = size as i128;
                let floor = ((i128::from(hash) % size) + size) % size;
                assert_eq!(bins.bin_of(hash) as i128, floor, "hash {hash}, size {size}");
            }
        }
    }

    #[test]
    fn links_and_tags_share_a_head_and_do_not_meet() {
        for link_bits in 1..=31 {
            let mut bins = Bins::new(vec![0; 1], link_bits);
            let largest = Link::from_bits((1 << link_bits) - 1);
            bins.set_tail(0, largest);
            for hash in [-1, 0, 1, 77, i64::MAX, i64::MIN] {
                bins.add_tag(0, hash);
                assert_eq!(bins.tail(0), largest);
                assert_eq!(bins.tail_like(0, hash), largest);
            }
            bins.set_tail(0, Link::END);
            assert_eq!(bins.heads[0], 0);
        }
    }

    #[test]
    fn the_largest_link_fits() {
        for slots in [1, 2, 3, 4, 7, 8, 9, super::super::store::MAX_SLOTS] {
            assert!((slots as u64) < (1 << link_bits_for(slots)), "{slots}");
        }
    }
}

//! The array of bins: which bin a hash belongs to, and the head of each bin's chain.
//!
//! A head is 32 bits. Its high bits are the [`Link`] to the tail of the chain; the `tag_bits` below are the
//! chain's *tag*, a bloom filter of three bits a member: each entry sets those that its hash picks. A search for
//! a hash whose bits are not all set knows from the head alone that its key is not in the chain, and a miss then
//! costs one cache line. An empty bin is 0.
//!
//! ```text
//!      31             tag_bits             0
//!     ┌───────────────────┬─────────────────┐
//!     │ slot of the tail, │ tag: 1 bit or   │
//!     │ plus one          │ more            │
//!     └───────────────────┴─────────────────┘
//! ```
//!
//! Three bits and not one: with a million entries in as many bins, and 11 bits of tag, 3.4 % of the misses look at
//! an entry in vain instead of 9 %. Which three comes from a list of 128 choices ([`PICKS`]): one multiplication and one
//! load, where to compute them took three multiplications.
//!
//! Removal leaves the tag as it is, unless it empties the bin: a tag may claim too much and never too little.
//!
//! A small table's heads are made when its first entry comes: until then they would all be 0, and to make an empty
//! table is what a program does most often with one.

use super::store::{Link, NoMemory, Slot, Store};

/// Bits left for the tag when a table is as large as it can be.
const MIN_TAG_BITS: u32 = 1;

/// 2^64 divided by the golden ratio: multiplying by it spreads a hash's differences into the high bits, so that
/// the tag's bit has little to do with the bin, which comes from the low ones (Knuth, TAOCP 3, 6.4).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The choices of bits that a hash can make.
const PICK_BITS: u32 = 7;
type Picks = [u32; 1 << PICK_BITS];

/// For each number of tag bits, the choices: three bits each, fewer in a tag that three would fill too soon. They
/// are spread evenly over the combinations that there are.
static PICKS: [Picks; 32] = {
    let mut picks = [[0; 1 << PICK_BITS]; 32];
    let mut tag_bits = 1;
    while tag_bits < 32 {
        let first =
            (1 << if tag_bits < 6 {
                1
            } else if tag_bits < 9 {
                2
            } else {
                3
            }) - 1_u64;
        let combinations = combinations(first, tag_bits);
        let (mut pick, mut number, mut combination) = (0, 0, first);
        while pick < 1 << PICK_BITS {
            picks[tag_bits as usize][pick] = combination as u32;
            pick += 1;
            // Where there are fewer combinations than choices, some are made twice.
            let next = (pick * combinations) >> PICK_BITS;
            while number < next {
                combination = next_combination(combination);
                number += 1;
            }
        }
        tag_bits += 1;
    }
    picks
};

/// How many numbers below `1 << bits` have as many bits set as `first`, which is the least of them.
const fn combinations(first: u64, bits: u32) -> usize {
    let (mut count, mut combination) = (0, first);
    while combination < 1 << bits {
        combination = next_combination(combination);
        count += 1;
    }
    count
}

/// The next larger number with as many bits set (R. W. Gosper, HAKMEM, item 175).
const fn next_combination(combination: u64) -> u64 {
    let lowest = combination & combination.wrapping_neg();
    let carried = combination + lowest;
    carried | (((carried ^ combination) >> 2) / lowest)
}

/// How many bits a head has for its tag, if links lead to slots below `slots`.
pub(super) fn tag_bits_for(slots: usize) -> u32 {
    let link_bits = usize::BITS - slots.leading_zeros();
    debug_assert!(link_bits <= u32::BITS - MIN_TAG_BITS);
    u32::BITS - link_bits.max(1)
}

#[derive(Debug)]
pub(super) struct Bins {
    /// As many as `size`, or none as long as they are not [made](Bins::are_made).
    heads: Vec<u32>,
    size: usize,
    /// `size - 1` where the size is a power of two; then the floor modulo is a mask.
    mask: Option<usize>,
    tag_bits: u32,
    /// The line of [`PICKS`] for `tag_bits`.
    picks: &'static Picks,
}

impl Bins {
    /// One bin for each of `heads`, which are all 0.
    pub(super) fn new(heads: Vec<u32>, tag_bits: u32) -> Self {
        let size = heads.len();
        debug_assert!(size > 0 && heads.iter().take(64).all(|&head| head == 0));
        Self { heads, ..Self::unmade(size, tag_bits) }
    }

    /// `size` bins, which are empty, to be [made](Bins::make) before the first entry comes.
    #[inline]
    pub(super) fn unmade(size: usize, tag_bits: u32) -> Self {
        debug_assert!(size > 0);
        Self {
            heads: Vec::new(),
            size,
            mask: size.is_power_of_two().then(|| size - 1),
            tag_bits,
            picks: &PICKS[tag_bits as usize],
        }
    }

    /// Whether entries can come.
    pub(super) fn are_made(&self) -> bool {
        !self.heads.is_empty()
    }

    /// Gives the bins their heads, one for each, which are all 0.
    pub(super) fn make(&mut self, heads: Vec<u32>) {
        debug_assert!(!self.are_made() && heads.len() == self.size);
        self.heads = heads;
    }

    /// The same bins, in memory from `S`.
    pub(super) fn try_clone<S: Store>(&self, load: usize) -> Result<Self, NoMemory> {
        let mut heads = S::zeroes(self.heads.len(), load)?;
        heads.copy_from_slice(&self.heads);
        Ok(Self { heads, ..*self })
    }

    #[inline]
    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.heads.capacity() * size_of::<u32>()
    }

    pub(super) fn tag_bits(&self) -> u32 {
        self.tag_bits
    }

    /// The bin of `hash`: the floor modulo (T1). A negative hash stays in the array, and counts down from its
    /// end.
    #[inline]
    pub(super) fn bin_of(&self, hash: i64) -> usize {
        match self.mask {
            // The low bits of a two's complement number are its floor modulo, negative or not.
            Some(mask) => hash as usize & mask,
            None => hash.rem_euclid(self.size as i64) as usize,
        }
    }

    #[inline]
    fn head(&self, bin: usize) -> u32 {
        debug_assert!(bin < self.size);
        // In place of the check that an index is within its array, and so for nothing.
        self.heads.get(bin).copied().unwrap_or(0)
    }

    /// The tail of the chain in `bin`.
    #[inline]
    pub(super) fn tail(&self, bin: usize) -> Link {
        Link::from_bits(self.head(bin) >> self.tag_bits)
    }

    /// The tail of the chain in `bin`, or the end if no member can have this hash.
    #[inline]
    pub(super) fn tail_like(&self, bin: usize, hash: i64) -> Link {
        let (head, tag) = (self.head(bin), pick(self.picks, hash));
        if head & tag == tag { Link::from_bits(head >> self.tag_bits) } else { Link::END }
    }

    /// Says that `tail` is now the tail of the chain in `bin`; the tag stays. The end empties the bin.
    #[inline]
    pub(super) fn set_tail(&mut self, bin: usize, tail: Link) {
        let tag = match tail {
            Link::END => 0,
            _ => self.heads[bin] & self.tag_mask(),
        };
        self.heads[bin] = self.link_field(tail) | tag;
    }

    /// Says that the entry in `slot`, with this hash, is now the tail of the chain in `bin`. Returns what was.
    #[inline]
    pub(super) fn push(&mut self, bin: usize, slot: Slot, hash: i64) -> Link {
        let (tag_mask, link) = (self.tag_mask(), self.link_field(Link::to(slot)));
        let head = &mut self.heads[bin];
        let tail = Link::from_bits(*head >> self.tag_bits);
        *head = link | *head & tag_mask | pick(self.picks, hash);
        tail
    }

    /// Writes the head of `bin` as it is to be once tags take `tag_bits`, fewer than now; `hashes` are those of
    /// its chain. To be done for every bin before [`set_tag_bits`](Bins::set_tag_bits).
    pub(super) fn retag(&mut self, bin: usize, tag_bits: u32, hashes: impl Iterator<Item = i64>) {
        let picks = &PICKS[tag_bits as usize];
        let tag = hashes.fold(0, |tag, hash| tag | pick(picks, hash));
        self.heads[bin] = self.tail(bin).bits() << tag_bits | tag;
    }

    /// Whether the tag of `bin` admits a member with this hash.
    pub(super) fn admits(&self, bin: usize, hash: i64) -> bool {
        self.tail_like(bin, hash) != Link::END
    }

    /// Empties every bin.
    pub(super) fn clear(&mut self) {
        self.heads.fill(0);
    }

    /// Says that tags now take `tag_bits`; every bin was [retagged](Bins::retag), or is empty.
    pub(super) fn set_tag_bits(&mut self, tag_bits: u32) {
        self.tag_bits = tag_bits;
        self.picks = &PICKS[tag_bits as usize];
    }

    #[inline]
    fn tag_mask(&self) -> u32 {
        (1 << self.tag_bits) - 1
    }

    #[inline]
    fn link_field(&self, link: Link) -> u32 {
        link.bits() << self.tag_bits
    }
}

/// The bits of a tag that `hash` picks.
#[inline]
fn pick(picks: &Picks, hash: i64) -> u32 {
    picks[((hash as u64).wrapping_mul(GOLDEN) >> (u64::BITS - PICK_BITS)) as usize]
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
        for tag_bits in 1..=31 {
            let mut bins = Bins::new(vec![0; 1], tag_bits);
            let largest = Link::from_bits((1 << (32 - tag_bits)) - 1);
            bins.push(0, largest.slot().unwrap(), 5);
            for hash in [-1, 0, 1, 77, i64::MAX, i64::MIN] {
                assert_eq!(bins.push(0, largest.slot().unwrap(), hash), largest);
                assert_eq!(bins.tail(0), largest);
                assert_eq!(bins.tail_like(0, hash), largest);
            }
            bins.set_tail(0, largest);
            assert_eq!(bins.tail_like(0, 77), largest, "the tag stays");
            bins.set_tail(0, Link::END);
            assert_eq!(bins.heads[0], 0);
        }
    }

    #[test]
    fn a_tag_turns_most_strangers_away() {
        // The tag of a table of a million entries, with one member: one of 128 choices is its own.
        let mut bins = Bins::new(vec![0; 1], 11);
        bins.push(0, Slot::new(0), 0x1234_5678);
        let strangers =
            (0..10_000).filter(|hash| bins.tail_like(0, hash * 0x9_1234_5677) != Link::END).count();
        assert!(strangers < 10_000 / 100, "{strangers}");
    }

    #[test]
    fn every_choice_is_within_its_tag() {
        for tag_bits in 1..32_u32 {
            let picks = &PICKS[tag_bits as usize];
            let mut all = 0;
            for &pick in picks {
                assert_eq!(pick.count_ones(), (tag_bits / 3).clamp(1, 3), "{tag_bits}: {pick:b}");
                all |= pick;
            }
            assert_eq!(all, u32::MAX >> (32 - tag_bits), "{tag_bits}: each bit has its use");
        }
    }

    #[test]
    fn the_largest_link_fits() {
        for slots in [1, 2, 3, 4, 7, 8, 9, super::super::store::MAX_SLOTS] {
            let tag_bits = tag_bits_for(slots);
            assert!((MIN_TAG_BITS..u32::BITS).contains(&tag_bits));
            assert!(u32::try_from((slots as u64) << tag_bits).is_ok(), "{slots}");
        }
    }
}

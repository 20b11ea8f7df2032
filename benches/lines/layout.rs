//! The other layout: lines of tagged slots where the table has heads of chains.
//!
//! `src/table` keeps four bytes a bin, the head of its chain, so that 16 bins fill a cache line of which a search
//! uses four bytes. Here the same 64 bytes hold the *entries* of 16 bins: up to 15 slots, each with a tag that
//! tells them apart without looking at them. No entry is chained.
//!
//! ```text
//!   hash      ┌──────────────── quotient ────────────────┬──── line ─────┐
//!             │   …   (not kept)    │  tag, t bits       │ log2(lines)   │
//!             └─────────────────────┴────────────────────┴───────────────┘
//!                                             │      └─ its low 4 bits: which of the line's 16 bins
//!   a line    ┌──────────┬──────────┬─────────▼┬─── … ───┬──────────┬────────────┐
//!   (packed)  │ tag·link │ tag·link │ tag·link │         │     0    │ count = 3  │
//!             └────┼─────┴────┼─────┴────┼─────┴─── … ───┴──────────┴────────────┘
//!                  ▼          ▼          ▼         entries, 32 bytes each, in order of insertion
//!
//!   a line    ┌──────────┬──────────┬──────────┬─── … ───┬──────────┬────────────┐
//!   (open)    │ bin 0  ──┼► chain   │ bin 2  · │         │ bin 14   │ OPEN bin 15│
//!             └──────────┴──────────┴──────────┴─── … ───┴──────────┴────────────┘
//! ```
//!
//! **The bins of a line are strided**: with `n` lines, line 3 serves bins 3, 3 + n, 3 + 2n, … So dense integers
//! spread evenly, and a doubling parts a line into two: the lowest bit of an entry's tag says which, and is not
//! needed any more. A link needs one bit more from then on. Each doubling turns a bit of tag into a bit of link,
//! and **no entry is looked at**: the tag and the line's number always know the hash's low bits.
//!
//! **A line that a sixteenth entry comes to is opened**: its words become the heads of its bins, with bloom tags,
//! and its entries are chained: the table's own layout. So whatever the keys are, and if the table never resizes,
//! a search walks one bin's chain and not those of 16. A resize packs again what has room.
//!
//! # Rules
//!
//! | rule | how it is kept |
//! |---|---|
//! | T1, T6 | a line's slots are in the order in which they came; removal shifts what is behind it |
//! | T4 | all entries of a bin are in one line, before a doubling and after, and are parted in order |
//! | any size | lines = size / 16, rounded up; the tag is the bin's place in its line, then the bits of `hash div size`, of which a doubling uses one |
//! | no maximum | links widen at the tags' expense; the lines open |
//!
//! A line serves 16 bins up to a maximum load of a half, 8 up to one, and so on: eight entries on average when it
//! is fullest, so that one line in a hundred overflows.

use hashtable::table::{Entry, Link, MAX_SLOTS, MaxLoad, NoMemory, Slot, Store};

/// The words of a line. The last one counts the others, or says that the line is open.
const WORDS: usize = 16;
const LAST: usize = WORDS - 1;
/// In the last word: the line is open, and its words are heads.
const OPEN: u32 = 1 << 31;
/// The fewest bits of tag that a doubling leaves, if the links leave any: then the entries are asked for more.
const FEW_TAG_BITS: u32 = 8;
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// One cache line.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Line([u32; WORDS]);

impl Line {
    #[inline]
    fn is_open(&self) -> bool {
        self.0[LAST] & OPEN != 0
    }

    /// The slots of a packed line.
    #[inline]
    fn packed(&self) -> &[u32] {
        debug_assert!(!self.is_open());
        &self.0[..self.0[LAST] as usize % WORDS]
    }

    /// For each word that has the tag of `want`, an empty one or the last perhaps, a bit: bit 1 for the first one.
    #[inline]
    fn matches(&self, want: u32, link_bits: u32) -> u32 {
        // Four comparisons of four words each, if no lane is special: were the first one's bit 0, or the last one's
        // left out, the compiler would make 31 instructions into 55.
        let tag_mask = !0 << link_bits;
        let mut found = 0;
        for (at, word) in self.0.iter().enumerate() {
            found |= u32::from(word & tag_mask == want) << (at + 1);
        }
        found
    }

    /// Puts `word` behind the others, or says that there is no room.
    #[inline]
    fn push(&mut self, word: u32) -> bool {
        // An open line's last word is far too large for a count.
        let count = self.0[LAST] as usize;
        let room = count < LAST;
        if room {
            self.0[count] = word;
            self.0[LAST] += 1;
        }
        room
    }

    /// Takes out the word `at`; the others stay in order.
    #[inline]
    fn remove(&mut self, at: usize) {
        self.0.copy_within(at + 1..LAST, at);
        self.0[LAST - 1] = 0;
        self.0[LAST] -= 1;
    }
}

/// Where a hash belongs. With it, a line's number and a word's tag are what is known of a hash.
#[derive(Clone, Copy)]
struct Shape {
    size: usize,
    lines: usize,
    /// log2 of the number of lines, where the size is a power of two.
    shift: Option<u32>,
    /// log2 of the number of bins that a line may serve.
    stride_bits: u32,
    /// The bits of a word that are its link; the tag has the others.
    link_bits: u32,
}

impl Shape {
    fn new(size: usize, stride_bits: u32, link_bits: u32) -> Self {
        let lines = size.div_ceil(1 << stride_bits);
        let shift = size.is_power_of_two().then(|| lines.trailing_zeros());
        Self { size, lines, shift, stride_bits, link_bits }
    }

    #[inline]
    fn bin_of(&self, hash: i64) -> usize {
        match self.shift {
            Some(_) => hash as usize & (self.size - 1),
            None => hash.rem_euclid(self.size as i64) as usize,
        }
    }

    /// The number of the hash's line, and the low bits of its quotient.
    #[inline]
    fn place(&self, hash: i64) -> (usize, u32) {
        match self.shift {
            Some(shift) => (hash as usize & (self.lines - 1), (hash as u64 >> shift) as u32),
            None => self.place_by_division(hash),
        }
    }

    #[inline(never)]
    fn place_by_division(&self, hash: i64) -> (usize, u32) {
        let (bin, beyond) = (self.bin_of(hash), hash.div_euclid(self.size as i64) as u32);
        (bin % self.lines, (bin / self.lines) as u32 | beyond << self.stride_bits)
    }

    /// Which of its line's bins a quotient belongs to.
    #[inline]
    fn column(&self, quotient: u32) -> usize {
        let columns =
            if self.shift.is_some() { self.size.min(1 << self.stride_bits) } else { 1 << self.stride_bits };
        quotient as usize & (columns - 1)
    }

    /// The line and the column of a bin.
    fn bin_at(&self, bin: usize) -> (usize, usize) {
        (bin % self.lines, bin / self.lines)
    }

    fn tag_bits(&self) -> u32 {
        u32::BITS - self.link_bits
    }

    #[inline]
    fn word(&self, quotient: u32, link: u32) -> u32 {
        quotient << self.link_bits | link
    }

    #[inline]
    fn slot(&self, word: u32) -> Option<Slot> {
        let link = word & ((1 << self.link_bits) - 1);
        link.checked_sub(1).map(|index| Slot::new(index as usize))
    }

    /// The shape with twice as many bins. A bit of tag is used up for it, unless the lines stay as many.
    fn doubled(&self) -> Self {
        let next = Self::new(2 * self.size, self.stride_bits, self.link_bits);
        let used = u32::from(self.shift.is_none() || next.lines > self.lines);
        Self { link_bits: self.link_bits + used, ..next }
    }

    /// Where what was in `line` with this `quotient` is in the doubled shape `next`.
    #[inline]
    fn part(&self, next: &Self, line: usize, quotient: u32) -> (usize, u32) {
        if self.shift.is_some() {
            return if next.lines == self.lines {
                (line, quotient)
            } else {
                (line + self.lines * (quotient as usize & 1), quotient >> 1)
            };
        }
        let beyond = quotient >> self.stride_bits;
        let bin = line + self.lines * self.column(quotient) + self.size * (beyond as usize & 1);
        (bin % next.lines, (bin / next.lines) as u32 | (beyond >> 1) << self.stride_bits)
    }

    /// The bit of an open line's head that stands for `hash`; 0 where the links leave no room for any.
    fn bloom(&self, hash: i64) -> u32 {
        let bits = u64::from(u32::BITS - 1 - self.link_bits);
        if bits == 0 {
            return 0;
        }
        let mixed = (hash as u64).wrapping_mul(GOLDEN) >> 32;
        1 << (self.link_bits + ((mixed * bits) >> 32) as u32)
    }
}

/// How many bits a link to a slot below `slots` needs.
fn link_bits_for(slots: usize) -> u32 {
    (usize::BITS - slots.leading_zeros()).max(1)
}

/// The slot of a key, and the word of a packed line that it was found in.
#[derive(Clone, Copy)]
pub struct Found {
    pub slot: Slot,
    at: Option<usize>,
}

/// A hash table in lines. See the [module](self).
pub struct Lines<S> {
    all: Vec<Line>,
    shape: Shape,
    store: S,
    load: usize,
    limit: usize,
    max_load: Option<MaxLoad>,
}

impl<S: Store> Lines<S> {
    pub fn new(size: usize, max_load: Option<MaxLoad>) -> Result<Self, NoMemory> {
        let stride_bits = match max_load.map_or(0.5, MaxLoad::proportion) {
            ..=0.5 => 4,
            ..=1.0 => 3,
            ..=2.0 => 2,
            ..=4.0 => 1,
            _ => 0,
        };
        let limit = max_load.map_or(MAX_SLOTS, |max| max.limit(size));
        let shape = Shape::new(size, stride_bits, link_bits_for(limit.min(size)));
        let mut table = Self { all: Vec::new(), shape, store: S::default(), load: 0, limit, max_load };
        table.all = zeroed(shape.lines)?;
        Ok(table)
    }

    pub fn size(&self) -> usize {
        self.shape.size
    }

    pub fn load(&self) -> usize {
        self.load
    }

    pub fn heap_bytes(&self) -> usize {
        self.all.capacity() * size_of::<Line>() + self.store.heap_bytes()
    }

    /// How many lines there are, and how many of them are open.
    pub fn opened(&self) -> (usize, usize) {
        (self.all.len(), self.all.iter().filter(|line| line.is_open()).count())
    }

    #[inline]
    pub fn entry(&self, slot: Slot) -> &S::Entry {
        self.store.get(slot).expect("the slot is occupied")
    }

    #[inline]
    pub fn entry_mut(&mut self, slot: Slot) -> &mut S::Entry {
        self.store.get_mut(slot).expect("the slot is occupied")
    }

    /// The entries in `bin`, in the order of its chain. Those of a packed line are told apart by their tags.
    pub fn chain(&self, bin: usize) -> Vec<&S::Entry> {
        let (number, column) = self.shape.bin_at(bin);
        let line = &self.all[number];
        if line.is_open() {
            let first = self.shape.slot(line.0[column] & !OPEN);
            return std::iter::successors(first, |&slot| self.entry(slot).next().slot())
                .map(|slot| self.entry(slot))
                .collect();
        }
        let here = |word: &&u32| self.shape.column(**word >> self.shape.link_bits) == column;
        line.packed()
            .iter()
            .filter(here)
            .filter_map(|&word| self.shape.slot(word))
            .map(|slot| self.entry(slot))
            .collect()
    }

    /// Looks for the entry with this `hash` for which `is_it` holds.
    #[inline]
    pub fn find(&self, hash: i64, mut is_it: impl FnMut(&S::Entry) -> bool) -> Option<Found> {
        let (number, quotient) = self.shape.place(hash);
        let line = &self.all[number];
        if line.is_open() {
            return self.find_in_chain(line, quotient, hash, is_it);
        }
        let mut candidates = line.matches(self.shape.word(quotient, 0), self.shape.link_bits);
        while candidates != 0 {
            let at = candidates.trailing_zeros() as usize - 1;
            if at == LAST {
                break;
            }
            // An empty word looks like tag 0; what is behind it is empty too.
            let slot = self.shape.slot(line.0[at % WORDS])?;
            let entry = self.entry(slot);
            if entry.hash() == hash && is_it(entry) {
                return Some(Found { slot, at: Some(at) });
            }
            candidates &= candidates - 1;
        }
        None
    }

    #[cold]
    #[inline(never)]
    fn find_in_chain(
        &self,
        line: &Line,
        quotient: u32,
        hash: i64,
        mut is_it: impl FnMut(&S::Entry) -> bool,
    ) -> Option<Found> {
        let head = line.0[self.shape.column(quotient)] & !OPEN;
        let bloom = self.shape.bloom(hash);
        if head & bloom != bloom {
            return None;
        }
        let mut next = self.shape.slot(head);
        while let Some(slot) = next {
            let entry = self.entry(slot);
            if entry.hash() == hash && is_it(entry) {
                return Some(Found { slot, at: None });
            }
            next = entry.next().slot();
        }
        None
    }

    /// Adds an entry whose key is not in the table.
    #[inline]
    pub fn add(&mut self, entry: S::Entry) -> Result<Slot, NoMemory> {
        if self.load >= self.limit || !self.store.has_room() {
            self.grow()?;
        }
        let hash = entry.hash();
        let slot = self.store.put(entry);
        self.append(hash, slot);
        self.load += 1;
        Ok(slot)
    }

    /// Takes out the entry that [`find`](Self::find) found.
    #[inline]
    pub fn remove(&mut self, hash: i64, found: Found) -> S::Removed {
        let (number, quotient) = self.shape.place(hash);
        match found.at {
            Some(at) => self.all[number].remove(at),
            None => self.unchain(number, self.shape.column(quotient), found.slot),
        }
        self.load -= 1;
        self.store.remove(found.slot)
    }

    /// Puts the entry in `slot` behind the others of its bin.
    #[inline]
    fn append(&mut self, hash: i64, slot: Slot) {
        let (number, quotient) = self.shape.place(hash);
        let word = self.shape.word(quotient, slot.index() as u32 + 1);
        if !self.all[number].push(word) {
            self.append_to_chain(number, hash, slot);
        }
    }

    #[cold]
    #[inline(never)]
    fn append_to_chain(&mut self, number: usize, hash: i64, slot: Slot) {
        let line = self.all[number];
        if !line.is_open() {
            self.all[number] = Line::default();
            self.all[number].0[LAST] = OPEN;
            for &word in line.packed() {
                let slot = self.shape.slot(word).expect("a packed slot is not empty");
                self.chain_last(number, self.entry(slot).hash(), slot);
            }
        }
        self.chain_last(number, hash, slot);
    }

    /// Puts the entry in `slot` at the tail of its chain, in an open line.
    fn chain_last(&mut self, number: usize, hash: i64, slot: Slot) {
        let column = self.shape.column(self.shape.place(hash).1);
        self.entry_mut(slot).set_next(Link::END);
        let mut tail = self.shape.slot(self.all[number].0[column] & !OPEN);
        while let Some(next) = tail.and_then(|tail| self.entry(tail).next().slot()) {
            tail = Some(next);
        }
        match tail {
            Some(tail) => self.entry_mut(tail).set_next(Link::to(slot)),
            None => self.all[number].0[column] |= slot.index() as u32 + 1,
        }
        self.all[number].0[column] |= self.shape.bloom(hash);
    }

    #[cold]
    #[inline(never)]
    fn unchain(&mut self, number: usize, column: usize, slot: Slot) {
        let next = self.entry(slot).next();
        let head = &mut self.all[number].0[column];
        let first = self.shape.slot(*head & !OPEN);
        if first == Some(slot) {
            // An empty chain's tag is empty.
            let kept = if next == Link::END {
                *head & OPEN
            } else {
                *head >> self.shape.link_bits << self.shape.link_bits
            };
            *head = kept | next.slot().map_or(0, |slot| slot.index() as u32 + 1);
            return;
        }
        let mut before = first.expect("the slot is in the chain");
        while self.entry(before).next() != Link::to(slot) {
            before = self.entry(before).next().slot().expect("the slot is in the chain");
        }
        self.entry_mut(before).set_next(next);
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> Result<(), NoMemory> {
        if self.load >= MAX_SLOTS {
            return Err(NoMemory);
        }
        let size = if self.load < self.limit {
            self.size()
        } else {
            self.max_load.ok_or(NoMemory)?.grown(self.size(), self.load + 1).ok_or(NoMemory)?
        };
        self.double_to(size)?;
        let holes = if S::ORDERED { self.store.slots() - self.load } else { 0 };
        if holes > self.store.slots() / 4 {
            self.compact();
        } else {
            self.store.reserve_one(self.limit)?;
            self.fit_links();
        }
        Ok(())
    }

    /// Doubles the bins until there are `size`.
    pub fn double_to(&mut self, size: usize) -> Result<(), NoMemory> {
        let lines = Shape::new(size, self.shape.stride_bits, 1).lines;
        self.all.try_reserve_exact(lines - self.all.len()).map_err(|_| NoMemory)?;
        while self.size() < size {
            self.double()?;
        }
        self.fit_links();
        Ok(())
    }

    fn double(&mut self) -> Result<(), NoMemory> {
        if self.shape.tag_bits() <= FEW_TAG_BITS {
            self.refresh();
        }
        let (old, next) = (self.shape, self.shape.doubled());
        assert!(old.tag_bits() > old.stride_bits, "2^27 entries are enough for an experiment");
        if old.shift.is_some() {
            self.shape = next;
            let mut open = false;
            for number in 0..old.lines {
                open |= self.all[number].is_open();
                if next.lines > old.lines {
                    // An open line, which is not parted yet, has nothing to hand over.
                    let [low, high] = part_in_two(&self.all[number], &old, &next);
                    self.all[number] = low;
                    self.all.push(high);
                }
            }
            for number in 0..if open { old.lines } else { 0 } {
                let line = self.all[number];
                if line.is_open() {
                    self.all[number] = Line::default();
                    self.append_all(&old, &line);
                }
            }
        } else {
            let before = std::mem::replace(&mut self.all, zeroed(next.lines)?);
            self.shape = next;
            for (number, line) in before.iter().enumerate() {
                if line.is_open() {
                    self.append_all(&old, line);
                    continue;
                }
                for &word in line.packed() {
                    let slot = old.slot(word).expect("a packed slot is not empty");
                    let (number, quotient) = old.part(&next, number, word >> old.link_bits);
                    if !self.all[number].push(next.word(quotient, slot.index() as u32 + 1)) {
                        self.append_to_chain(number, self.entry(slot).hash(), slot);
                    }
                }
            }
        }
        self.limit = self.max_load.map_or(MAX_SLOTS, |max| max.limit(next.size));
        Ok(())
    }

    /// Puts the entries of a line that was open under the shape `old` where they belong now.
    #[cold]
    fn append_all(&mut self, old: &Shape, line: &Line) {
        for head in line.0 {
            let mut next = old.slot(head & !OPEN);
            while let Some(slot) = next {
                next = self.entry(slot).next().slot();
                self.append(self.entry(slot).hash(), slot);
            }
        }
    }

    /// Gives links more bits if the store has come to need them.
    fn fit_links(&mut self) {
        let link_bits = link_bits_for(self.limit.min(self.size()).max(self.store.capacity()));
        if link_bits > self.shape.link_bits {
            self.encode_again(link_bits, |_, quotient, _| quotient);
        }
    }

    /// Asks every entry for its hash, once in many doublings, so that the tags have all bits that links leave.
    fn refresh(&mut self) {
        let link_bits = link_bits_for(self.limit.min(self.size()).max(self.store.capacity()));
        if link_bits < self.shape.link_bits {
            self.encode_again(link_bits, |table, _, slot| table.shape.place(table.entry(slot).hash()).1);
        }
    }

    fn encode_again(&mut self, link_bits: u32, quotient: impl Fn(&Self, u32, Slot) -> u32) {
        let old = self.shape;
        self.shape.link_bits = link_bits;
        for number in 0..self.all.len() {
            let line = self.all[number];
            if line.is_open() {
                self.all[number] = Line::default();
                self.append_all(&old, &line);
                continue;
            }
            for (at, &word) in line.packed().iter().enumerate() {
                let slot = old.slot(word).expect("a packed slot is not empty");
                let quotient = quotient(self, word >> old.link_bits, slot);
                self.all[number].0[at] = self.shape.word(quotient, slot.index() as u32 + 1);
            }
        }
    }

    /// Closes up the holes of an ordered store, which gives the entries new slots: every line is made anew.
    fn compact(&mut self) {
        self.store.compact();
        self.all.fill(Line::default());
        for index in 0..self.store.slots() {
            let slot = Slot::new(index);
            if let Some(entry) = self.store.get(slot) {
                self.append(entry.hash(), slot);
            }
        }
    }
}

/// Parts a packed line of `old` by the lowest bit of the tags, which is then gone. An open one stays as it is.
#[inline]
fn part_in_two(line: &Line, old: &Shape, next: &Shape) -> [Line; 2] {
    if line.is_open() {
        return [*line, Line::default()];
    }
    let link_mask = (1 << old.link_bits) - 1;
    let mut halves = [Line::default(); 2];
    let mut counts = [0; 2];
    for &word in line.packed() {
        let quotient = word >> old.link_bits;
        let half = quotient as usize & 1;
        halves[half].0[counts[half] % WORDS] = next.word(quotient >> 1, word & link_mask);
        counts[half] += 1;
    }
    for (half, count) in halves.iter_mut().zip(counts) {
        half.0[LAST] = count as u32;
    }
    halves
}

fn zeroed(lines: usize) -> Result<Vec<Line>, NoMemory> {
    let mut zeroed = Vec::new();
    zeroed.try_reserve_exact(lines).map_err(|_| NoMemory)?;
    zeroed.resize(lines, Line::default());
    Ok(zeroed)
}

//! The maximum load: how many entries a number of bins may hold.

use super::store::MAX_SLOTS;

/// The largest proportion of entries to bins that a table allows (T2). Positive and finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaxLoad(f64);

impl MaxLoad {
    /// The maximum load `proportion`, or `None` unless it is a positive finite number.
    #[inline]
    pub fn new(proportion: f64) -> Option<Self> {
        (proportion > 0.0 && proportion.is_finite()).then_some(Self(proportion))
    }

    /// Entries per bin.
    pub fn proportion(self) -> f64 {
        self.0
    }

    /// Whether `load` entries in `size` bins keep `load / size <= max_load`.
    #[inline]
    pub fn allows(self, load: usize, size: usize) -> bool {
        load as f64 / size as f64 <= self.0
    }

    /// The largest load that `size` bins may hold; [`MAX_SLOTS`] at the most.
    #[inline]
    pub fn limit(self, size: usize) -> usize {
        let product = ((self.0 * size as f64) as usize).min(MAX_SLOTS);
        // To multiply or divide by a power of two rounds nothing.
        let exact = size.is_power_of_two();
        if exact || self.allows(product, size) && (product == MAX_SLOTS || !self.allows(product + 1, size)) {
            return product;
        }
        self.limit_near(product, size)
    }

    /// The same where the product was rounded: `allows` has the last word on either side of it.
    #[cold]
    fn limit_near(self, mut limit: usize, size: usize) -> usize {
        while limit > 0 && !self.allows(limit, size) {
            limit -= 1;
        }
        while limit < MAX_SLOTS && self.allows(limit + 1, size) {
            limit += 1;
        }
        limit
    }

    /// `size`, doubled as often as it takes to allow `load` (T3); `None` if no number of bins does.
    pub fn grown(self, mut size: usize, load: usize) -> Option<usize> {
        while !self.allows(load, size) {
            size = size.checked_mul(2)?;
        }
        Some(size)
    }

    /// `size`, halved as often as it can be and still allow `load`. An odd size stays: what is halved and later
    /// doubled comes back to itself, and a power of two stays one.
    pub fn shrunk(self, mut size: usize, load: usize) -> usize {
        while size >= 2 && size.is_multiple_of(2) && self.allows(load, size / 2) {
            size /= 2;
        }
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_last_load_that_is_allowed() {
        for proportion in [f64::from_bits(1), 1e-9, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0, 1.5, 7.25] {
            let max = MaxLoad::new(proportion).unwrap();
            for size in [1, 2, 3, 4, 5, 7, 10, 30, 100, 1000, 1 << 20, 999_983] {
                let limit = max.limit(size);
                assert!(max.allows(limit, size), "{proportion} of {size}: {limit} is too many");
                assert!(!max.allows(limit + 1, size), "{proportion} of {size}: {limit} is too few");
            }
        }
    }

    #[test]
    fn a_limit_that_was_rounded_is_put_right() {
        // 0.58 * 50 is a little less than 29, and 29 / 50 is 0.58.
        assert_eq!(MaxLoad::new(0.58).unwrap().limit(50), 29);
        // The other way round: the last number below 9 / 10, times 10, is 9.
        assert_eq!(MaxLoad::new(0.9_f64.next_down()).unwrap().limit(10), 8);
    }

    #[test]
    fn what_is_no_proportion_is_refused() {
        for bad in [0.0, -0.0, -0.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(MaxLoad::new(bad), None, "{bad}");
        }
    }

    #[test]
    fn growing_doubles_until_it_holds_or_cannot() {
        let half = MaxLoad::new(0.5).unwrap();
        assert_eq!(half.grown(4, 2), Some(4));
        assert_eq!(half.grown(4, 3), Some(8));
        assert_eq!(half.grown(3, 100), Some(384));
        assert_eq!(MaxLoad::new(1e-300).unwrap().grown(4, 1), None);
    }

    #[test]
    fn shrinking_halves_while_it_holds_and_can() {
        let half = MaxLoad::new(0.5).unwrap();
        assert_eq!(half.shrunk(1024, 3), 8);
        assert_eq!(half.shrunk(1024, 4), 8);
        assert_eq!(half.shrunk(1024, 0), 1);
        assert_eq!(half.shrunk(96, 0), 3);
        assert_eq!(half.shrunk(7, 0), 7);
    }
}

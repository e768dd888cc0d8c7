//! Randomness comes in as an argument.

/// Where random numbers and unique ids come from.
pub trait Randomness {
    /// 64 uniform bits.
    fn bits(&mut self) -> u64;
    /// A uniform number in `0.0..1.0`.
    fn unit(&mut self) -> f64;
    /// A new version 4 UUID.
    fn uuid(&mut self) -> String;
}

/// Randomness from a seed: the same seed gives the same numbers.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// Starts a sequence.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Randomness for Seeded {
    fn bits(&mut self) -> u64 {
        self.next()
    }

    fn unit(&mut self) -> f64 {
        // 53 bits are what a double holds exactly.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn uuid(&mut self) -> String {
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        let bits = bits & !(0xf << 76) | (4 << 76);
        let bits = bits & !(0b11 << 62) | (0b10 << 62);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            bits >> 96,
            (bits >> 80) & 0xffff,
            (bits >> 64) & 0xffff,
            (bits >> 48) & 0xffff,
            bits & 0xffff_ffff_ffff
        )
    }
}

/// The generator that AWS draws from where a seed is given: Java's `java.util.Random`, a linear congruential one of 48 bits.
#[derive(Clone, Debug)]
pub(crate) struct JavaRandom(u64);

impl JavaRandom {
    const FACTOR: u64 = 0x5_deec_e66d;
    const MASK: u64 = (1 << 48) - 1;

    /// Starts a sequence.
    pub(crate) fn new(seed: i64) -> Self {
        Self((seed as u64 ^ Self::FACTOR) & Self::MASK)
    }

    /// The next so many bits, at most 32.
    fn bits(&mut self, count: u32) -> u64 {
        self.0 = self.0.wrapping_mul(Self::FACTOR).wrapping_add(0xb) & Self::MASK;
        self.0 >> (48 - count)
    }

    /// A uniform number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        let bits = (self.bits(26) << 27) + self.bits(27);
        bits as f64 / (1_u64 << 53) as f64
    }

    /// A uniform whole number in `0..bound`; 0 if the bound is.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let bound = u64::from(bound);
        if bound.is_power_of_two() {
            return u32::try_from((bound * self.bits(31)) >> 31).unwrap_or_default();
        }
        // Draws of the last, incomplete run of numbers are made again: at most every other one.
        for _ in 0..128 {
            let bits = self.bits(31);
            let value = bits.checked_rem(bound).unwrap_or_default();
            if bits - value + bound <= 1 << 31 {
                return u32::try_from(value).unwrap_or_default();
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::JavaRandom;

    #[test]
    fn numbers_are_those_of_java() {
        for (seed, expected) in [
            (42, 0.727_563_680_032_868_1),
            (0, 0.730_967_787_376_657),
            (7, 0.730_699_042_060_042_1),
        ] {
            assert_eq!(JavaRandom::new(seed).unit(), expected);
        }
        // `new Random(42).nextInt(10)` and again.
        let mut random = JavaRandom::new(42);
        assert_eq!((random.below(10), random.below(10)), (0, 3));
    }
}

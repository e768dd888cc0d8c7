//! New ids: the time first, so that they sort, then randomness.

use crate::clock::SystemClock;
use awm_ports::{Clock, Ids};
use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

/// Ids of 26 characters: 48 bits of milliseconds and 80 bits of randomness in Crockford's base 32, as a ULID has them, in lower case.
#[derive(Debug, Default)]
pub(crate) struct SystemIds {
    last: Mutex<u128>,
}

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const RANDOM_BITS: u32 = 80;

impl Ids for SystemIds {
    fn next(&self) -> String {
        let at = u128::try_from(SystemClock.now()).unwrap_or(0);
        let random = u128::from(bits()) << 64 | u128::from(bits());
        let fresh = at << RANDOM_BITS | random & ((1 << RANDOM_BITS) - 1);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // Two of the same millisecond must still sort, also when the clock goes back.
        *last = match *last >> RANDOM_BITS >= at {
            true => last.wrapping_add(1 + u128::from(bits() >> 32)),
            false => fresh,
        };
        written(*last)
    }

    fn random(&self) -> f64 {
        (bits() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// 64 random bits from the system; if it has none to give, from the hasher's keys, which are enough for ids.
fn bits() -> u64 {
    getrandom::u64().unwrap_or_else(|_| RandomState::new().hash_one(SystemClock.now()))
}

fn written(id: u128) -> String {
    (0..26)
        .rev()
        .filter_map(|place| {
            let digit = usize::try_from(id >> (place * 5) & 31).unwrap_or(0);
            DIGITS.get(digit).map(|digit| char::from(*digit))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_ids_sort_later_and_have_the_form() {
        let ids = SystemIds::default();
        let made: Vec<_> = (0..2_000).map(|_| ids.next()).collect();
        assert!(
            made.is_sorted_by(|a, b| a < b),
            "each is above the one before"
        );
        for id in &made {
            assert_eq!(id.len(), 26);
            assert!(id.bytes().all(|byte| DIGITS.contains(&byte)), "{id}");
        }
        assert!(
            (0..1_000)
                .map(|_| ids.random())
                .all(|n| (0.0..1.0).contains(&n))
        );
    }

    #[test]
    fn an_id_is_written_most_significant_digit_first() {
        assert_eq!(written(0), "0".repeat(26));
        assert_eq!(written(31 << 5 | 1), format!("{}z1", "0".repeat(24)));
        assert_eq!(written(u128::MAX), format!("7{}", "z".repeat(25)));
    }
}

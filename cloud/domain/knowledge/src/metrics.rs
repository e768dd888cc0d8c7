//! How good a ranking is, given which things are relevant.

use std::collections::HashSet;
use std::hash::Hash;

/// The part of the relevant things that are among the first `k`; 0 when nothing is relevant.
pub fn recall_at<T: Eq + Hash>(ranking: &[T], relevant: &HashSet<T>, k: usize) -> f64 {
    if relevant.is_empty() {
        return 0.0;
    }
    let found: HashSet<&T> = ranking
        .iter()
        .take(k)
        .filter(|item| relevant.contains(item))
        .collect();
    found.len() as f64 / relevant.len() as f64
}

/// Normalised discounted cumulative gain of the first `k`, each relevant thing counting 1.
pub fn ndcg_at<T: Eq + Hash>(ranking: &[T], relevant: &HashSet<T>, k: usize) -> f64 {
    let discount = |rank: usize| 1.0 / ((rank + 2) as f64).log2();
    let mut seen = HashSet::new();
    let gain: f64 = ranking
        .iter()
        .take(k)
        .enumerate()
        .filter(|(_, item)| relevant.contains(item) && seen.insert(*item))
        .map(|(rank, _)| discount(rank))
        .sum();
    let best: f64 = (0..relevant.len().min(k)).map(discount).sum();
    if best == 0.0 { 0.0 } else { gain / best }
}

/// One over the rank of the first relevant thing; 0 when none is there.
pub fn reciprocal_rank<T: Eq + Hash>(ranking: &[T], relevant: &HashSet<T>) -> f64 {
    ranking
        .iter()
        .position(|item| relevant.contains(item))
        .map_or(0.0, |rank| 1.0 / (rank + 1) as f64)
}

/// One over the rank of the first relevant thing among the first `k`; 0 when none is there.
pub fn reciprocal_rank_at<T: Eq + Hash>(ranking: &[T], relevant: &HashSet<T>, k: usize) -> f64 {
    reciprocal_rank(ranking.get(..k).unwrap_or(ranking), relevant)
}

/// The arithmetic mean; none of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The value below which the part `q` (0 to 1) of the values lies, between two values in proportion; none of nothing.
pub fn quantile(values: &[f64], q: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile_of_sorted(&sorted, q)
}

fn quantile_of_sorted(sorted: &[f64], q: f64) -> Option<f64> {
    let place = q.clamp(0.0, 1.0) * sorted.len().checked_sub(1)? as f64;
    let low = *sorted.get(place.floor() as usize)?;
    let high = *sorted.get(place.ceil() as usize)?;
    Some(low + (high - low) * place.fract())
}

/// Between what the mean of the values lies with 95 % confidence: the percentile bootstrap (Efron) over `resamples` draws
/// of as many values, drawn by a generator that `seed` starts. None of nothing.
pub fn interval(values: &[f64], resamples: u32, seed: u64) -> Option<(f64, f64)> {
    let count = values.len() as u64;
    let mut draw = Draw(seed);
    let mut means: Vec<f64> = (0..resamples)
        .map(|_| {
            let sum: f64 = (0..count)
                .filter_map(|_| values.get(draw.below(count)))
                .sum();
            sum / count as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    if values.is_empty() {
        return None;
    }
    Some((
        quantile_of_sorted(&means, 0.025)?,
        quantile_of_sorted(&means, 0.975)?,
    ))
}

/// SplitMix64: the same seed draws the same numbers.
struct Draw(u64);

impl Draw {
    /// A number below `end`. The high half of a product is even enough: `end` is far below 2^64.
    fn below(&mut self, end: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        ((u128::from(z) * u128::from(end)) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_the_reciprocal_rank() {
        let relevant = HashSet::from([3]);
        assert!(close(
            reciprocal_rank_at(&[1, 2, 3], &relevant, 3),
            1.0 / 3.0
        ));
        assert!(close(reciprocal_rank_at(&[1, 2, 3], &relevant, 2), 0.0));
        assert!(close(reciprocal_rank_at(&[3], &relevant, 10), 1.0));
    }

    #[test]
    fn tells_quantiles_between_values() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantile(&values, 0.5), Some(2.5));
        assert_eq!(quantile(&values, 1.0), Some(4.0));
        assert_eq!(quantile(&values, 0.0), Some(1.0));
        assert_eq!(quantile(&[7.0], 0.95), Some(7.0));
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(mean(&values), Some(2.5));
        assert_eq!(mean(&[]), None);
    }

    #[test]
    fn the_interval_is_the_same_each_time_and_narrows_with_more_values() {
        let coin = |n: usize| (0..n).map(|i| (i % 2) as f64).collect::<Vec<_>>();
        let few = interval(&coin(20), 1_000, 1).unwrap();
        let many = interval(&coin(2_000), 1_000, 1).unwrap();
        assert_eq!(interval(&coin(20), 1_000, 1), Some(few));
        assert!(few.0 < 0.5 && 0.5 < few.1, "{few:?}");
        // By the normal approximation: 0.5 ± 1.96 · 0.5 / √n.
        assert!(
            (few.0 - 0.281).abs() < 0.06 && (few.1 - 0.719).abs() < 0.06,
            "{few:?}"
        );
        assert!(
            (many.0 - 0.478).abs() < 0.006 && (many.1 - 0.522).abs() < 0.006,
            "{many:?}"
        );
        assert_eq!(interval(&[1.0, 1.0], 100, 1), Some((1.0, 1.0)));
        assert_eq!(interval(&[], 100, 1), None);
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn measures_by_hand_counted_cases() {
        let relevant = HashSet::from([2, 3]);
        let ranking = [1, 2, 3];
        assert!(close(recall_at(&ranking, &relevant, 2), 0.5));
        assert!(close(reciprocal_rank(&ranking, &relevant), 0.5));
        let ideal = 1.0 + 1.0 / 3_f64.log2();
        let found = 1.0 / 3_f64.log2() + 0.5;
        assert!(close(ndcg_at(&ranking, &relevant, 10), found / ideal));
        assert!(close(ndcg_at(&[2, 3], &relevant, 10), 1.0));
        assert!(close(ndcg_at(&[2, 2, 2], &HashSet::from([2]), 10), 1.0));
        assert!(close(ndcg_at(&[], &relevant, 10), 0.0));
        assert!(close(recall_at(&[1], &HashSet::new(), 10), 0.0));
    }
}

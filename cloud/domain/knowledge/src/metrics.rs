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

#[cfg(test)]
mod tests {
    use super::*;

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

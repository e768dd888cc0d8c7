//! Several rankings to one.

use std::collections::HashMap;
use std::hash::Hash;

/// The constant of reciprocal rank fusion: how little the very first places count over the next.
pub const RRF_K: f64 = 60.0;

/// One thing of a fused ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Fused<T> {
    /// The thing.
    pub item: T,
    /// The sum of `1 / (k + rank)` over the rankings that hold it.
    pub score: f64,
    /// Its rank in each ranking, from 1.
    pub ranks: Vec<Option<u32>>,
}

/// Fuses rankings, best first, by reciprocal rank (Cormack, Clarke, Büttcher 2009). Equal scores keep the order in which
/// the things first appear, ranking by ranking, so the same rankings always give the same answer.
pub fn fuse<T: Clone + Eq + Hash>(rankings: &[&[T]], k: f64) -> Vec<Fused<T>> {
    let mut fused: Vec<Fused<T>> = Vec::new();
    let mut places: HashMap<T, usize> = HashMap::new();
    for (which, ranking) in rankings.iter().enumerate() {
        for (rank, item) in (1_u32..).zip(ranking.iter()) {
            let place = *places.entry(item.clone()).or_insert_with(|| {
                fused.push(Fused {
                    item: item.clone(),
                    score: 0.0,
                    ranks: vec![None; rankings.len()],
                });
                fused.len() - 1
            });
            if let Some(entry) = fused.get_mut(place)
                && let Some(slot @ None) = entry.ranks.get_mut(which)
            {
                *slot = Some(rank);
                entry.score += 1.0 / (k + f64::from(rank));
            }
        }
    }
    fused.sort_by(|a, b| b.score.total_cmp(&a.score));
    fused
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_reciprocal_ranks() {
        let fused = fuse(&[&["a", "b", "c"], &["c", "a"]], RRF_K);
        let order: Vec<_> = fused.iter().map(|f| f.item).collect();
        assert_eq!(order, ["a", "c", "b"]);
        assert_eq!(fused[0].ranks, [Some(1), Some(2)]);
        assert_eq!(fused[2].ranks, [Some(2), None]);
        assert!((fused[0].score - (1.0 / 61.0 + 1.0 / 62.0)).abs() < 1e-12);
    }

    #[test]
    fn counts_a_thing_once_per_ranking_and_keeps_the_order_of_equals() {
        let fused = fuse(&[&[1, 1], &[2]], RRF_K);
        assert_eq!(fused.iter().map(|f| f.item).collect::<Vec<_>>(), [1, 2]);
        assert!((fused[0].score - 1.0 / 61.0).abs() < 1e-12);
        assert!(fuse::<u8>(&[], RRF_K).is_empty());
    }
}

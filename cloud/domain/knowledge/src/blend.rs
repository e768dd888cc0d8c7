//! Several scored rankings to one.

use std::collections::HashMap;
use std::hash::Hash;

/// One ranking, best first, with its own scores (larger is better, not negative).
#[derive(Clone, Copy, Debug)]
pub struct Leg<'a, T> {
    /// The things with their scores.
    pub ranking: &'a [(T, f64)],
    /// Whether there may be more below its end: a thing that it lacks then counts as the last one of it, not as nothing.
    pub cut: bool,
}

/// One thing of a blended ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Blended<T> {
    /// The thing.
    pub item: T,
    /// The mean of its scores, each divided by the best of its ranking: 0 to 1.
    pub score: f64,
    /// Its rank in each ranking, from 1.
    pub ranks: Vec<Option<u32>>,
    /// Its own score in each ranking.
    pub scores: Vec<Option<f64>>,
}

/// Blends rankings by the mean of their scores, each as a part of the best in its ranking (a convex combination with equal
/// weights, Bruch, Gai and Ingber 2023). Unlike fusion by ranks it keeps how clear a win was, and needs no tuning. Equal
/// scores keep the order in which the things first appear.
pub fn blend<T: Clone + Eq + Hash>(legs: &[Leg<'_, T>]) -> Vec<Blended<T>> {
    let mut blended: Vec<Blended<T>> = Vec::new();
    let mut places: HashMap<T, usize> = HashMap::new();
    for (which, leg) in legs.iter().enumerate() {
        for (rank, (item, score)) in (1_u32..).zip(leg.ranking) {
            let place = *places.entry(item.clone()).or_insert_with(|| {
                blended.push(Blended {
                    item: item.clone(),
                    score: 0.0,
                    ranks: vec![None; legs.len()],
                    scores: vec![None; legs.len()],
                });
                blended.len() - 1
            });
            let Some(entry) = blended.get_mut(place) else {
                continue;
            };
            if let (Some(own @ None), Some(slot)) =
                (entry.ranks.get_mut(which), entry.scores.get_mut(which))
            {
                *own = Some(rank);
                *slot = Some(*score);
            }
        }
    }
    let scales: Vec<(f64, f64)> = legs
        .iter()
        .map(|leg| {
            let best = leg.ranking.first().map_or(0.0, |(_, score)| *score);
            let last = leg.ranking.last().map_or(0.0, |(_, score)| *score);
            (best, if leg.cut { last } else { 0.0 })
        })
        .collect();
    // A ranking without anything says nothing: with keywords alone the best has the score 1.
    let telling = scales.iter().filter(|(best, _)| *best > 0.0).count().max(1) as f64;
    for entry in &mut blended {
        let parts = entry
            .scores
            .iter()
            .zip(&scales)
            .map(|(score, (best, missing))| {
                if *best > 0.0 {
                    score.unwrap_or(*missing) / best
                } else {
                    0.0
                }
            });
        entry.score = parts.sum::<f64>() / telling;
    }
    blended.sort_by(|a, b| b.score.total_cmp(&a.score));
    blended
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg<'a>(ranking: &'a [(&'a str, f64)], cut: bool) -> Leg<'a, &'a str> {
        Leg { ranking, cut }
    }

    #[test]
    fn takes_the_mean_of_relative_scores() {
        let blended = blend(&[
            leg(&[("a", 8.0), ("b", 4.0)], false),
            leg(&[("b", 0.9), ("c", 0.45)], false),
        ]);
        let told: Vec<_> = blended.iter().map(|b| (b.item, b.score)).collect();
        assert_eq!(told, [("b", 0.75), ("a", 0.5), ("c", 0.25)]);
        assert_eq!(blended[0].ranks, [Some(2), Some(1)]);
        assert_eq!(blended[2].scores, [None, Some(0.45)]);
    }

    #[test]
    fn what_lies_below_a_cut_counts_as_the_last() {
        let blended = blend(&[
            leg(&[("a", 4.0), ("b", 2.0)], true),
            leg(&[("c", 1.0), ("a", 0.6)], false),
        ]);
        let told: Vec<_> = blended.iter().map(|b| (b.item, b.score)).collect();
        assert_eq!(told, [("a", 0.8), ("c", 0.75), ("b", 0.25)]);
    }

    #[test]
    fn bears_rankings_without_anything() {
        assert!(blend::<u8>(&[]).is_empty());
        let nothing = blend(&[leg(&[], false), leg(&[("a", 0.0)], false)]);
        assert_eq!(nothing[0].score, 0.0);
    }
}

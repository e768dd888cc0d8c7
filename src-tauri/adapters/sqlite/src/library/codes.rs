//! The signs of all vectors, in memory.

use super::{
    allowed::Allowed,
    products::Products,
    segment::{PLACES, Segment, place},
};
use crate::Fault;
use rusqlite::Connection;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

/// One bit per dimension of every vector of the model in use, by tenant, in step with the table `code_segments`: a scan over a
/// million of them takes milliseconds, and leaves some hundred vectors to compare exactly.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    tenants: RwLock<HashMap<String, Shelf>>,
}

/// The signs of one vector, first dimension in the lowest bit of the first word.
pub(crate) type Code = Box<[u64]>;

/// One vector's place.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) passage: i64,
    pub(crate) model: i64,
    pub(crate) english: bool,
    pub(crate) code: Code,
}

#[derive(Debug)]
struct Shelf {
    model: i64,
    /// 64-bit words of a code.
    words: usize,
    segments: BTreeMap<i64, Segment>,
}

/// What is looked for among the codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Near<'a> {
    pub(crate) vector: &'a [f32],
    pub(crate) allowed: Option<&'a Allowed>,
    pub(crate) english_only: bool,
}

/// Codes that the count of differing signs leaves for the finer comparison, at least; and one of so many.
const SHORTLIST: usize = 1_000;
const SHORTLIST_PART: usize = 500;

impl Codes {
    /// Loads the codes of a tenant and model if they aren't there yet. What is written meanwhile comes in by
    /// [`put`](Self::put), whichever is first.
    pub(crate) fn load(
        &self,
        connection: &Connection,
        tenant: &str,
        model: i64,
        dimensions: usize,
    ) -> Result<(), Fault> {
        if self
            .read()
            .get(tenant)
            .is_some_and(|shelf| shelf.model == model)
        {
            return Ok(());
        }
        let mut tenants = self.write();
        if tenants
            .get(tenant)
            .is_some_and(|shelf| shelf.model == model)
        {
            return Ok(());
        }
        let words = dimensions.div_ceil(64);
        let mut shelf = Shelf {
            model,
            words,
            segments: BTreeMap::new(),
        };
        let mut statement = connection.prepare_cached(
            "SELECT segment, present, english, bits FROM code_segments WHERE tenant = ?1 AND model = ?2 AND width = ?3",
        )?;
        let mut rows = statement.query((tenant, model, words as i64 * 8))?;
        while let Some(row) = rows.next()? {
            let blob = |column| -> Result<&[u8], Fault> {
                Ok(row
                    .get_ref(column)?
                    .as_blob()
                    .map_err(rusqlite::Error::from)?)
            };
            let segment = Segment::of_bytes(words, blob(1)?, blob(2)?, blob(3)?);
            shelf.segments.insert(row.get(0)?, segment);
        }
        tenants.insert(tenant.to_owned(), shelf);
        Ok(())
    }

    /// After a commit: the vectors that were stored. A tenant whose codes aren't loaded gets them all at the first search.
    pub(crate) fn put(&self, tenant: &str, entries: Vec<Entry>) {
        if let Some(shelf) = self.write().get_mut(tenant) {
            for entry in entries {
                shelf.put(&entry);
            }
        }
    }

    /// After a commit: the passages that went away.
    pub(crate) fn remove(&self, tenant: &str, passages: &[i64]) {
        if let Some(shelf) = self.write().get_mut(tenant) {
            for passage in passages {
                shelf.remove(*passage);
            }
        }
    }

    /// The passages that may be nearest to the vector, nearest first, at most `limit`: the codes that differ in the fewest
    /// signs are ranked by the scalar product of the vector itself with their signs.
    pub(crate) fn nearest(
        &self,
        tenant: &str,
        model: i64,
        near: Near<'_>,
        limit: usize,
    ) -> Vec<i64> {
        let tenants = self.read();
        let Some(shelf) = tenants.get(tenant).filter(|shelf| shelf.model == model) else {
            return Vec::new();
        };
        let found = shelf.fewest_differences(near, limit);
        let mut scored: Vec<(f32, i64)> = Vec::with_capacity(found.len());
        let products = Products::of(near.vector);
        for passage in found {
            let (segment, place) = place(passage);
            if let Some(code) = shelf.segments.get(&segment).and_then(|s| s.code(place)) {
                scored.push((products.with(code), passage));
            }
        }
        scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(limit);
        scored.into_iter().map(|(_, passage)| passage).collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<String, Shelf>> {
        self.tenants.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<String, Shelf>> {
        self.tenants.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn put(&mut self, entry: &Entry) {
        if entry.model != self.model || entry.code.len() != self.words {
            return;
        }
        let (segment, place) = place(entry.passage);
        let words = self.words;
        self.segments
            .entry(segment)
            .or_insert_with(|| Segment::empty(words))
            .put(place, &entry.code, entry.english);
    }

    fn remove(&mut self, passage: i64) {
        let (segment, place) = place(passage);
        if let Some(found) = self.segments.get_mut(&segment) {
            found.remove(place);
            if found.is_empty() {
                self.segments.remove(&segment);
            }
        }
    }

    /// By counting how many codes lie at each distance, which needs no sorting: the distance that is far enough is known
    /// after one pass, and a second one over the distances collects.
    fn fewest_differences(&self, near: Near<'_>, limit: usize) -> Vec<i64> {
        let query = code(near.vector);
        if query.len() != self.words {
            return Vec::new();
        }
        let mut distances: Vec<u16> = vec![0; self.segments.len() * PLACES];
        let mut counts = vec![0_usize; self.words * 64 + 1];
        let mut wanted = Vec::with_capacity(self.segments.len());
        let mut among = 0;
        for ((number, segment), row) in self.segments.iter().zip(distances.chunks_exact_mut(PLACES))
        {
            let bits = segment.wanted(near.english_only, near.allowed.map(|a| a.segment(*number)));
            among += segment.distances(&query, &bits, row, &mut counts);
            wanted.push(*number);
        }
        let most = limit.max(SHORTLIST).max(among / SHORTLIST_PART);
        let (mut sum, mut far) = (0, 0);
        for (distance, count) in counts.iter().enumerate() {
            far = distance;
            sum += count;
            if sum >= most {
                break;
            }
        }
        // Of those that lie exactly that far only as many as there is room for.
        let mut room = most.saturating_sub(sum - counts.get(far).copied().unwrap_or(0));
        let far = u16::try_from(far).unwrap_or(u16::MAX - 1);
        let mut found = Vec::with_capacity(most.min(among));
        for (number, row) in wanted.into_iter().zip(distances.chunks_exact(PLACES)) {
            for (start, part) in (0_i64..).step_by(64).zip(row.chunks_exact(64)) {
                // Nearly all of them are too far away: that is found out without a branch for each.
                if part.iter().fold(u16::MAX, |least, d| least.min(*d)) > far {
                    continue;
                }
                for (at, distance) in (start..).zip(part) {
                    let takes = *distance < far || *distance == far && room > 0;
                    if takes {
                        room -= usize::from(*distance == far);
                        found.push(number * PLACES as i64 + at);
                    }
                }
            }
        }
        found
    }
}

/// The signs of a vector.
pub(crate) fn code(vector: &[f32]) -> Code {
    vector
        .chunks(64)
        .map(|part| {
            part.iter()
                .enumerate()
                .fold(0, |word, (bit, x)| word | (u64::from(*x > 0.0) << bit))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(seed: u64) -> Vec<f32> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        (0..128)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state % 2_001) as f32 / 1_000.0 - 1.0
            })
            .collect()
    }

    fn shelf(count: i64) -> Codes {
        let codes = Codes::default();
        codes.write().insert(
            "t".into(),
            Shelf {
                model: 1,
                words: 2,
                segments: BTreeMap::new(),
            },
        );
        let entries = (1..=count)
            .map(|passage| Entry {
                passage,
                model: 1,
                english: passage % 2 == 0,
                code: code(&vector(passage as u64)),
            })
            .collect();
        codes.put("t", entries);
        codes
    }

    fn near(vector: &[f32]) -> Near<'_> {
        Near {
            vector,
            allowed: None,
            english_only: false,
        }
    }

    #[test]
    fn finds_the_nearest_across_segments() {
        let codes = shelf(9_000);
        for passage in [1_i64, 4_095, 4_096, 8_999] {
            let query = vector(passage as u64);
            assert_eq!(
                codes.nearest("t", 1, near(&query), 3).first(),
                Some(&passage)
            );
            assert!(
                codes.nearest("t", 2, near(&query), 3).is_empty(),
                "another model"
            );
            assert!(
                codes.nearest("u", 1, near(&query), 3).is_empty(),
                "another tenant"
            );
        }
        let query = vector(4_095);
        codes.remove("t", &[4_095, 123_456]);
        assert_ne!(codes.nearest("t", 1, near(&query), 3).first(), Some(&4_095));
        assert!(
            codes.nearest("t", 1, near(&[1.0]), 3).is_empty(),
            "of another length"
        );
    }

    #[test]
    fn takes_as_many_as_are_wanted_among_equals() {
        let codes = shelf(0);
        let same = code(&vector(7));
        let entries = (0..5_000)
            .map(|passage| Entry {
                passage,
                model: 1,
                english: true,
                code: same.clone(),
            })
            .collect();
        codes.put("t", entries);
        let query = vector(7);
        let tenants = codes.read();
        let found = tenants["t"].fewest_differences(near(&query), 10);
        assert_eq!(found.len(), SHORTLIST);
    }

    #[test]
    fn looks_only_where_it_may() {
        let codes = shelf(9_000);
        let mut allowed = Allowed::default();
        allowed.add(4_090, 4_100);
        let query = vector(1);
        let found = codes.nearest(
            "t",
            1,
            Near {
                allowed: Some(&allowed),
                ..near(&query)
            },
            50,
        );
        let mut sorted = found.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (4_090..=4_100).collect::<Vec<_>>());
        let english = codes.nearest(
            "t",
            1,
            Near {
                allowed: Some(&allowed),
                english_only: true,
                ..near(&query)
            },
            50,
        );
        assert!(english.len() == 6 && english.iter().all(|passage| passage % 2 == 0));
    }
}

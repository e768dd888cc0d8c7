//! The signs of all vectors, in memory.

use crate::{Fault, store::lock};
use rusqlite::Connection;
use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
};

/// One bit per dimension of every vector, by tenant, in step with the table `codes`: a scan over a million of them takes
/// milliseconds, and leaves some hundred vectors to compare exactly.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    tenants: Mutex<HashMap<String, Shelf>>,
}

/// The signs of one vector, first dimension in the lowest bit of the first word.
pub(crate) type Code = Box<[u64]>;

/// One vector's place.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) passage: i64,
    pub(crate) model: i64,
    pub(crate) source: String,
    pub(crate) code: Code,
}

#[derive(Debug, Default)]
struct Shelf {
    rows: Vec<Row>,
    /// Where in `rows` a passage is.
    places: HashMap<i64, usize>,
    sources: Vec<String>,
}

#[derive(Debug)]
struct Row {
    passage: i64,
    model: i64,
    source: usize,
    code: Code,
}

impl Codes {
    /// Loads a tenant's codes if they aren't there yet. What is written meanwhile comes in by [`put`](Self::put), whichever is first.
    pub(crate) fn load(&self, connection: &Connection, tenant: &str) -> Result<(), Fault> {
        let mut tenants = lock(&self.tenants);
        if tenants.contains_key(tenant) {
            return Ok(());
        }
        let mut shelf = Shelf::default();
        let mut statement = connection.prepare(
            "SELECT c.passage, c.model, d.source_id, c.bits FROM codes c \
             JOIN passages p ON p.number = c.passage \
             JOIN documents d ON d.tenant = p.tenant AND d.id = p.document_id \
             WHERE p.tenant = ?1 ORDER BY c.passage",
        )?;
        let mut rows = statement.query([tenant])?;
        while let Some(row) = rows.next()? {
            let bits: Vec<u8> = row.get(3)?;
            shelf.put(Entry {
                passage: row.get(0)?,
                model: row.get(1)?,
                source: row.get(2)?,
                code: from_bytes(&bits),
            });
        }
        tenants.insert(tenant.to_owned(), shelf);
        Ok(())
    }

    /// After a commit: the vectors that were stored. A tenant whose codes aren't loaded gets them all at the first search.
    pub(crate) fn put(&self, tenant: &str, entries: Vec<Entry>) {
        if let Some(shelf) = lock(&self.tenants).get_mut(tenant) {
            for entry in entries {
                shelf.put(entry);
            }
        }
    }

    /// After a commit: the passages that went away.
    pub(crate) fn remove(&self, tenant: &str, passages: &[i64]) {
        if let Some(shelf) = lock(&self.tenants).get_mut(tenant) {
            for passage in passages {
                shelf.remove(*passage);
            }
        }
    }

    /// The passages whose signs differ least from the query's, nearest first, at most `limit`; only of the model, and of the
    /// sources if any are named.
    pub(crate) fn nearest(
        &self,
        tenant: &str,
        model: i64,
        query: &[u64],
        sources: Option<&HashSet<String>>,
        limit: usize,
    ) -> Vec<i64> {
        let tenants = lock(&self.tenants);
        let Some(shelf) = tenants.get(tenant) else {
            return Vec::new();
        };
        let wanted: Vec<bool> = shelf
            .sources
            .iter()
            .map(|source| sources.is_none_or(|sources| sources.contains(source)))
            .collect();
        let mut near: Vec<(u32, i64)> = shelf
            .rows
            .iter()
            .filter(|row| row.model == model && wanted.get(row.source).copied().unwrap_or(false))
            .map(|row| (distance(&row.code, query), row.passage))
            .collect();
        // A wider net over a larger collection: 500, or one of 500.
        let limit = limit.max(near.len() / 500);
        if near.len() > limit {
            near.select_nth_unstable(limit);
            near.truncate(limit);
        }
        near.sort_unstable();
        near.into_iter().map(|(_, passage)| passage).collect()
    }
}

impl Shelf {
    fn put(&mut self, entry: Entry) {
        let source = match self.sources.iter().position(|known| *known == entry.source) {
            Some(place) => place,
            None => {
                self.sources.push(entry.source);
                self.sources.len() - 1
            }
        };
        let row = Row {
            passage: entry.passage,
            model: entry.model,
            source,
            code: entry.code,
        };
        match self
            .places
            .get(&row.passage)
            .and_then(|place| self.rows.get_mut(*place))
        {
            Some(old) => *old = row,
            None => {
                self.places.insert(row.passage, self.rows.len());
                self.rows.push(row);
            }
        }
    }

    fn remove(&mut self, passage: i64) {
        if let Some(place) = self.places.remove(&passage) {
            self.rows.swap_remove(place);
            if let Some(moved) = self.rows.get(place) {
                self.places.insert(moved.passage, place);
            }
        }
    }
}

fn distance(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
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

pub(crate) fn to_bytes(code: &[u64]) -> Vec<u8> {
    code.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn from_bytes(bytes: &[u8]) -> Code {
    bytes
        .chunks(8)
        .map(|part| {
            part.iter()
                .rev()
                .fold(0, |word, byte| (word << 8) | u64::from(*byte))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_survive_their_bytes() {
        let vector: Vec<f32> = (0..384)
            .map(|n| if n % 3 == 0 { 1.0 } else { -1.0 })
            .collect();
        let code = code(&vector);
        assert_eq!(code.len(), 6);
        assert_eq!(to_bytes(&code).len(), 48);
        assert_eq!(from_bytes(&to_bytes(&code)), code);
    }

    #[test]
    fn keeps_places_after_removals() {
        let mut shelf = Shelf::default();
        for passage in 0..4 {
            let source = format!("s{}", passage % 2);
            shelf.put(Entry {
                passage,
                model: 1,
                source,
                code: code(&[passage as f32]),
            });
        }
        shelf.remove(0);
        shelf.remove(3);
        shelf.remove(9);
        shelf.put(Entry {
            passage: 2,
            model: 2,
            source: "s0".into(),
            code: code(&[1.0]),
        });
        let left: Vec<(i64, i64)> = shelf
            .rows
            .iter()
            .map(|row| (row.passage, row.model))
            .collect();
        assert_eq!(left.len(), 2);
        assert!(left.contains(&(2, 2)) && left.contains(&(1, 1)));
    }
}

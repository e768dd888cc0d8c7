//! Keywords and meaning, fused.

use super::{
    codes::{Codes, code},
    embedding::model,
    rows::{PASSAGE, passage},
    vectors::product,
    words,
};
use crate::Fault;
use awm_api::knowledge::Hit;
use awm_knowledge::{Language, RRF_K, fuse};
use awm_ports::{ModelId, SearchQuery};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashSet;

/// Passages that each ranking brings to the fusion.
const DEPTH: usize = 200;
/// Vectors that the signs leave for the exact comparison, at least.
const SHORTLIST: usize = 500;
/// Passages whose vector is nearly at a right angle to the question's are about something else.
const NEAR: f64 = 0.1;

pub(crate) fn search(
    connection: &Connection,
    codes: &Codes,
    tenant: &str,
    query: &SearchQuery,
) -> Result<Vec<Hit>, Fault> {
    // First of all, so that what is read here is no older than the codes.
    if query.vector.is_some() {
        codes.load(connection, tenant)?;
    }
    let sources = sources(connection, tenant, &query.sources)?;
    let by_words = by_words(connection, tenant, query, sources.as_ref())?;
    let by_meaning = match &query.vector {
        Some((model, vector)) => {
            by_meaning(connection, codes, tenant, (model, vector), sources.as_ref())?
        }
        None => Vec::new(),
    };
    let sql = format!(
        "SELECT {PASSAGE} FROM passages p JOIN documents d ON d.tenant = p.tenant AND d.id = p.document_id \
         WHERE p.tenant = ?1 AND p.number = ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut hits = Vec::new();
    for fused in fuse(&[&by_words, &by_meaning], RRF_K) {
        if hits.len() >= query.top_k as usize {
            break;
        }
        // Deleted since the codes were read: the next one takes its place.
        let found = statement
            .query_row((tenant, fused.item), passage)
            .optional()?;
        hits.extend(found.map(|passage| Hit {
            passage,
            score: fused.score,
            keyword_rank: fused.ranks.first().copied().flatten(),
            vector_rank: fused.ranks.get(1).copied().flatten(),
            highlights: Vec::new(),
        }));
    }
    Ok(hits)
}

/// The ids of the sources that are asked for by id or name; none if all are.
fn sources(
    connection: &Connection,
    tenant: &str,
    wanted: &[String],
) -> Result<Option<HashSet<String>>, Fault> {
    if wanted.is_empty() {
        return Ok(None);
    }
    let mut statement = connection
        .prepare_cached("SELECT id FROM sources WHERE tenant = ?1 AND (id = ?2 OR name = ?2)")?;
    let mut found = HashSet::new();
    for source in wanted {
        let ids = statement.query_map((tenant, source), |row| row.get(0))?;
        found.extend(ids.collect::<Result<Vec<String>, _>>()?);
    }
    Ok(Some(found))
}

/// The ranking by keywords: the query's own language first; the other tables come after it where that gives too few.
fn by_words(
    connection: &Connection,
    tenant: &str,
    query: &SearchQuery,
    sources: Option<&HashSet<String>>,
) -> Result<Vec<i64>, Fault> {
    let own = Language::named(&query.language);
    let filter = match sources {
        Some(ids) => Some(serde_json::to_string(ids)?),
        None => None,
    };
    let mut ranking = Vec::new();
    let others = Language::ALL
        .into_iter()
        .filter(|language| *language != own);
    for language in std::iter::once(own).chain(others) {
        if ranking.len() >= query.top_k as usize && language != own {
            break;
        }
        let Some(words) = words::query(&query.text, language) else {
            continue;
        };
        let table = words::table(language);
        let sql = format!(
            "SELECT p.number FROM {table} JOIN passages p ON p.number = {table}.rowid \
             WHERE {table} MATCH ?1 AND p.tenant = ?2 AND (?3 IS NULL OR EXISTS (SELECT 1 FROM documents d \
             WHERE d.tenant = p.tenant AND d.id = p.document_id AND d.source_id IN (SELECT value FROM json_each(?3)))) \
             ORDER BY bm25({table}), p.number LIMIT ?4"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map((words, tenant, &filter, DEPTH as i64), |row| row.get(0))?;
        ranking.extend(rows.collect::<Result<Vec<i64>, _>>()?);
    }
    if ranking.is_empty()
        && let Some(short) = words::short(&query.text)
    {
        let mut statement = connection.prepare_cached(
            "SELECT p.number FROM passages p JOIN documents d ON d.tenant = p.tenant AND d.id = p.document_id \
             WHERE p.tenant = ?2 AND p.language = 'cjk' AND instr(p.text, ?1) > 0 \
             AND (?3 IS NULL OR d.source_id IN (SELECT value FROM json_each(?3))) ORDER BY p.number LIMIT ?4",
        )?;
        let rows = statement.query_map((short, tenant, &filter, DEPTH as i64), |row| row.get(0))?;
        ranking.extend(rows.collect::<Result<Vec<i64>, _>>()?);
    }
    Ok(ranking)
}

/// The ranking by meaning: the signs tell which vectors come into question, their bytes tell the order.
fn by_meaning(
    connection: &Connection,
    codes: &Codes,
    tenant: &str,
    (asked, query): (&ModelId, &[f32]),
    sources: Option<&HashSet<String>>,
) -> Result<Vec<i64>, Fault> {
    let Some((number, _)) = model(connection, asked)? else {
        return Ok(Vec::new());
    };
    let near = codes.nearest(tenant, number, &code(query), sources, SHORTLIST);
    let mut statement = connection
        .prepare_cached("SELECT scale, bytes FROM vectors WHERE passage = ?1 AND model = ?2")?;
    let mut scored: Vec<(f64, i64)> = Vec::with_capacity(near.len());
    for passage in near {
        let score = statement
            .query_row((passage, number), |row| {
                let bytes = row.get_ref(1)?;
                Ok(product(query, row.get(0)?, bytes.as_blob()?))
            })
            .optional()?;
        scored.extend(
            score
                .filter(|score| *score >= NEAR)
                .map(|score| (score, passage)),
        );
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    Ok(scored
        .into_iter()
        .take(DEPTH)
        .map(|(_, passage)| passage)
        .collect())
}

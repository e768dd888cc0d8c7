//! The ledger's rows by page, and its sums.

use super::rows::{DOCUMENT, parse_state, shown, signed, state};
use crate::Fault;
use awm_api::{
    Page,
    knowledge::{Document, DocumentList, DocumentState, IngestStatus, LedgerCounts},
};
use rusqlite::{Connection, OptionalExtension, ToSql};

/// The columns that may be ordered by, with their index: nothing else gets into the statement.
const ORDERS: [(&str, &str, &str); 5] = [
    ("name", "folded", "list_by_name"),
    ("state", "rank", "list_by_state"),
    ("passages", "passages", "list_by_passages"),
    ("bytes", "bytes", "list_by_bytes"),
    ("changed_at", "changed_at", "list_by_change"),
];

/// A condition over what the indexes of the lists hold, with its parameters.
pub(crate) struct Condition {
    pub(crate) sql: String,
    values: Vec<(&'static str, Box<dyn ToSql>)>,
}

impl Condition {
    pub(crate) fn new(tenant: &str, filter: &DocumentList) -> Self {
        let mut condition = Self {
            sql: "tenant = :tenant".into(),
            values: vec![(":tenant", Box::new(tenant.to_owned()))],
        };
        if let Some(source) = &filter.source_id {
            condition.and("source_id = :source", ":source", source.clone());
        }
        if let Some(wanted) = filter.state {
            condition.and("state = :state", ":state", state(wanted));
        }
        if let Some(kind) = &filter.kind {
            condition.and("kind = :kind", ":kind", kind.to_lowercase());
        }
        let text = filter.text.trim().to_lowercase();
        if !text.is_empty() {
            condition.and("instr(folded, :text) > 0", ":text", text);
        }
        condition
    }

    fn and(&mut self, sql: &str, name: &'static str, value: impl ToSql + 'static) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.push((name, Box::new(value)));
    }

    pub(crate) fn values(&self) -> Vec<(&str, &dyn ToSql)> {
        self.values
            .iter()
            .map(|(name, value)| (*name, value.as_ref()))
            .collect()
    }
}

pub(crate) fn list(
    connection: &Connection,
    tenant: &str,
    filter: &DocumentList,
) -> Result<Page<Document>, Fault> {
    let condition = Condition::new(tenant, filter);
    let total = total(connection, tenant, filter, &condition)?;
    let sort = filter.page.sort.as_ref();
    let (_, column, index) = sort
        .and_then(|sort| ORDERS.iter().find(|(name, ..)| *name == sort.by))
        .unwrap_or(&ORDERS[0]);
    let direction = match sort.is_some_and(|sort| sort.descending) {
        true => "DESC",
        false => "ASC",
    };
    // Numbers of rows first, from the index alone; then the rows.
    let sql = format!(
        "SELECT rowid FROM documents INDEXED BY {index} WHERE {} ORDER BY {column} {direction}, id {direction} \
         LIMIT :limit OFFSET :offset",
        condition.sql
    );
    let (limit, offset) = (filter.page.limit.min(1_000), signed(filter.page.offset));
    let mut values = condition.values();
    values.push((":limit", &limit));
    values.push((":offset", &offset));
    let rows: Vec<i64> = connection
        .prepare_cached(&sql)?
        .query_map(values.as_slice(), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut one = connection.prepare_cached(&format!(
        "SELECT {DOCUMENT} FROM documents WHERE rowid = ?1 AND tenant = ?2"
    ))?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.extend(one.query_row((row, tenant), shown).optional()?);
    }
    let next = filter.page.offset + items.len() as u64;
    Ok(Page {
        next: (next < total && !items.is_empty()).then_some(next),
        items,
        total,
    })
}

/// How many rows fit: from the sums where they tell.
fn total(
    connection: &Connection,
    tenant: &str,
    filter: &DocumentList,
    condition: &Condition,
) -> Result<u64, Fault> {
    let total: i64 = if filter.kind.is_none() && filter.text.trim().is_empty() {
        let wanted = filter.state.map(state);
        connection
            .prepare_cached(
                "SELECT coalesce(sum(documents), 0) FROM tallies WHERE tenant = ?1 AND (?2 IS NULL OR source_id = ?2) \
                 AND (?3 IS NULL OR state = ?3)",
            )?
            .query_row((tenant, &filter.source_id, wanted), |row| row.get(0))?
    } else {
        connection
            .prepare_cached(&format!(
                "SELECT count(*) FROM documents INDEXED BY list_by_name WHERE {}",
                condition.sql
            ))?
            .query_row(condition.values().as_slice(), |row| row.get(0))?
    };
    Ok(total.unsigned_abs())
}

pub(crate) fn counts(connection: &Connection, tenant: &str) -> Result<IngestStatus, Fault> {
    const WAITING: &str = "state IN ('queued', 'extracting')";
    let sql = format!(
        "SELECT coalesce(sum(passages), 0), coalesce(sum(embedded), 0), \
         coalesce(sum(iif(batch = last, documents, 0)), 0), \
         coalesce(sum(iif(batch = last AND NOT {WAITING}, documents, 0)), 0), \
         coalesce(sum(iif(batch = last AND state = 'failed', documents, 0)), 0) \
         FROM tallies, (SELECT max(batch) AS last FROM tallies WHERE tenant = ?1) WHERE tenant = ?1"
    );
    let status = connection
        .prepare_cached(&sql)?
        .query_row([tenant], |row| {
            let count = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
            Ok(IngestStatus {
                keyword_passages: count(0)?,
                vector_passages: count(1)?,
                total: count(2)?,
                done: count(3)?,
                failed: count(4)?,
                ..IngestStatus::default()
            })
        })?;
    Ok(status)
}

pub(crate) fn states(
    connection: &Connection,
    tenant: &str,
    source: Option<&str>,
) -> Result<Vec<(DocumentState, u64)>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT state, sum(documents) FROM tallies WHERE tenant = ?1 AND (?2 IS NULL OR source_id = ?2) GROUP BY state",
    )?;
    let rows = statement.query_map((tenant, source), |row| {
        let state: String = row.get(0)?;
        let count: i64 = row.get(1)?;
        Ok((parse_state(&state), count.unsigned_abs()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn summary(
    connection: &Connection,
    tenant: &str,
    source: Option<&str>,
) -> Result<LedgerCounts, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT kind, count(*) FROM documents INDEXED BY list_by_name WHERE tenant = ?1 AND (?2 IS NULL OR source_id = ?2) \
         GROUP BY kind ORDER BY count(*) DESC, kind LIMIT 40",
    )?;
    let kinds = statement.query_map((tenant, source), |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    Ok(LedgerCounts {
        states: states(connection, tenant, source)?,
        kinds: kinds.collect::<Result<_, _>>()?,
    })
}

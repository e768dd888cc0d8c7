//! Rows of the frontier.

use crate::{
    Fault,
    words::{from_word, to_word},
};
use awm_api::{
    Page,
    crawl::{CrawlCounts, CrawlPage, CrawlPages, PageReason, PageState},
};
use awm_ports::{Found, FrontierPage};
use rusqlite::{Connection, OptionalExtension, Params, named_params, params};

pub(super) fn add(
    db: &Connection,
    tenant: &str,
    id: &str,
    round: u32,
    found: &[Found],
) -> Result<u64, Fault> {
    let mut new = 0;
    for found in found {
        let known = one(db, tenant, id, &found.url)?;
        let known_now = known.as_ref().is_some_and(|known| known.round == round);
        if let Some(page) = FrontierPage::found(known, found, round) {
            new += u64::from(!known_now);
            put(db, tenant, id, &page)?;
        }
    }
    Ok(new)
}

pub(super) fn put(
    db: &Connection,
    tenant: &str,
    id: &str,
    page: &FrontierPage,
) -> Result<(), Fault> {
    db.prepare_cached(
        "INSERT INTO crawl_pages (tenant, crawl_id, url, round, depth, state, reason, status, text_hash, document_id, row) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
         ON CONFLICT (tenant, crawl_id, url) DO UPDATE SET round = ?4, depth = ?5, state = ?6, reason = ?7, status = ?8, \
         text_hash = ?9, document_id = ?10, row = ?11",
    )?
    .execute(params![
        tenant,
        id,
        page.page.url,
        page.round,
        page.page.depth,
        to_word(page.page.state)?,
        page.page.reason.map(PageReason::as_str),
        page.page.status,
        page.text_hash,
        page.page.document_id,
        serde_json::to_string(page)?,
    ])?;
    Ok(())
}

pub(super) fn one(
    db: &Connection,
    tenant: &str,
    id: &str,
    url: &str,
) -> Result<Option<FrontierPage>, Fault> {
    let text: Option<String> = db
        .prepare_cached(
            "SELECT row FROM crawl_pages WHERE tenant = ?1 AND crawl_id = ?2 AND url = ?3",
        )?
        .query_row([tenant, id, url], |row| row.get(0))
        .optional()?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

/// The rows that a statement of this file's own gives.
fn rows(db: &Connection, sql: &str, parameters: impl Params) -> Result<Vec<FrontierPage>, Fault> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        found.push(serde_json::from_str(&text)?);
    }
    Ok(found)
}

pub(super) fn waiting(
    db: &Connection,
    tenant: &str,
    id: &str,
    round: u32,
    limit: u32,
) -> Result<Vec<FrontierPage>, Fault> {
    rows(
        db,
        "SELECT row FROM crawl_pages WHERE tenant = ?1 AND crawl_id = ?2 AND round = ?3 AND state = 'waiting' \
         ORDER BY depth, number LIMIT ?4",
        params![tenant, id, round, limit],
    )
}

pub(super) fn unseen(
    db: &Connection,
    tenant: &str,
    id: &str,
    round: u32,
    limit: u32,
) -> Result<Vec<FrontierPage>, Fault> {
    rows(
        db,
        "SELECT row FROM crawl_pages WHERE tenant = ?1 AND crawl_id = ?2 AND round < ?3 AND document_id IS NOT NULL \
         ORDER BY number LIMIT ?4",
        params![tenant, id, round, limit],
    )
}

pub(super) fn skip_waiting(
    db: &Connection,
    tenant: &str,
    id: &str,
    round: u32,
    reason: PageReason,
) -> Result<u64, Fault> {
    let changed = db.execute(
        "UPDATE crawl_pages SET state = 'skipped', reason = ?4, \
         row = json_set(row, '$.page.state', 'skipped', '$.page.reason', ?4) \
         WHERE tenant = ?1 AND crawl_id = ?2 AND round = ?3 AND state = 'waiting'",
        params![tenant, id, round, reason.as_str()],
    )?;
    Ok(changed as u64)
}

pub(super) fn known(
    db: &Connection,
    tenant: &str,
    id: &str,
    round: u32,
) -> Result<Vec<(String, u32, bool)>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT url, depth, coalesce(reason, '') NOT IN ('out_of_scope', 'excluded', 'too_deep', 'trap') FROM crawl_pages \
         WHERE tenant = ?1 AND crawl_id = ?2 AND round = ?3 ORDER BY number",
    )?;
    let known = query
        .query_map(params![tenant, id, round], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(known)
}

pub(super) fn same_text(
    db: &Connection,
    tenant: &str,
    id: &str,
    hash: &str,
    url: &str,
) -> Result<Option<String>, Fault> {
    Ok(db
        .prepare_cached(
            "SELECT url FROM crawl_pages WHERE tenant = ?1 AND crawl_id = ?2 AND text_hash = ?3 AND url <> ?4 \
             AND document_id IS NOT NULL ORDER BY number LIMIT 1",
        )?
        .query_row([tenant, id, hash, url], |row| row.get(0))
        .optional()?)
}

pub(super) fn documents(db: &Connection, tenant: &str, id: &str) -> Result<Vec<String>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT document_id FROM crawl_pages WHERE tenant = ?1 AND crawl_id = ?2 AND document_id IS NOT NULL ORDER BY number",
    )?;
    let found = query
        .query_map([tenant, id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(found)
}

pub(super) fn counts(
    db: &Connection,
    tenant: &str,
    id: &str,
    round: u32,
) -> Result<CrawlCounts, Fault> {
    let mut query = db.prepare_cached(
        "SELECT state, reason, count(*), coalesce(sum(status = 304), 0) FROM crawl_pages \
         WHERE tenant = ?1 AND crawl_id = ?2 AND round = ?3 GROUP BY state, reason",
    )?;
    let mut rows = query.query(params![tenant, id, round])?;
    let mut counts = CrawlCounts::default();
    while let Some(row) = rows.next()? {
        let number = row.get::<_, i64>(2)?.unsigned_abs();
        counts.not_modified += row.get::<_, i64>(3)?.unsigned_abs();
        match from_word::<PageState>(row.get(0)?)? {
            PageState::Waiting => counts.waiting += number,
            PageState::Taken => counts.taken += number,
            PageState::Unchanged => counts.unchanged += number,
            PageState::Skipped => counts.skipped += number,
            PageState::Failed => counts.failed += number,
            PageState::Gone => counts.gone += number,
        }
        let reason: Option<String> = row.get(1)?;
        if let Some(reason) = reason {
            let reason: PageReason = from_word(reason)?;
            match counts
                .reasons
                .iter_mut()
                .find(|(known, _)| *known == reason)
            {
                Some((_, count)) => *count += number,
                None => counts.reasons.push((reason, number)),
            }
        }
    }
    counts
        .reasons
        .sort_by(|a, b| (b.1, a.0.as_str()).cmp(&(a.1, b.0.as_str())));
    Ok(counts)
}

pub(super) fn log(
    db: &Connection,
    tenant: &str,
    filter: &CrawlPages,
) -> Result<Page<CrawlPage>, Fault> {
    const WHERE: &str = "FROM crawl_pages p JOIN crawls c ON c.tenant = p.tenant AND c.id = p.crawl_id AND c.round = p.round \
         WHERE p.tenant = :tenant AND p.crawl_id = :id AND (:state IS NULL OR p.state = :state) \
         AND (:reason IS NULL OR p.reason = :reason) AND instr(lower(p.url), lower(:text)) > 0";
    let state = filter.state.map(to_word).transpose()?;
    let reason = filter.reason.map(PageReason::as_str);
    let total: i64 = db
        .prepare_cached(&format!("SELECT count(*) {WHERE}"))?
        .query_row(
            named_params! { ":tenant": tenant, ":id": filter.id, ":state": state, ":reason": reason, ":text": filter.text },
            |row| row.get(0),
        )?;
    let offset = i64::try_from(filter.page.offset).unwrap_or(i64::MAX);
    let items: Vec<CrawlPage> = rows(
        db,
        &format!("SELECT p.row {WHERE} ORDER BY p.number LIMIT :limit OFFSET :offset"),
        named_params! { ":tenant": tenant, ":id": filter.id, ":state": state, ":reason": reason, ":text": filter.text,
        ":limit": filter.page.limit.min(1_000), ":offset": offset },
    )?
    .into_iter()
    .map(|row| row.page)
    .collect();
    let total = total.unsigned_abs();
    let next = filter.page.offset.saturating_add(items.len() as u64);
    Ok(Page {
        next: (next < total && !items.is_empty()).then_some(next),
        items,
        total,
    })
}

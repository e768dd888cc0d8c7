//! Statements of question sets and evaluations.

use crate::{Fault, words::or_missing};
use awm_api::{
    Page,
    evaluation_runs::{EvaluatedQuestion, EvaluationRun},
    questions::{Question, QuestionList, QuestionSet},
};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use serde::de::DeserializeOwned;

const SET: &str = "SELECT s.id, s.name, (SELECT count(*) FROM questions q WHERE q.tenant = s.tenant AND q.set_id = s.id), \
     s.changed_at FROM question_sets s WHERE s.tenant = ?1";

fn set_row(row: &Row<'_>) -> rusqlite::Result<QuestionSet> {
    Ok(QuestionSet {
        id: row.get(0)?,
        name: row.get(1)?,
        questions: row.get::<_, i64>(2)?.unsigned_abs(),
        changed_at: row.get(3)?,
    })
}

pub(crate) fn sets(db: &Connection, tenant: &str) -> Result<Vec<QuestionSet>, Fault> {
    let mut query = db.prepare_cached(&format!("{SET} ORDER BY s.name COLLATE NOCASE, s.id"))?;
    let rows = query.query_map([tenant], set_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn set(db: &Connection, tenant: &str, id: &str) -> Result<QuestionSet, Fault> {
    let found = db
        .prepare_cached(&format!("{SET} AND s.id = ?2"))?
        .query_row([tenant, id], set_row)
        .optional()?;
    Ok(or_missing(found, "question set", id)?)
}

/// The only column of each row, as the value that its JSON holds.
fn values<T: DeserializeOwned>(mut rows: rusqlite::Rows<'_>) -> Result<Vec<T>, Fault> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(serde_json::from_str(
            row.get_ref(0)?.as_str().map_err(|_| not_text())?,
        )?);
    }
    Ok(found)
}

fn not_text() -> Fault {
    awm_ports::StoreError::Damaged("a row holds no text".into()).into()
}

pub(crate) fn questions(
    db: &Connection,
    tenant: &str,
    filter: &QuestionList,
) -> Result<Page<Question>, Fault> {
    const MATCHES: &str = "FROM questions WHERE tenant = :tenant AND set_id = :set
         AND (:text = '' OR instr(lower(question ->> 'question'), :text) > 0)";
    set(db, tenant, &filter.set_id)?;
    let text = filter.text.to_lowercase();
    let total: i64 = db
        .prepare_cached(&format!("SELECT count(*) {MATCHES}"))?
        .query_row(
            named_params! {":tenant": tenant, ":set": filter.set_id, ":text": text},
            |row| row.get(0),
        )?;
    let mut query = db.prepare_cached(&format!(
        "SELECT question {MATCHES} ORDER BY ordinal LIMIT :limit OFFSET :offset"
    ))?;
    let items: Vec<Question> = values(query.query(named_params! {
        ":tenant": tenant, ":set": filter.set_id, ":text": text,
        ":limit": filter.page.limit.min(1_000),
        ":offset": i64::try_from(filter.page.offset).unwrap_or(i64::MAX),
    })?)?;
    let (total, end) = (
        total.unsigned_abs(),
        filter.page.offset.saturating_add(items.len() as u64),
    );
    Ok(Page {
        next: (end < total && !items.is_empty()).then_some(end),
        items,
        total,
    })
}

pub(crate) fn question(db: &Connection, tenant: &str, id: &str) -> Result<Question, Fault> {
    let mut query =
        db.prepare_cached("SELECT question FROM questions WHERE tenant = ?1 AND id = ?2")?;
    let found = values(query.query([tenant, id])?)?;
    Ok(or_missing(found.into_iter().next(), "question", id)?)
}

pub(crate) fn put_question(db: &Connection, tenant: &str, new: &Question) -> Result<(), Fault> {
    let touched = db
        .prepare_cached(
            "UPDATE question_sets SET changed_at = max(changed_at, ?3) WHERE tenant = ?1 AND id = ?2",
        )?
        .execute(params![tenant, new.set_id, new.changed_at])?;
    or_missing((touched > 0).then_some(()), "question set", &new.set_id)?;
    db.prepare_cached(
        "INSERT INTO questions (tenant, id, set_id, question) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (tenant, id) DO UPDATE SET question = ?4 WHERE set_id = ?3",
    )?
    .execute(params![
        tenant,
        new.id,
        new.set_id,
        serde_json::to_string(new)?
    ])?;
    Ok(())
}

pub(crate) fn runs(
    db: &Connection,
    tenant: &str,
    set_id: Option<&str>,
    limit: u32,
) -> Result<Vec<EvaluationRun>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT run FROM evaluations WHERE tenant = ?1 AND (?2 IS NULL OR set_id = ?2)
         ORDER BY started_at DESC, id DESC LIMIT ?3",
    )?;
    values(query.query(params![tenant, set_id, limit])?)
}

pub(crate) fn run(db: &Connection, tenant: &str, id: &str) -> Result<EvaluationRun, Fault> {
    let mut query =
        db.prepare_cached("SELECT run FROM evaluations WHERE tenant = ?1 AND id = ?2")?;
    let found = values(query.query([tenant, id])?)?;
    Ok(or_missing(found.into_iter().next(), "evaluation", id)?)
}

pub(crate) fn put_run(
    db: &Connection,
    tenant: &str,
    run: &EvaluationRun,
    results: Option<&[EvaluatedQuestion]>,
) -> Result<(), Fault> {
    set(db, tenant, &run.set_id)?;
    db.prepare_cached(
        "INSERT INTO evaluations (tenant, id, set_id, started_at, run) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (tenant, id) DO UPDATE SET run = ?5 WHERE set_id = ?3",
    )?
    .execute(params![
        tenant,
        run.id,
        run.set_id,
        run.started_at,
        serde_json::to_string(run)?
    ])?;
    let Some(results) = results else {
        return Ok(());
    };
    db.execute(
        "DELETE FROM evaluation_results WHERE tenant = ?1 AND evaluation_id = ?2",
        [tenant, &run.id],
    )?;
    let mut insert = db.prepare_cached(
        "INSERT INTO evaluation_results (tenant, evaluation_id, ordinal, result) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (ordinal, result) in (0_i64..).zip(results) {
        insert.execute(params![
            tenant,
            run.id,
            ordinal,
            serde_json::to_string(result)?
        ])?;
    }
    Ok(())
}

pub(crate) fn results(
    db: &Connection,
    tenant: &str,
    id: &str,
) -> Result<Vec<EvaluatedQuestion>, Fault> {
    run(db, tenant, id)?;
    let mut query = db.prepare_cached(
        "SELECT result FROM evaluation_results WHERE tenant = ?1 AND evaluation_id = ?2 ORDER BY ordinal",
    )?;
    values(query.query([tenant, id])?)
}

//! What conversations remember, until it expires; what is known of people; receipts of deletions.

use crate::Store;
use async_trait::async_trait;
use awm_api::{
    Timestamp,
    memory::{Fact, Receipt},
};
use awm_ports::{Forgotten, Memory, MemorySummary, MemoryTurn, StoreError};
use awm_tenancy::TenantId;
use rusqlite::params;

#[async_trait]
impl Memory for Store {
    async fn recall(
        &self,
        tenant: &TenantId,
        session_id: &str,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<MemoryTurn>, StoreError> {
        let (tenant, session_id) = (tenant.to_string(), session_id.to_owned());
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT role, text, at, expires_at FROM memory_turns
                 WHERE tenant = ?1 AND session_id = ?2 AND expires_at > ?3
                 ORDER BY ordinal DESC LIMIT ?4",
            )?;
            let mut turns = query
                .query_map(params![tenant, session_id, now, limit], |row| {
                    Ok(MemoryTurn {
                        role: row.get(0)?,
                        text: row.get(1)?,
                        at: row.get(2)?,
                        expires_at: row.get(3)?,
                    })
                })?
                .collect::<Result<Vec<_>, _>>()?;
            turns.reverse();
            Ok(turns)
        })
        .await
    }

    async fn remember(
        &self,
        tenant: &TenantId,
        session_id: &str,
        turn: MemoryTurn,
    ) -> Result<(), StoreError> {
        let (tenant, session_id) = (tenant.to_string(), session_id.to_owned());
        // Rows that move to another page to make room leave no copy behind.
        self.write_clean(move |db| {
            db.prepare_cached(
                "INSERT INTO memory_turns (tenant, session_id, role, text, at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                tenant,
                session_id,
                turn.role,
                turn.text,
                turn.at,
                turn.expires_at
            ])?;
            Ok(())
        })
        .await
    }

    async fn fold(
        &self,
        tenant: &TenantId,
        session_id: &str,
        summary: MemorySummary,
    ) -> Result<(), StoreError> {
        let (tenant, session_id) = (tenant.to_string(), session_id.to_owned());
        self.erase(move |db| {
            db.execute(
                "DELETE FROM memory_turns WHERE tenant = ?1 AND session_id = ?2 AND at <= ?3",
                params![tenant, session_id, summary.at],
            )?;
            db.execute(
                "INSERT INTO memory_summaries (tenant, session_id, text, at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    tenant,
                    session_id,
                    summary.text,
                    summary.at,
                    summary.expires_at
                ],
            )?;
            Ok(())
        })
        .await
    }

    async fn summaries(
        &self,
        tenant: &TenantId,
        session_id: &str,
        now: Timestamp,
    ) -> Result<Vec<MemorySummary>, StoreError> {
        let (tenant, session_id) = (tenant.to_string(), session_id.to_owned());
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT text, at, expires_at FROM memory_summaries
                 WHERE tenant = ?1 AND session_id = ?2 AND expires_at > ?3 ORDER BY ordinal",
            )?;
            let found = query
                .query_map(params![tenant, session_id, now], |row| {
                    Ok(MemorySummary {
                        text: row.get(0)?,
                        at: row.get(1)?,
                        expires_at: row.get(2)?,
                    })
                })?
                .collect::<Result<Vec<_>, _>>()?;
            Ok(found)
        })
        .await
    }

    async fn forget(
        &self,
        tenant: &TenantId,
        session_id: &str,
        since: Option<Timestamp>,
    ) -> Result<Forgotten, StoreError> {
        let (tenant, session_id) = (tenant.to_string(), session_id.to_owned());
        let since = since.unwrap_or(Timestamp::MIN);
        self.erase(move |db| {
            let from = |table: &str| {
                db.execute(
                    &format!(
                        "DELETE FROM {table} WHERE tenant = ?1 AND session_id = ?2 AND at >= ?3"
                    ),
                    params![tenant, session_id, since],
                )
            };
            Ok(Forgotten {
                turns: from("memory_turns")? as u64,
                summaries: from("memory_summaries")? as u64,
            })
        })
        .await
    }

    async fn purge(&self, tenant: &TenantId, now: Timestamp) -> Result<Forgotten, StoreError> {
        let tenant = tenant.to_string();
        let due = tenant.clone();
        // Most of the time nothing is due, and the journal need not be emptied for it.
        let any: bool = self
            .read(move |db| {
                Ok(db.query_row(
                    "SELECT EXISTS (SELECT 1 FROM memory_turns WHERE tenant = ?1 AND expires_at <= ?2)
                         OR EXISTS (SELECT 1 FROM memory_summaries WHERE tenant = ?1 AND expires_at <= ?2)",
                    params![due, now],
                    |row| row.get(0),
                )?)
            })
            .await?;
        if !any {
            return Ok(Forgotten::default());
        }
        self.erase(move |db| {
            let from = |table: &str| {
                db.execute(
                    &format!("DELETE FROM {table} WHERE tenant = ?1 AND expires_at <= ?2"),
                    params![tenant, now],
                )
            };
            Ok(Forgotten {
                turns: from("memory_turns")? as u64,
                summaries: from("memory_summaries")? as u64,
            })
        })
        .await
    }

    async fn facts(&self, tenant: &TenantId, user: &str) -> Result<Vec<Fact>, StoreError> {
        let (tenant, user) = (tenant.to_string(), user.to_owned());
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT id, text, session_id, at, changed_at FROM facts
                 WHERE tenant = ?1 AND user = ?2 ORDER BY ordinal",
            )?;
            let found = query
                .query_map(params![tenant, user], |row| {
                    Ok(Fact {
                        id: row.get(0)?,
                        text: row.get(1)?,
                        session_id: row.get(2)?,
                        at: row.get(3)?,
                        changed_at: row.get(4)?,
                    })
                })?
                .collect::<Result<Vec<_>, _>>()?;
            Ok(found)
        })
        .await
    }

    async fn put_fact(&self, tenant: &TenantId, user: &str, fact: Fact) -> Result<(), StoreError> {
        let (tenant, user) = (tenant.to_string(), user.to_owned());
        self.write_clean(move |db| {
            db.execute(
                "INSERT INTO facts (tenant, user, id, text, session_id, at, changed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (tenant, user, id) DO UPDATE SET text = ?4, session_id = ?5, changed_at = ?7",
                params![
                    tenant,
                    user,
                    fact.id,
                    fact.text,
                    fact.session_id,
                    fact.at,
                    fact.changed_at
                ],
            )?;
            Ok(())
        })
        .await
    }

    async fn delete_facts(
        &self,
        tenant: &TenantId,
        user: &str,
        id: Option<&str>,
    ) -> Result<u64, StoreError> {
        let (tenant, user) = (tenant.to_string(), user.to_owned());
        let id = id.map(str::to_owned);
        self.erase(move |db| {
            let deleted = db.execute(
                "DELETE FROM facts WHERE tenant = ?1 AND user = ?2 AND (?3 IS NULL OR id = ?3)",
                params![tenant, user, id],
            )?;
            Ok(deleted as u64)
        })
        .await
    }

    async fn put_receipt(&self, tenant: &TenantId, receipt: Receipt) -> Result<(), StoreError> {
        let tenant = tenant.to_string();
        self.write(move |db| {
            db.execute(
                "INSERT INTO receipts (tenant, at, receipt) VALUES (?1, ?2, ?3)",
                params![tenant, receipt.at, serde_json::to_string(&receipt)?],
            )?;
            Ok(())
        })
        .await
    }

    async fn receipts(&self, tenant: &TenantId, limit: u32) -> Result<Vec<Receipt>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT receipt FROM receipts WHERE tenant = ?1 ORDER BY ordinal DESC LIMIT ?2",
            )?;
            let mut rows = query.query(params![tenant, limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let text: String = row.get(0)?;
                found.push(serde_json::from_str(&text)?);
            }
            Ok(found)
        })
        .await
    }
}

//! What conversations remember, until it expires.

use crate::Store;
use async_trait::async_trait;
use awm_api::Timestamp;
use awm_ports::{Memory, MemoryTurn, StoreError};
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
        self.write(move |db| {
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

    async fn forget(&self, tenant: &TenantId, session_id: &str) -> Result<u64, StoreError> {
        let (tenant, session_id) = (tenant.to_string(), session_id.to_owned());
        self.write(move |db| {
            let forgotten = db.execute(
                "DELETE FROM memory_turns WHERE tenant = ?1 AND session_id = ?2",
                params![tenant, session_id],
            )?;
            Ok(forgotten as u64)
        })
        .await
    }

    async fn purge(&self, tenant: &TenantId, now: Timestamp) -> Result<u64, StoreError> {
        let tenant = tenant.to_string();
        self.write(move |db| {
            let purged = db.execute(
                "DELETE FROM memory_turns WHERE tenant = ?1 AND expires_at <= ?2",
                params![tenant, now],
            )?;
            Ok(purged as u64)
        })
        .await
    }
}

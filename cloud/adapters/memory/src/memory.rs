//! What conversations remember.

use crate::lock;
use async_trait::async_trait;
use awm_api::Timestamp;
use awm_ports::{Memory, MemoryTurn, StoreError};
use awm_tenancy::TenantId;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

/// Keeps the turns of sessions in a map.
#[derive(Debug, Default)]
pub struct MemoryMemory {
    sessions: Mutex<Sessions>,
}

type Sessions = HashMap<(TenantId, String), Vec<MemoryTurn>>;

impl MemoryMemory {
    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }
}

#[async_trait]
impl Memory for MemoryMemory {
    async fn recall(
        &self,
        tenant: &TenantId,
        session_id: &str,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<MemoryTurn>, StoreError> {
        let sessions = self.sessions();
        let mut turns: Vec<_> = sessions
            .get(&(tenant.clone(), session_id.to_owned()))
            .into_iter()
            .flatten()
            .rev()
            .filter(|turn| turn.expires_at > now)
            .take(limit as usize)
            .cloned()
            .collect();
        turns.reverse();
        Ok(turns)
    }

    async fn remember(
        &self,
        tenant: &TenantId,
        session_id: &str,
        turn: MemoryTurn,
    ) -> Result<(), StoreError> {
        self.sessions()
            .entry((tenant.clone(), session_id.to_owned()))
            .or_default()
            .push(turn);
        Ok(())
    }

    async fn forget(&self, tenant: &TenantId, session_id: &str) -> Result<u64, StoreError> {
        let turns = self
            .sessions()
            .remove(&(tenant.clone(), session_id.to_owned()));
        Ok(turns.map_or(0, |turns| turns.len() as u64))
    }

    async fn purge(&self, tenant: &TenantId, now: Timestamp) -> Result<u64, StoreError> {
        let mut purged = 0;
        self.sessions().retain(|(owner, _), turns| {
            if owner == tenant {
                let before = turns.len();
                turns.retain(|turn| turn.expires_at > now);
                purged += (before - turns.len()) as u64;
            }
            !turns.is_empty()
        });
        Ok(purged)
    }
}

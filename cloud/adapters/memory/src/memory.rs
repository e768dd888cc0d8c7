//! What conversations remember, what is known of people, receipts.

use crate::lock;
use async_trait::async_trait;
use awm_api::{
    Timestamp,
    memory::{Fact, Receipt},
};
use awm_ports::{Forgotten, Memory, MemorySummary, MemoryTurn, StoreError};
use awm_tenancy::TenantId;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

/// Keeps all of it in maps.
#[derive(Debug, Default)]
pub struct MemoryMemory {
    sessions: Mutex<Sessions>,
    facts: Mutex<HashMap<(TenantId, String), Vec<Fact>>>,
    receipts: Mutex<Vec<(TenantId, Receipt)>>,
}

type Sessions = HashMap<(TenantId, String), Session>;

#[derive(Debug, Default)]
struct Session {
    turns: Vec<MemoryTurn>,
    summaries: Vec<MemorySummary>,
}

impl Session {
    /// Keeps what passes; answers with what went.
    fn retain(
        &mut self,
        turn: impl Fn(&MemoryTurn) -> bool,
        summary: impl Fn(&MemorySummary) -> bool,
    ) -> Forgotten {
        let before = (self.turns.len(), self.summaries.len());
        self.turns.retain(turn);
        self.summaries.retain(summary);
        Forgotten {
            turns: (before.0 - self.turns.len()) as u64,
            summaries: (before.1 - self.summaries.len()) as u64,
        }
    }
}

impl MemoryMemory {
    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }
}

fn key(tenant: &TenantId, id: &str) -> (TenantId, String) {
    (tenant.clone(), id.to_owned())
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
            .get(&key(tenant, session_id))
            .into_iter()
            .flat_map(|session| &session.turns)
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
        let mut sessions = self.sessions();
        let session = sessions.entry(key(tenant, session_id)).or_default();
        session.turns.push(turn);
        Ok(())
    }

    async fn fold(
        &self,
        tenant: &TenantId,
        session_id: &str,
        summary: MemorySummary,
    ) -> Result<(), StoreError> {
        let mut sessions = self.sessions();
        let session = sessions.entry(key(tenant, session_id)).or_default();
        session.turns.retain(|turn| turn.at > summary.at);
        session.summaries.push(summary);
        Ok(())
    }

    async fn summaries(
        &self,
        tenant: &TenantId,
        session_id: &str,
        now: Timestamp,
    ) -> Result<Vec<MemorySummary>, StoreError> {
        let sessions = self.sessions();
        let found = sessions.get(&key(tenant, session_id));
        Ok(found
            .into_iter()
            .flat_map(|session| &session.summaries)
            .filter(|summary| summary.expires_at > now)
            .cloned()
            .collect())
    }

    async fn forget(
        &self,
        tenant: &TenantId,
        session_id: &str,
        since: Option<Timestamp>,
    ) -> Result<Forgotten, StoreError> {
        let mut sessions = self.sessions();
        let since = since.unwrap_or(Timestamp::MIN);
        Ok(match sessions.get_mut(&key(tenant, session_id)) {
            Some(session) => session.retain(|turn| turn.at < since, |summary| summary.at < since),
            None => Forgotten::default(),
        })
    }

    async fn purge(&self, tenant: &TenantId, now: Timestamp) -> Result<Forgotten, StoreError> {
        let mut purged = Forgotten::default();
        self.sessions().retain(|(owner, _), session| {
            if owner == tenant {
                let gone = session.retain(
                    |turn| turn.expires_at > now,
                    |summary| summary.expires_at > now,
                );
                purged.turns += gone.turns;
                purged.summaries += gone.summaries;
            }
            !(session.turns.is_empty() && session.summaries.is_empty())
        });
        Ok(purged)
    }

    async fn facts(&self, tenant: &TenantId, user: &str) -> Result<Vec<Fact>, StoreError> {
        let facts = lock(&self.facts);
        Ok(facts.get(&key(tenant, user)).cloned().unwrap_or_default())
    }

    async fn put_fact(&self, tenant: &TenantId, user: &str, fact: Fact) -> Result<(), StoreError> {
        let mut facts = lock(&self.facts);
        let facts = facts.entry(key(tenant, user)).or_default();
        match facts.iter_mut().find(|known| known.id == fact.id) {
            Some(known) => *known = fact,
            None => facts.push(fact),
        }
        Ok(())
    }

    async fn delete_facts(
        &self,
        tenant: &TenantId,
        user: &str,
        id: Option<&str>,
    ) -> Result<u64, StoreError> {
        let mut facts = lock(&self.facts);
        let Some(facts) = facts.get_mut(&key(tenant, user)) else {
            return Ok(0);
        };
        let before = facts.len();
        facts.retain(|fact| id.is_some_and(|id| fact.id != id));
        Ok((before - facts.len()) as u64)
    }

    async fn put_receipt(&self, tenant: &TenantId, receipt: Receipt) -> Result<(), StoreError> {
        lock(&self.receipts).push((tenant.clone(), receipt));
        Ok(())
    }

    async fn receipts(&self, tenant: &TenantId, limit: u32) -> Result<Vec<Receipt>, StoreError> {
        let receipts = lock(&self.receipts);
        Ok(receipts
            .iter()
            .rev()
            .filter(|(owner, _)| owner == tenant)
            .map(|(_, receipt)| receipt.clone())
            .take(limit as usize)
            .collect())
    }
}

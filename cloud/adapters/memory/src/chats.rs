//! Conversations.

use crate::lock;
use async_trait::async_trait;
use awm_api::chat::{ChatSession, ChatTurn};
use awm_ports::{Chats, StoreError};
use awm_tenancy::TenantId;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

/// Keeps conversations in a map.
#[derive(Debug, Default)]
pub struct MemoryChats {
    sessions: Mutex<Sessions>,
}

type Sessions = HashMap<(TenantId, String), (ChatSession, Vec<ChatTurn>)>;

impl MemoryChats {
    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }
}

fn key(tenant: &TenantId, id: &str) -> (TenantId, String) {
    (tenant.clone(), id.to_owned())
}

fn not_found(id: &str) -> StoreError {
    StoreError::NotFound {
        what: "conversation",
        id: id.to_owned(),
    }
}

#[async_trait]
impl Chats for MemoryChats {
    async fn sessions(&self, tenant: &TenantId) -> Result<Vec<ChatSession>, StoreError> {
        let mut found: Vec<_> = self
            .sessions()
            .iter()
            .filter(|((owner, _), _)| owner == tenant)
            .map(|(_, (session, _))| session.clone())
            .collect();
        found.sort_by(|a, b| (b.changed_at, &b.id).cmp(&(a.changed_at, &a.id)));
        Ok(found)
    }

    async fn session(&self, tenant: &TenantId, id: &str) -> Result<ChatSession, StoreError> {
        match self.sessions().get(&key(tenant, id)) {
            Some((session, _)) => Ok(session.clone()),
            None => Err(not_found(id)),
        }
    }

    async fn put_session(
        &self,
        tenant: &TenantId,
        session: &ChatSession,
    ) -> Result<(), StoreError> {
        self.sessions()
            .entry(key(tenant, &session.id))
            .and_modify(|(stored, _)| *stored = session.clone())
            .or_insert_with(|| (session.clone(), Vec::new()));
        Ok(())
    }

    async fn delete_session(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError> {
        match self.sessions().remove(&key(tenant, id)) {
            Some(_) => Ok(()),
            None => Err(not_found(id)),
        }
    }

    async fn delete_turn(
        &self,
        tenant: &TenantId,
        session_id: &str,
        turn_id: &str,
    ) -> Result<(), StoreError> {
        let mut sessions = self.sessions();
        let Some((_, turns)) = sessions.get_mut(&key(tenant, session_id)) else {
            return Err(not_found(session_id));
        };
        let before = turns.len();
        turns.retain(|turn| turn.id != turn_id);
        match turns.len() < before {
            true => Ok(()),
            false => Err(StoreError::NotFound {
                what: "turn",
                id: turn_id.to_owned(),
            }),
        }
    }

    async fn turns(
        &self,
        tenant: &TenantId,
        session_id: &str,
    ) -> Result<Vec<ChatTurn>, StoreError> {
        match self.sessions().get(&key(tenant, session_id)) {
            Some((_, turns)) => Ok(turns.clone()),
            None => Err(not_found(session_id)),
        }
    }

    async fn put_turn(
        &self,
        tenant: &TenantId,
        session_id: &str,
        turn: &ChatTurn,
    ) -> Result<(), StoreError> {
        let mut sessions = self.sessions();
        let Some((_, turns)) = sessions.get_mut(&key(tenant, session_id)) else {
            return Err(not_found(session_id));
        };
        match turns.iter_mut().find(|stored| stored.id == turn.id) {
            Some(stored) => *stored = turn.clone(),
            None => turns.push(turn.clone()),
        }
        Ok(())
    }
}

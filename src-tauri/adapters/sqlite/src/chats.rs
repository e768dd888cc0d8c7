//! Conversations and their turns.

use crate::{Fault, Store, words::or_missing};
use async_trait::async_trait;
use awm_api::chat::{ChatSession, ChatTurn};
use awm_ports::{Chats, StoreError};
use awm_tenancy::TenantId;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "id, workflow_id, workflow_name, title, turns, changed_at";

#[async_trait]
impl Chats for Store {
    async fn sessions(&self, tenant: &TenantId) -> Result<Vec<ChatSession>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |db| {
            let mut found = Vec::new();
            let mut query = db.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM chat_sessions WHERE tenant = ?1
                 ORDER BY changed_at DESC, id DESC"
            ))?;
            let mut rows = query.query([tenant])?;
            while let Some(row) = rows.next()? {
                found.push(session(row)?);
            }
            Ok(found)
        })
        .await
    }

    async fn session(&self, tenant: &TenantId, id: &str) -> Result<ChatSession, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |db| find(db, &tenant, &id)).await
    }

    async fn put_session(
        &self,
        tenant: &TenantId,
        session: &ChatSession,
    ) -> Result<(), StoreError> {
        let (tenant, session) = (tenant.to_string(), session.clone());
        self.write_clean(move |db| {
            // An upsert and not a replacement, which would delete the turns with the old row.
            db.prepare_cached(&format!(
                "INSERT INTO chat_sessions (tenant, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (tenant, id) DO UPDATE SET workflow_id = ?3, workflow_name = ?4,
                 title = ?5, turns = ?6, changed_at = ?7"
            ))?
            .execute(params![
                tenant,
                session.id,
                session.workflow_id,
                session.workflow_name,
                session.title,
                session.turns,
                session.changed_at,
            ])?;
            Ok(())
        })
        .await
    }

    async fn delete_session(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.erase(move |db| {
            let deleted = db.execute(
                "DELETE FROM chat_sessions WHERE tenant = ?1 AND id = ?2",
                params![tenant, id],
            )?;
            Ok(or_missing(
                (deleted > 0).then_some(()),
                "conversation",
                &id,
            )?)
        })
        .await
    }

    async fn delete_turn(
        &self,
        tenant: &TenantId,
        session_id: &str,
        turn_id: &str,
    ) -> Result<(), StoreError> {
        let (tenant, session_id) = (tenant.to_string(), session_id.to_owned());
        let id = turn_id.to_owned();
        self.erase(move |db| {
            find(db, &tenant, &session_id)?;
            let deleted = db.execute(
                "DELETE FROM chat_turns WHERE tenant = ?1 AND session_id = ?2 AND id = ?3",
                params![tenant, session_id, id],
            )?;
            Ok(or_missing((deleted > 0).then_some(()), "turn", &id)?)
        })
        .await
    }

    async fn turns(
        &self,
        tenant: &TenantId,
        session_id: &str,
    ) -> Result<Vec<ChatTurn>, StoreError> {
        let (tenant, id) = (tenant.to_string(), session_id.to_owned());
        self.read(move |db| {
            find(db, &tenant, &id)?;
            let mut found = Vec::new();
            let mut query = db.prepare_cached(
                "SELECT turn FROM chat_turns WHERE tenant = ?1 AND session_id = ?2 ORDER BY ordinal",
            )?;
            let mut rows = query.query([&tenant, &id])?;
            while let Some(row) = rows.next()? {
                let turn: String = row.get(0)?;
                found.push(serde_json::from_str(&turn)?);
            }
            Ok(found)
        })
        .await
    }

    async fn put_turn(
        &self,
        tenant: &TenantId,
        session_id: &str,
        turn: &ChatTurn,
    ) -> Result<(), StoreError> {
        let (tenant, id, turn) = (tenant.to_string(), session_id.to_owned(), turn.clone());
        self.write_clean(move |db| {
            find(db, &tenant, &id)?;
            db.prepare_cached(
                "INSERT INTO chat_turns (tenant, session_id, id, turn) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (tenant, session_id, id) DO UPDATE SET turn = ?4",
            )?
            .execute(params![tenant, id, turn.id, serde_json::to_string(&turn)?])?;
            Ok(())
        })
        .await
    }
}

fn find(db: &Connection, tenant: &str, id: &str) -> Result<ChatSession, Fault> {
    let mut query = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM chat_sessions WHERE tenant = ?1 AND id = ?2"
    ))?;
    let mut rows = query.query([tenant, id])?;
    session(or_missing(rows.next()?, "conversation", id)?)
}

fn session(row: &Row<'_>) -> Result<ChatSession, Fault> {
    Ok(ChatSession {
        id: row.get(0)?,
        workflow_id: row.get(1)?,
        workflow_name: row.get(2)?,
        title: row.get(3)?,
        turns: row.get(4)?,
        changed_at: row.get(5)?,
    })
}

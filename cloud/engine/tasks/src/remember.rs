//! `AwmRecall` and `AwmRemember`: what a conversation remembers, for as long as the settings say.

use crate::{Deps, failure::of_store, fields::Fields};
use awm_ports::{MemoryTurn, TaskFailure};
use awm_tenancy::TenantId;
use serde_json::{Value, json};

const DEFAULT_TURNS: u32 = 20;
const MINUTE_MS: i64 = 60_000;

pub(crate) async fn recall(
    deps: &Deps,
    tenant: &TenantId,
    mut fields: Fields,
) -> Result<Value, TaskFailure> {
    let session = fields.name("sessionId")?;
    let limit = fields
        .optional_number("limit", 1..=200)?
        .unwrap_or(DEFAULT_TURNS);
    fields.finish()?;
    let now = deps.clock.now();
    let turns: Vec<Value> = deps
        .memory
        .recall(tenant, &session, limit, now)
        .await
        .map_err(of_store)?
        .into_iter()
        .map(|turn| json!({"role": turn.role, "text": turn.text}))
        .collect();
    Ok(json!({ "turns": turns }))
}

pub(crate) async fn remember(
    deps: &Deps,
    tenant: &TenantId,
    mut fields: Fields,
) -> Result<Value, TaskFailure> {
    let session = fields.name("sessionId")?;
    let question = fields.text("question")?;
    let answer = fields.text("answer")?;
    fields.finish()?;
    let settings = deps.settings.load(tenant).await.map_err(of_store)?;
    let now = deps.clock.now();
    let expires_at = now + i64::from(settings.memory_minutes) * MINUTE_MS;
    for (role, text) in [("user", question), ("assistant", answer)] {
        let turn = MemoryTurn {
            role: role.into(),
            text,
            at: now,
            expires_at,
        };
        deps.memory
            .remember(tenant, &session, turn)
            .await
            .map_err(of_store)?;
    }
    Ok(json!({"stored": 2}))
}

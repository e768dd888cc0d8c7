//! What is remembered: to see, to change, to delete, with receipts.

use super::bad_field;
use crate::{Host, erase::Tally, failure::Failure};
use awm_api::memory::{
    Fact, FactDelete, FactList, FactSave, MemoryForget, MemoryGet, Receipt, ReceiptList,
    ReceiptReason, Remembered, RememberedLine,
};
use awm_ports::{LOCAL_USER, StoreError};

/// Turns shown.
const LINES: u32 = 200;
const RECEIPTS: u32 = 500;
/// Characters of a fact.
const MAX_FACT: usize = 500;

pub(crate) async fn memory_get<H: Host>(
    host: &H,
    request: MemoryGet,
) -> Result<Remembered, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let session = ports.chats.session(tenant, &request.session_id).await?;
    let now = ports.clock.now();
    let turns = ports.memory.recall(tenant, &session.id, LINES, now).await?;
    let summaries = ports.memory.summaries(tenant, &session.id, now).await?;
    let count = turns.iter().filter(|turn| turn.role == "user").count() as u32;
    let mut lines: Vec<RememberedLine> = summaries
        .into_iter()
        .map(|summary| RememberedLine {
            role: "summary".into(),
            text: summary.text,
            at: summary.at,
            expires_at: summary.expires_at,
        })
        .collect();
    lines.extend(turns.into_iter().map(|turn| RememberedLine {
        role: turn.role,
        text: turn.text,
        at: turn.at,
        expires_at: turn.expires_at,
    }));
    Ok(Remembered {
        turns: count,
        until: lines.iter().map(|line| line.expires_at).max(),
        lines,
    })
}

pub(crate) async fn memory_forget<H: Host>(
    host: &H,
    request: MemoryForget,
) -> Result<Receipt, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let session = ports.chats.session(tenant, &request.session_id).await?;
    let mut tally = Tally::default();
    tally.forgotten(ports.memory.forget(tenant, &session.id, None).await?);
    tally
        .receipt(host, ReceiptReason::MemoryForgotten, &session.id)
        .await
}

pub(crate) async fn fact_list<H: Host>(host: &H, _: FactList) -> Result<Vec<Fact>, Failure> {
    Ok(host.ports().memory.facts(host.tenant(), LOCAL_USER).await?)
}

pub(crate) async fn fact_save<H: Host>(host: &H, request: FactSave) -> Result<Fact, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let text = request
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if text.is_empty() || text.chars().count() > MAX_FACT {
        let message = format!("the fact is not within 1 to {MAX_FACT} characters");
        return Err(bad_field("text", message).into());
    }
    let now = ports.clock.now();
    let fact = match request.id {
        Some(id) => {
            let facts = ports.memory.facts(tenant, LOCAL_USER).await?;
            let known = facts.into_iter().find(|fact| fact.id == id);
            let Some(known) = known else {
                return Err(StoreError::NotFound { what: "fact", id }.into());
            };
            Fact {
                text,
                changed_at: now,
                ..known
            }
        }
        None => Fact {
            id: ports.ids.next(),
            text,
            session_id: String::new(),
            at: now,
            changed_at: now,
        },
    };
    ports
        .memory
        .put_fact(tenant, LOCAL_USER, fact.clone())
        .await?;
    Ok(fact)
}

pub(crate) async fn fact_delete<H: Host>(
    host: &H,
    request: FactDelete,
) -> Result<Receipt, Failure> {
    let id = request.id.as_deref();
    let gone = host
        .ports()
        .memory
        .delete_facts(host.tenant(), LOCAL_USER, id)
        .await?;
    if let (Some(id), 0) = (id, gone) {
        return Err(StoreError::NotFound {
            what: "fact",
            id: id.to_owned(),
        }
        .into());
    }
    let mut tally = Tally::default();
    tally.add("facts", gone);
    tally
        .receipt(host, ReceiptReason::FactsDeleted, id.unwrap_or_default())
        .await
}

pub(crate) async fn receipt_list<H: Host>(
    host: &H,
    _: ReceiptList,
) -> Result<Vec<Receipt>, Failure> {
    Ok(host
        .ports()
        .memory
        .receipts(host.tenant(), RECEIPTS)
        .await?)
}

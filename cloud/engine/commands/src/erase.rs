//! Deletions that people were promised: everything that holds the text goes, and a receipt says what went.

use crate::{Host, asking, failure::Failure};
use awm_api::{
    Code, PageRequest, Sort, Timestamp, UserError,
    chat::{ChatSession, ChatTurn},
    memory::{Receipt, ReceiptPlace, ReceiptReason},
    runs::{RunList, RunSource},
};
use awm_ports::{Forgotten, RunsDeleted};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Runs deleted in one go.
const PAGE: u32 = 200;

/// What was deleted, place by place.
#[derive(Default)]
pub(crate) struct Tally(Vec<ReceiptPlace>);

impl Tally {
    pub(crate) fn add(&mut self, place: &str, count: u64) {
        match self.0.iter_mut().find(|known| known.place == place) {
            Some(known) => known.count += count,
            None if count > 0 => self.0.push(ReceiptPlace {
                place: place.into(),
                count,
            }),
            None => (),
        }
    }

    pub(crate) fn forgotten(&mut self, gone: Forgotten) {
        self.add("memory", gone.turns);
        self.add("summaries", gone.summaries);
    }

    fn runs(&mut self, gone: RunsDeleted) {
        self.add("runs", gone.runs);
        self.add("run events", gone.events);
    }

    /// Keeps the receipt.
    pub(crate) async fn receipt<H: Host>(
        self,
        host: &H,
        reason: ReceiptReason,
        subject: &str,
    ) -> Result<Receipt, Failure> {
        let ports = host.ports();
        let receipt = Receipt {
            id: ports.ids.next(),
            at: ports.clock.now(),
            reason,
            subject: subject.to_owned(),
            places: self.0,
        };
        ports
            .memory
            .put_receipt(host.tenant(), receipt.clone())
            .await?;
        Ok(receipt)
    }
}

/// A conversation with its runs and what it remembers. Facts stay: they have a list, and a deletion, of their own.
pub(crate) async fn conversation<H: Host>(
    host: &H,
    session: &ChatSession,
) -> Result<Receipt, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let turns = ports.chats.turns(tenant, &session.id).await?;
    let mut tally = Tally::default();
    tally.runs(delete_runs(host, &turns).await?);
    tally.forgotten(ports.memory.forget(tenant, &session.id, None).await?);
    ports.chats.delete_session(tenant, &session.id).await?;
    tally.add("transcript", turns.len() as u64);
    tally
        .receipt(host, ReceiptReason::ConversationDeleted, &session.id)
        .await
}

/// The last turn of a conversation, for another to take its place; answers with the conversation as it is then.
pub(crate) async fn last_turn<H: Host>(
    host: &H,
    session: ChatSession,
    turn_id: &str,
) -> Result<ChatSession, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let mut turns = ports.chats.turns(tenant, &session.id).await?;
    let Some(last) = turns.pop().filter(|last| last.id == turn_id) else {
        let message = "only the last question can be asked anew in its place";
        return Err(UserError::new(Code::Conflict, message)
            .help("reload the conversation")
            .into());
    };
    let mut tally = Tally::default();
    tally.runs(delete_runs(host, std::slice::from_ref(&last)).await?);
    tally.forgotten(
        ports
            .memory
            .forget(tenant, &session.id, Some(last.asked_at))
            .await?,
    );
    ports
        .chats
        .delete_turn(tenant, &session.id, turn_id)
        .await?;
    tally.add("transcript", 1);
    tally
        .receipt(host, ReceiptReason::TurnReplaced, &session.id)
        .await?;
    shortened(host, session, &turns).await
}

/// The conversation's row when these turns are left.
async fn shortened<H: Host>(
    host: &H,
    mut session: ChatSession,
    left: &[ChatTurn],
) -> Result<ChatSession, Failure> {
    session.turns = left.len() as u32;
    // The title was made of a question that may be gone.
    session.title = left
        .first()
        .map(|turn| asking::title(&turn.question))
        .unwrap_or_default();
    let chats = &host.ports().chats;
    chats.put_session(host.tenant(), &session).await?;
    Ok(session)
}

async fn delete_runs<H: Host>(host: &H, turns: &[ChatTurn]) -> Result<RunsDeleted, Failure> {
    let ports = host.ports();
    let mut ids: Vec<String> = turns
        .iter()
        .flat_map(|turn| {
            let others = turn.answers.iter().map(|answer| answer.run_id.clone());
            std::iter::once(turn.run_id.clone()).chain(others)
        })
        .collect();
    ids.sort();
    ids.dedup();
    for id in &ids {
        // What goes on would write more.
        if let Some(stopped) = ports.live.stop(id, Default::default()) {
            stopped.await;
        }
    }
    Ok(ports.runs.delete(host.tenant(), &ids).await?)
}

/// Deletes what is due: memory whose time is over, and conversations that are older than the settings keep them. Called at the start
/// and every minute; answers with how many receipts were made of it.
pub async fn tidy<H: Host>(host: &H) -> Result<usize, UserError> {
    let expired = expired(host).await?;
    let outlived = outlived(host).await?;
    Ok(usize::from(expired) + usize::from(outlived))
}

async fn expired<H: Host>(host: &H) -> Result<bool, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let gone = ports.memory.purge(tenant, ports.clock.now()).await?;
    let any = gone != Forgotten::default();
    if any {
        let mut tally = Tally::default();
        tally.forgotten(gone);
        tally
            .receipt(host, ReceiptReason::MemoryExpired, "")
            .await?;
    }
    Ok(any)
}

async fn outlived<H: Host>(host: &H) -> Result<bool, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let settings = ports.settings.load(tenant).await?;
    let Some(days) = settings.chat_retention_days else {
        return Ok(false);
    };
    let end = ports.clock.now() - i64::from(days) * DAY_MS;
    let mut tally = Tally::default();
    for session in ports.chats.sessions(tenant).await? {
        let turns = ports.chats.turns(tenant, &session.id).await?;
        let (old, left): (Vec<_>, Vec<_>) = turns.into_iter().partition(|turn| turn.asked_at < end);
        if old.is_empty() && !(left.is_empty() && session.changed_at < end) {
            continue;
        }
        tally.runs(delete_runs(host, &old).await?);
        tally.add("transcript", old.len() as u64);
        if left.is_empty() {
            tally.forgotten(ports.memory.forget(tenant, &session.id, None).await?);
            ports.chats.delete_session(tenant, &session.id).await?;
            continue;
        }
        for turn in &old {
            ports
                .chats
                .delete_turn(tenant, &session.id, &turn.id)
                .await?;
        }
        shortened(host, session, &left).await?;
    }
    tally.runs(chat_runs_before(host, end).await?);
    let any = !tally.0.is_empty();
    if any {
        tally
            .receipt(host, ReceiptReason::RetentionOver, "")
            .await?;
    }
    Ok(any)
}

/// Runs of conversations whose turns are gone already.
async fn chat_runs_before<H: Host>(host: &H, end: Timestamp) -> Result<RunsDeleted, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let mut all = RunsDeleted::default();
    loop {
        let oldest = RunList {
            source: Some(RunSource::Chat),
            page: PageRequest {
                offset: 0,
                limit: PAGE,
                sort: Some(Sort {
                    by: "started_at".into(),
                    descending: false,
                }),
            },
            ..RunList::default()
        };
        let page = ports.runs.list(tenant, &oldest).await?;
        let due: Vec<String> = page
            .items
            .into_iter()
            .filter(|run| run.started_at < end && run.ended_at.is_some())
            .map(|run| run.id)
            .collect();
        let gone = match due.is_empty() {
            true => return Ok(all),
            false => ports.runs.delete(tenant, &due).await?,
        };
        all.runs += gone.runs;
        all.events += gone.events;
        if gone.runs == 0 {
            return Ok(all);
        }
    }
}

//! Conversations with a workflow.

use super::bad_field;
use crate::{
    Host,
    failure::Failure,
    live,
    run::{self, Begun, Plan},
    turn,
};
use awm_api::{
    UserError,
    chat::{
        ChatSend, ChatSession, ChatSessionCreate, ChatSessionDelete, ChatSessionGet,
        ChatSessionList, ChatTranscript, ChatTurn, ChatUpdate,
    },
    runs::{RunSource, RunUpdate, RunWatch},
};
use awm_ports::StoreError;
use futures::{
    FutureExt, StreamExt,
    channel::oneshot,
    stream::{self, BoxStream},
};
use serde_json::json;
use std::sync::Arc;

/// Characters of a question, at most.
const MAX_QUESTION: usize = 100_000;
/// Characters of a conversation's title.
const TITLE: usize = 80;

pub(crate) async fn chat_session_list<H: Host>(
    host: &H,
    _: ChatSessionList,
) -> Result<Vec<ChatSession>, Failure> {
    Ok(host.ports().chats.sessions(host.tenant()).await?)
}

pub(crate) async fn chat_session_create<H: Host>(
    host: &H,
    request: ChatSessionCreate,
) -> Result<ChatSession, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let workflow = ports.workflows.get(tenant, &request.workflow_id).await?;
    let session = ChatSession {
        id: ports.ids.next(),
        workflow_id: workflow.id,
        workflow_name: workflow.name,
        title: String::new(),
        turns: 0,
        changed_at: ports.clock.now(),
    };
    ports.chats.put_session(tenant, &session).await?;
    Ok(session)
}

pub(crate) async fn chat_session_get<H: Host>(
    host: &H,
    request: ChatSessionGet,
) -> Result<ChatTranscript, Failure> {
    let chats = &host.ports().chats;
    Ok(ChatTranscript {
        session: chats.session(host.tenant(), &request.id).await?,
        turns: chats.turns(host.tenant(), &request.id).await?,
    })
}

pub(crate) async fn chat_session_delete<H: Host>(
    host: &H,
    request: ChatSessionDelete,
) -> Result<ChatSession, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let session = ports.chats.session(tenant, &request.id).await?;
    ports.chats.delete_session(tenant, &session.id).await?;
    // What the conversation remembers goes with it, rather than waiting for its end.
    ports.memory.forget(tenant, &session.id).await?;
    Ok(session)
}

/// Stores the question, runs the workflow and streams what it says. The run goes on when nobody listens any more: the turn is
/// stored all the same.
pub(crate) async fn chat_send<H: Host>(
    host: &H,
    request: ChatSend,
) -> Result<BoxStream<'static, Result<ChatUpdate, UserError>>, Failure> {
    let (tenant, ports) = (host.tenant().clone(), host.ports().clone());
    let question = request.text.trim().to_owned();
    if question.is_empty() || question.chars().count() > MAX_QUESTION {
        let message = format!("the question is not within 1 to {MAX_QUESTION} characters");
        return Err(bad_field("text", message).into());
    }
    let session = ports.chats.session(&tenant, &request.session_id).await?;
    let workflow = ports.workflows.get(&tenant, &session.workflow_id).await?;
    let plan = Plan {
        workflow_id: workflow.id,
        workflow_name: workflow.name,
        revision: workflow.revision,
        document: workflow.document,
        input: json!({"sessionId": session.id, "message": question}),
        mocks: None,
        calls: Default::default(),
        source: RunSource::Chat,
    };
    let begun = run::begin(host, plan).await?;
    let turn = turn::asked(&begun.summary, ports.ids.next(), question);
    let Begun {
        summary,
        live,
        work,
    } = begun;
    let watched = match put(host, &session, &turn).await {
        // Watched from before its first event.
        Ok(()) => {
            live::watch(
                host,
                RunWatch {
                    id: summary.id.clone(),
                    after: 0,
                },
            )
            .await
        }
        Err(failure) => Err(failure),
    };
    let updates = match watched {
        Ok(updates) => updates,
        Err(failure) => {
            ports.live.leave(&summary.id);
            // A store that refused the turn may refuse this too: then the next start ends the run.
            let _ = run::abort(host, &summary).await;
            return Err(failure);
        }
    };
    let (tell, done) = oneshot::channel();
    let (own, asked, heard) = (host.clone(), turn.clone(), Arc::clone(&live));
    host.spawn(
        async move {
            let done = match work.await {
                Ok(ended) => {
                    let turn = turn::answered(asked, ended, heard.first_word_at());
                    finish(&own, &session.id, turn).await
                }
                Err(error) => Err(error),
            };
            // Whoever asked may have gone.
            let _ = tell.send(done);
        }
        .boxed(),
    );
    let told = updates.filter_map(move |update| {
        let told = match update {
            Ok(RunUpdate::Event { event }) if event.kind.ends_with("StateEntered") => event
                .visit
                .map(|visit| Ok(ChatUpdate::Step { state: visit.name })),
            Ok(RunUpdate::Progress { state, text, .. }) if live.answers(&state) => {
                Some(Ok(ChatUpdate::Text { text }))
            }
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        };
        futures::future::ready(told)
    });
    let last = stream::once(done).filter_map(|last| {
        // Nothing is sent when the process ends first.
        let last = last
            .ok()
            .map(|turn| turn.map(|turn| ChatUpdate::Done { turn }));
        futures::future::ready(last)
    });
    Ok(stream::iter([Ok(ChatUpdate::Started { turn })])
        .chain(told)
        .chain(last)
        .boxed())
}

/// Stores the turn and what its conversation shows of it.
async fn put<H: Host>(host: &H, session: &ChatSession, turn: &ChatTurn) -> Result<(), Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    ports.chats.put_turn(tenant, &session.id, turn).await?;
    let mut session = session.clone();
    session.turns += 1;
    session.changed_at = turn.asked_at;
    if session.title.is_empty() {
        session.title = turn
            .question
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if session.title.chars().count() > TITLE {
            session.title = session.title.chars().take(TITLE - 1).chain(['…']).collect();
        }
    }
    Ok(ports.chats.put_session(tenant, &session).await?)
}

/// Stores the turn, whole.
async fn finish<H: Host>(
    host: &H,
    session_id: &str,
    turn: ChatTurn,
) -> Result<ChatTurn, UserError> {
    let chats = &host.ports().chats;
    match chats.put_turn(host.tenant(), session_id, &turn).await {
        // A conversation that was deleted meanwhile keeps nothing.
        Ok(()) | Err(StoreError::NotFound { .. }) => Ok(turn),
        Err(error) => Err(Failure::from(error).into()),
    }
}

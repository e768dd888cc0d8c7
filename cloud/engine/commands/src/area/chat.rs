//! Conversations with a workflow.

use crate::{Host, asking, erase, failure::Failure};
use awm_api::{
    Code, UserError,
    chat::{
        ChatFeedback, ChatSession, ChatSessionCreate, ChatSessionDelete, ChatSessionGet,
        ChatSessionList, ChatTranscript, ChatTurn, ChatTurnChoose, ChatTurnRate,
    },
};
use awm_ports::StoreError;

/// Characters of a note on an answer.
const MAX_NOTE: usize = 2_000;

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
    erase::conversation(host, &session).await?;
    Ok(session)
}

pub(crate) use crate::asking::chat_send;

pub(crate) async fn chat_turn_rate<H: Host>(
    host: &H,
    request: ChatTurnRate,
) -> Result<ChatTurn, Failure> {
    let mut turn = find(host, &request.session_id, &request.turn_id).await?;
    turn.feedback = request.feedback.map(|feedback| ChatFeedback {
        note: feedback.note.trim().chars().take(MAX_NOTE).collect(),
        ..feedback
    });
    let chats = &host.ports().chats;
    chats
        .put_turn(host.tenant(), &request.session_id, &turn)
        .await?;
    Ok(turn)
}

pub(crate) async fn chat_turn_choose<H: Host>(
    host: &H,
    request: ChatTurnChoose,
) -> Result<ChatTurn, Failure> {
    let turn = find(host, &request.session_id, &request.turn_id).await?;
    let answer = turn
        .answers
        .iter()
        .find(|answer| answer.run_id == request.run_id);
    match answer.cloned() {
        Some(answer) if answer.total_ms.is_some() => {
            asking::choose(host, &request.session_id, turn, &answer).await
        }
        Some(_) => Err(UserError::new(Code::Conflict, "the answer still goes on")
            .help("wait for its end, or stop it")
            .into()),
        None => Err(StoreError::NotFound {
            what: "answer",
            id: request.run_id,
        }
        .into()),
    }
}

async fn find<H: Host>(host: &H, session_id: &str, turn_id: &str) -> Result<ChatTurn, Failure> {
    let turns = host.ports().chats.turns(host.tenant(), session_id).await?;
    let found = turns.into_iter().find(|turn| turn.id == turn_id);
    found.ok_or_else(|| {
        let id = turn_id.to_owned();
        StoreError::NotFound { what: "turn", id }.into()
    })
}

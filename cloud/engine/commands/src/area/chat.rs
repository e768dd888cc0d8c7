//! Conversations with a workflow.

use super::knowledge::not_built;
use crate::{Host, failure::Failure};
use awm_api::{
    UserError,
    chat::{
        ChatSend, ChatSession, ChatSessionCreate, ChatSessionDelete, ChatSessionGet,
        ChatSessionList, ChatTranscript, ChatUpdate,
    },
};
use futures::stream::BoxStream;

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

pub(crate) async fn chat_send<H: Host>(
    _: &H,
    _: ChatSend,
) -> Result<BoxStream<'static, Result<ChatUpdate, UserError>>, Failure> {
    Err(not_built())
}

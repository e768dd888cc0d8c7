//! `awm chat`.

use crate::{
    args::Chat,
    exit::Ended,
    output::{Output, Tone},
    taking_in, workflows,
};
use awm_api::{
    Code, UserError,
    chat::{ChatSend, ChatSession, ChatSessionCreate, ChatSessionGet, ChatTurn, ChatUpdate},
    workflows::{TemplateList, TemplateOpen, WorkflowKind, WorkflowList},
};
use awm_host::DesktopHost;
use futures::StreamExt;
use std::io::{BufRead, IsTerminal};

pub(crate) async fn chat(
    host: &DesktopHost,
    output: &Output,
    given: Chat,
) -> Result<Ended, UserError> {
    let session = match given.session {
        Some(id) => host.ask(ChatSessionGet { id }).await?.session,
        None => {
            let workflow_id = answering(host, output, given.workflow.as_deref()).await?;
            host.ask(ChatSessionCreate { workflow_id }).await?
        }
    };
    output.note(&format!(
        "{} · conversation {}",
        session.workflow_name, session.id
    ));
    if !given.message.is_empty() {
        return send(
            host,
            output,
            &session,
            &given.models,
            given.message.join(" "),
        )
        .await;
    }
    let mut ended = Ended::Well;
    while let Some(line) = next_line(output).await? {
        if line.trim().is_empty() {
            continue;
        }
        ended = send(host, output, &session, &given.models, line).await?;
    }
    Ok(ended)
}

/// The workflow that answers, by its id.
async fn answering(
    host: &DesktopHost,
    output: &Output,
    wanted: Option<&str>,
) -> Result<String, UserError> {
    let templates = host.ask(TemplateList {}).await?;
    let is_chat = |kind| kind == WorkflowKind::Chat;
    let template = match wanted {
        Some(wanted) => match workflows::find(host, wanted).await {
            Ok(found) => return Ok(found.summary.id),
            Err(error) if error.code != Code::NotFound => return Err(error),
            Err(missing) => templates
                .into_iter()
                .find(|t| t.id == wanted)
                .ok_or(missing)?,
        },
        None => {
            let rows = host.ask(WorkflowList {}).await?;
            if let Some(row) = rows.into_iter().find(|row| is_chat(row.kind)) {
                return Ok(row.id);
            }
            templates
                .into_iter()
                .find(|t| is_chat(t.kind))
                .ok_or_else(|| {
                    UserError::new(Code::NotFound, "there is no chat workflow")
                        .help("make one, or name one with `--workflow`")
                })?
        }
    };
    // The copy that an earlier chat made of the template goes on.
    match workflows::find(host, &template.name).await {
        Ok(found) => Ok(found.summary.id),
        Err(_) => {
            let made = host.ask(TemplateOpen { id: template.id }).await?;
            // Its documents came with it: they are asked about at once.
            taking_in::wait(host, output).await?;
            Ok(made.summary.id)
        }
    }
}

async fn send(
    host: &DesktopHost,
    output: &Output,
    session: &ChatSession,
    models: &[String],
    text: String,
) -> Result<Ended, UserError> {
    let mut updates = host
        .follow(ChatSend {
            session_id: session.id.clone(),
            text,
            models: models.to_vec(),
            replaces: None,
        })
        .await?;
    let (mut streamed, mut done) = (String::new(), None);
    while let Some(update) = updates.next().await {
        let update = update?;
        if output.is_json() {
            output.json(&update);
        }
        match update {
            ChatUpdate::Started { .. } => (),
            ChatUpdate::Step { state } => output.progress(&state),
            ChatUpdate::Text { text } if !output.is_json() => {
                if streamed.is_empty() {
                    output.progress_over();
                }
                output.part(&text);
                streamed.push_str(&text);
            }
            // Several answers are told whole at the end, one after the other.
            ChatUpdate::Text { .. }
            | ChatUpdate::AnswerText { .. }
            | ChatUpdate::Answered { .. } => (),
            ChatUpdate::Done { turn } => done = Some(turn),
        }
    }
    output.progress_over();
    let Some(turn) = done else {
        return Err(UserError::new(
            Code::Internal,
            "the answer ended without a word",
        ));
    };
    if !output.is_json() {
        finish(output, &turn, &streamed);
    }
    Ok(match turn.error {
        Some(_) => Ended::Failed,
        None => Ended::Well,
    })
}

/// What is left to say after the stream: the answer if it did not stream as it is stored, citations, times.
fn finish(output: &Output, turn: &ChatTurn, streamed: &str) {
    if let Some(searched_for) = &turn.searched_for {
        output.note(&format!("searched for: {searched_for}"));
    }
    if !turn.answers.is_empty() {
        for answer in &turn.answers {
            output.text(&output.tone(Tone::Dim, &format!("{}:", answer.model)));
            match &answer.error {
                Some(error) => output.error(error),
                None => output.text(&answer.answer),
            }
        }
        return;
    }
    if let Some(error) = &turn.error {
        if !streamed.is_empty() {
            output.text("");
        }
        output.error(error);
        return;
    }
    if streamed.trim() == turn.answer.trim() {
        output.text("");
    } else {
        if !streamed.is_empty() {
            output.text("\n");
        }
        output.text(&turn.answer);
    }
    for citation in &turn.citations {
        let mut place = vec![citation.document_name.clone()];
        place.extend(citation.headings.iter().cloned());
        if let Some(page) = citation.page {
            place.push(format!("page {page}"));
        }
        let line = format!("[{}] {}", citation.number, place.join(" › "));
        output.text(&output.tone(Tone::Dim, &line));
    }
    if turn.extractive {
        output.note("quoted from the documents: no model is set");
    }
}

/// The next line of standard input; none at its end.
async fn next_line(output: &Output) -> Result<Option<String>, UserError> {
    if std::io::stdin().is_terminal() {
        output.progress("> ");
    }
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .map(|bytes| (bytes, line))
    })
    .await;
    match read {
        Ok(Ok((0, _))) => Ok(None),
        Ok(Ok((_, line))) => Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned())),
        Ok(Err(error)) => Err(UserError::new(
            Code::BadRequest,
            format!("standard input can't be read: {error}"),
        )),
        Err(error) => Err(UserError::new(Code::Internal, error.to_string())),
    }
}

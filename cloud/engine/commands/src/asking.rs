//! A question on its way: to one model or to several at once, and back as a stream.

use crate::{
    Host, erase,
    failure::Failure,
    live::{self, Live},
    run::{self, Begun, Ended, Plan},
    turn,
    turn_tasks::TurnTasks,
};
use awm_api::{
    Code, UserError,
    chat::{ChatAnswer, ChatSend, ChatSession, ChatTurn, ChatUpdate},
    runs::{RunSource, RunSummary, RunUpdate, RunWatch},
    settings::{Model, Settings},
};
use awm_ports::{StoreError, TaskProgress, TaskRequest};
use futures::{
    FutureExt, StreamExt,
    channel::oneshot,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use serde_json::json;
use std::sync::Arc;

/// Characters of a question, at most.
const MAX_QUESTION: usize = 100_000;
/// Models that can be asked at once.
const MAX_MODELS: usize = 3;
/// Characters of a conversation's title.
const TITLE: usize = 80;

type Updates = BoxStream<'static, Result<ChatUpdate, UserError>>;

/// One run of the question.
struct Column {
    /// The title of its model, where one was named.
    title: Option<String>,
    summary: RunSummary,
    live: Arc<Live>,
    tasks: Arc<TurnTasks>,
}

type Work = BoxFuture<'static, Result<Ended, UserError>>;

/// Stores the question, runs the workflow and streams what it says. The runs go on when nobody listens any more: the turn is
/// stored all the same.
pub(crate) async fn chat_send<H: Host>(host: &H, request: ChatSend) -> Result<Updates, Failure> {
    let (tenant, ports) = (host.tenant().clone(), host.ports().clone());
    let question = request.text.trim().to_owned();
    if question.is_empty() || question.chars().count() > MAX_QUESTION {
        let message = format!("the question is not within 1 to {MAX_QUESTION} characters");
        return Err(crate::area::bad_field("text", message).into());
    }
    let settings = ports.settings.load(&tenant).await?;
    let asked = asked(&settings, request.models)?;
    let session = ports.chats.session(&tenant, &request.session_id).await?;
    let workflow = ports.workflows.get(&tenant, &session.workflow_id).await?;
    let session = match &request.replaces {
        Some(turn_id) => erase::last_turn(host, session, turn_id).await?,
        None => {
            settle(host, &session.id).await?;
            session
        }
    };
    let compared = asked.len() > 1;
    let mut columns: Vec<Column> = Vec::new();
    let mut works: Vec<Work> = Vec::new();
    for title in asked {
        let tasks = Arc::new(TurnTasks::new(ports.tasks.clone(), title.clone(), compared));
        let plan = Plan {
            workflow_id: workflow.id.clone(),
            workflow_name: workflow.name.clone(),
            revision: workflow.revision,
            document: workflow.document.clone(),
            input: json!({"sessionId": session.id, "message": question}),
            mocks: None,
            calls: Default::default(),
            source: RunSource::Chat,
            tasks: Some(tasks.clone()),
        };
        match run::begin(host, plan).await {
            Ok(Begun {
                summary,
                live,
                work,
            }) => {
                columns.push(Column {
                    title,
                    summary,
                    live,
                    tasks,
                });
                works.push(work);
            }
            Err(failure) => {
                call_off(host, &columns).await;
                return Err(failure);
            }
        }
    }
    let turn = begun(ports.ids.next(), question, &columns, compared);
    let streams = match put(host, &session, &turn).await {
        Ok(()) => watch(host, &columns, compared).await,
        Err(failure) => Err(failure),
    };
    match streams {
        Ok(streams) => {
            let columns = columns.into_iter().zip(works).zip(streams).collect();
            Ok(going_on(host, session.id, turn, columns, settings))
        }
        Err(failure) => {
            call_off(host, &columns).await;
            Err(failure)
        }
    }
}

/// The titles to ask by, one for each run; a title that there is no model for is refused.
fn asked(settings: &Settings, titles: Vec<String>) -> Result<Vec<Option<String>>, UserError> {
    if titles.is_empty() {
        return Ok(vec![None]);
    }
    let field = |message: String| crate::area::bad_field("models", message);
    if titles.len() > MAX_MODELS {
        return Err(field(format!(
            "more than {MAX_MODELS} models were asked at once"
        )));
    }
    let mut asked: Vec<Option<String>> = Vec::new();
    for title in titles {
        if settings.model(Some(&title)).is_none() {
            return Err(
                UserError::new(Code::NotFound, format!("there is no model `{title}`"))
                    .help("the settings list the models"),
            );
        }
        if asked.contains(&Some(title.clone())) {
            return Err(field(format!("`{title}` was named twice")));
        }
        asked.push(Some(title));
    }
    Ok(asked)
}

fn begun(id: String, question: String, columns: &[Column], compared: bool) -> ChatTurn {
    let mut turn = ChatTurn {
        id,
        question,
        ..ChatTurn::default()
    };
    if let Some(first) = columns.first() {
        turn.run_id = first.summary.id.clone();
        turn.asked_at = first.summary.started_at;
        turn.model = first.title.clone();
    }
    if compared {
        let answer = |column: &Column| ChatAnswer {
            model: column.title.clone().unwrap_or_default(),
            run_id: column.summary.id.clone(),
            ..ChatAnswer::default()
        };
        turn.answers = columns.iter().map(answer).collect();
    }
    turn
}

/// What each run tells, from before its first event.
async fn watch<H: Host>(
    host: &H,
    columns: &[Column],
    compared: bool,
) -> Result<Vec<Updates>, Failure> {
    let mut streams = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let run_id = column.summary.id.clone();
        let watched = RunWatch {
            id: run_id.clone(),
            after: 0,
        };
        let live = Arc::clone(&column.live);
        let updates = live::watch(host, watched).await?.filter_map(move |update| {
            let told = match update {
                // The steps are the same for all: one tells them.
                Ok(RunUpdate::Event { event })
                    if index == 0 && event.kind.ends_with("StateEntered") =>
                {
                    event
                        .visit
                        .map(|visit| Ok(ChatUpdate::Step { state: visit.name }))
                }
                Ok(RunUpdate::Progress { state, text, .. }) if live.answers(&state) => {
                    Some(Ok(match compared {
                        true => ChatUpdate::AnswerText {
                            run_id: run_id.clone(),
                            text,
                        },
                        false => ChatUpdate::Text { text },
                    }))
                }
                Ok(_) => None,
                Err(error) => Some(Err(error)),
            };
            futures::future::ready(told)
        });
        streams.push(updates.boxed());
    }
    Ok(streams)
}

/// Sets the runs to work; the answer tells of them, to the turn that is stored at the end.
fn going_on<H: Host>(
    host: &H,
    session_id: String,
    turn: ChatTurn,
    columns: Vec<((Column, Work), Updates)>,
    settings: Settings,
) -> Updates {
    let (tell, done) = oneshot::channel();
    let compared = columns.len() > 1;
    let settings = Arc::new(settings);
    let mut works = Vec::new();
    let mut told = Vec::new();
    for ((column, work), stream) in columns {
        let (tell, ended) = oneshot::channel();
        let settings = Arc::clone(&settings);
        works.push(async move {
            let answer = answer(column, work, &settings).await;
            // Whoever asked may have gone.
            let _ = tell.send(answer.clone());
            answer
        });
        let last = stream::once(ended).filter_map(move |ended| {
            let answer = ended.ok().and_then(Result::ok).filter(|_| compared);
            futures::future::ready(answer.map(|(answer, _)| Ok(ChatUpdate::Answered { answer })))
        });
        told.push(stream.chain(last).boxed());
    }
    let (own, mut stored) = (host.clone(), turn.clone());
    host.spawn(
        async move {
            let answers: Result<Vec<(ChatAnswer, Option<String>)>, UserError> =
                futures::future::join_all(works).await.into_iter().collect();
            let done = match answers {
                Ok(answers) => {
                    let searched = answers.iter().find_map(|(_, searched)| searched.clone());
                    stored.searched_for = searched.filter(|text| *text != stored.question);
                    if let Some((first, _)) = answers.first() {
                        stored.take(first);
                    }
                    if compared {
                        stored.answers = answers.into_iter().map(|(answer, _)| answer).collect();
                    }
                    finish(&own, &session_id, stored).await
                }
                Err(error) => Err(error),
            };
            let _ = tell.send(done);
        }
        .boxed(),
    );
    let last = stream::once(done).filter_map(|last| {
        // Nothing is sent when the process ends first.
        let last = last
            .ok()
            .map(|turn| turn.map(|turn| ChatUpdate::Done { turn }));
        futures::future::ready(last)
    });
    stream::iter([Ok(ChatUpdate::Started { turn })])
        .chain(stream::select_all(told))
        .chain(last)
        .boxed()
}

/// A run to its end: what its model answered, and what was looked for.
async fn answer(
    column: Column,
    work: Work,
    settings: &Settings,
) -> Result<(ChatAnswer, Option<String>), UserError> {
    let asked_at = column.summary.started_at;
    let ended = work.await?;
    let notes = column.tasks.notes();
    let searched_for = notes.searched_for.clone();
    let title = column.title.or_else(|| notes.model.clone());
    let model = title
        .as_deref()
        .and_then(|title| settings.model(Some(title)));
    let mut answer = turn::answered(ended, asked_at, column.live.first_word_at(), &notes);
    answer.cost_usd =
        model.and_then(|model: &Model| model.cost(answer.tokens_in, answer.tokens_out));
    answer.model = title.unwrap_or_default();
    Ok((answer, searched_for))
}

/// Ends runs that will not be worked on.
async fn call_off<H: Host>(host: &H, columns: &[Column]) {
    for column in columns {
        host.ports().live.leave(&column.summary.id);
        // A store that refused the turn may refuse this too: then the next start ends the run.
        let _ = run::abort(host, &column.summary).await;
    }
}

/// Stores the turn and what its conversation shows of it.
async fn put<H: Host>(host: &H, session: &ChatSession, turn: &ChatTurn) -> Result<(), Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    ports.chats.put_turn(tenant, &session.id, turn).await?;
    let mut session = session.clone();
    session.turns += 1;
    session.changed_at = turn.asked_at;
    if session.title.is_empty() {
        session.title = title(&turn.question);
    }
    Ok(ports.chats.put_session(tenant, &session).await?)
}

/// What a conversation is called after its first question.
pub(crate) fn title(question: &str) -> String {
    let title = question.split_whitespace().collect::<Vec<_>>().join(" ");
    match title.chars().count() > TITLE {
        true => title.chars().take(TITLE - 1).chain(['…']).collect(),
        false => title,
    }
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

/// Whoever goes on without a choice goes on with the first answer that is one.
async fn settle<H: Host>(host: &H, session_id: &str) -> Result<(), Failure> {
    let turns = host.ports().chats.turns(host.tenant(), session_id).await?;
    let Some(last) = turns.into_iter().next_back() else {
        return Ok(());
    };
    let open = !last.answers.is_empty() && !last.chosen && last.total_ms.is_some();
    let first = last.answers.iter().find(|answer| answer.error.is_none());
    if let (true, Some(first)) = (open, first.cloned()) {
        choose(host, session_id, last, &first).await?;
    }
    Ok(())
}

/// Goes on with one of a turn's answers, and remembers it if its workflow wanted that.
pub(crate) async fn choose<H: Host>(
    host: &H,
    session_id: &str,
    mut turn: ChatTurn,
    answer: &ChatAnswer,
) -> Result<ChatTurn, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let before = turn.chosen;
    turn.take(answer);
    turn.chosen = true;
    if before {
        // Another one was chosen before: what was remembered of the turn is that.
        ports
            .memory
            .forget(tenant, session_id, Some(turn.asked_at))
            .await?;
    }
    if answer.remembers && answer.error.is_none() {
        let request = TaskRequest {
            run_id: answer.run_id.clone(),
            state: String::new(),
            name: "Remember".into(),
            resource: "${AwmRemember}".into(),
            arguments: json!({"sessionId": session_id, "question": turn.question, "answer": answer.answer}),
            retries: 0,
            progress: TaskProgress::none(),
        };
        if let Err(failure) = ports.tasks.run(tenant, request).await {
            let message = format!("the answer can't be remembered: {}", failure.cause);
            return Err(UserError::new(Code::ServiceFailed, message)
                .help("choose it again")
                .into());
        }
    }
    ports.chats.put_turn(tenant, session_id, &turn).await?;
    Ok(turn)
}

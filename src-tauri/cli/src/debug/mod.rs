//! `awm debug`: a run in hand, line by line.

mod command;
pub(crate) mod show;
pub(crate) mod states;

use crate::{args::Debug, exit::Ended, input, output::Output, run, workflows};
use awm_api::{
    Code, UserError,
    debug::{
        DebugAction, DebugCommand, DebugEvaluate, DebugGet, DebugStart, DebugState, DebugStatus,
        DebugStop,
    },
    runs::RunStatus,
};
use awm_host::DesktopHost;
use command::{Line, Show};
use serde_json::{Value, json};
use states::States;
use std::{
    io::{BufRead, IsTerminal},
    path::Path,
};

pub(crate) async fn debug(
    host: &DesktopHost,
    output: &Output,
    given: Debug,
) -> Result<Ended, UserError> {
    let (name, document) = document(host, &given.workflow).await?;
    let states = States::of(&document);
    let mut breakpoints = Vec::new();
    for place in &given.breakpoints {
        breakpoints.push(command::breakpoint(place, &states).map_err(unreadable)?);
    }
    let start_at = match &given.from {
        Some(state) => Some(states.find(state).map_err(unreadable)?),
        None => None,
    };
    let input = match &given.input {
        Some(text) => input::json(text)?,
        None => document
            .get("sample_input")
            .cloned()
            .unwrap_or_else(|| json!({})),
    };
    let state = host
        .ask(DebugStart {
            mocks: run::mocks(&given.stand_ins, &document)?,
            document: Some(document),
            name,
            input,
            breakpoints,
            start_at,
            real_time: given.real_time,
            ..DebugStart::default()
        })
        .await?;
    let mut desk = Desk {
        host,
        output,
        states,
        state,
        last: String::new(),
    };
    let ended = desk.work().await;
    host.ask(DebugStop { id: desk.state.id }).await?;
    ended
}

async fn document(host: &DesktopHost, workflow: &str) -> Result<(String, Value), UserError> {
    let file = Path::new(workflow);
    if !file.is_file() {
        let found = workflows::find(host, workflow).await?;
        return Ok((found.summary.name, found.document));
    }
    let document = awm_commands::read_text(workflow, input::text(file)?)?;
    let document = serde_json::to_value(document).map_err(|error| {
        UserError::new(
            Code::Internal,
            format!("the document can't be written: {error}"),
        )
    })?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok((name.into_owned(), document))
}

fn unreadable(message: String) -> UserError {
    UserError::new(Code::BadRequest, message).help("`help` in the debugger lists the commands")
}

/// What lies before whoever debugs.
struct Desk<'a> {
    host: &'a DesktopHost,
    output: &'a Output,
    states: States,
    state: DebugState,
    /// The last command, which an empty line repeats on a terminal.
    last: String,
}

impl Desk<'_> {
    async fn work(&mut self) -> Result<Ended, UserError> {
        self.tell_state();
        while let Some(line) = self.next_line().await? {
            let line = match line.trim() {
                "" => self.last.clone(),
                line => line.to_owned(),
            };
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if !self.take(&line).await? {
                break;
            }
            self.last = match std::io::stdin().is_terminal() {
                true => line,
                false => String::new(),
            };
        }
        Ok(match &self.state.outcome {
            Some(outcome) if outcome.status != RunStatus::Succeeded => Ended::Failed,
            _ => Ended::Well,
        })
    }

    /// Says whether it goes on.
    async fn take(&mut self, line: &str) -> Result<bool, UserError> {
        match command::read(line, &self.states, &self.state) {
            Err(message) => self.refuse(&unreadable(message)),
            Ok(Line::Quit) => return Ok(false),
            Ok(Line::Show(what)) => self.show(&what).await?,
            Ok(Line::Evaluate(expression)) => {
                let asked = DebugEvaluate {
                    id: self.state.id.clone(),
                    thread: None,
                    expression,
                };
                match self.host.ask(asked).await {
                    Ok(value) if self.output.is_json() => self.output.json(&value),
                    Ok(value) => self.output.text(&show::value(&value.value)),
                    Err(error) => self.refuse(&error),
                }
            }
            Ok(Line::Act(action)) => {
                let before = self.state.newest;
                match self.act(action).await {
                    Ok(state) => {
                        self.state = state;
                        self.tell_events(before);
                        self.tell_state();
                    }
                    Err(error) => self.refuse(&error),
                }
            }
        }
        Ok(true)
    }

    /// Has an action taken; Ctrl-C pauses what goes.
    async fn act(&self, action: DebugAction) -> Result<DebugState, UserError> {
        let command = |action| {
            self.host.ask(DebugCommand {
                id: self.state.id.clone(),
                action,
                after: 0,
            })
        };
        let going = command(action);
        tokio::pin!(going);
        loop {
            tokio::select! {
                state = &mut going => return state,
                _ = tokio::signal::ctrl_c() => {
                    // The answer to the first command comes with the pause.
                    command(DebugAction::Pause).await?;
                }
            }
        }
    }

    async fn show(&mut self, what: &Show) -> Result<(), UserError> {
        let asked = DebugGet {
            id: self.state.id.clone(),
            after: 0,
        };
        self.state = self.host.ask(asked).await?;
        if self.output.is_json() {
            self.output.json(&self.state);
        } else {
            show::show(self.output, &self.state, what);
        }
        Ok(())
    }

    fn tell_events(&self, before: u64) {
        if !self.output.is_json() {
            show::way(self.output, &self.state, before);
        }
    }

    fn tell_state(&self) {
        if self.output.is_json() {
            self.output.json(&self.state);
        } else {
            show::state(self.output, &self.state);
        }
    }

    /// An error ends nothing here.
    fn refuse(&self, error: &UserError) {
        if self.output.is_json() {
            self.output.json(&json!({ "error": error }));
        } else {
            self.output.text(&error.message);
        }
    }

    async fn next_line(&self) -> Result<Option<String>, UserError> {
        if std::io::stdin().is_terminal() && !self.output.is_json() {
            let prompt = match self.state.status {
                DebugStatus::Ended => "(ended) ",
                _ => "(awm) ",
            };
            self.output.part(prompt);
        }
        let read = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            std::io::stdin()
                .lock()
                .read_line(&mut line)
                .map(|bytes| (bytes > 0).then_some(line))
        })
        .await;
        match read {
            Ok(Ok(line)) => Ok(line),
            Ok(Err(error)) => Err(UserError::new(
                Code::BadRequest,
                format!("standard input can't be read: {error}"),
            )),
            Err(error) => Err(UserError::new(Code::Internal, error.to_string())),
        }
    }
}

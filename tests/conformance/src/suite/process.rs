//! A process that evaluates, started anew when it ends or hangs.

use super::WORKER;
use super::cases::Case;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// Time that a case may take, if it names none, and over what it names.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of a case.
#[derive(Debug)]
pub(super) enum Answer {
    /// It gave a value.
    Value(Value),
    /// It gave nothing.
    Undefined,
    /// It gave an error: code first.
    Error(String),
    /// The process ended or hung.
    Broken(String),
}

/// The process, if one runs.
#[derive(Debug, Default)]
pub(super) struct Worker {
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
}

impl Worker {
    /// Evaluates a case.
    pub(super) fn evaluate(&mut self, case: &Case) -> Answer {
        let request = json!({
            "expression": case.expression,
            "data": case.data,
            "undefined": case.data.is_none(),
            "bindings": case.bindings,
            "time": case.time,
            "depth": case.depth,
        });
        let mut running = match self.running.take().map_or_else(start, Ok) {
            Ok(running) => running,
            Err(error) => return Answer::Broken(format!("no worker can be started: {error}")),
        };
        let patience = PATIENCE + Duration::from_millis(case.time.unwrap_or_default());
        let sent = writeln!(running.input, "{request}").and_then(|()| running.input.flush());
        let answer = match sent {
            Ok(()) => running.answers.recv_timeout(patience),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        match answer {
            Ok(line) => {
                self.running = Some(running);
                told(&line)
            }
            Err(RecvTimeoutError::Timeout) => {
                stop(running);
                Answer::Broken(format!("it was still running after {patience:?}"))
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status = stop(running);
                Answer::Broken(format!("the process that evaluated it ended with {status}"))
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            stop(running);
        }
    }
}

fn start() -> std::io::Result<Running> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg(WORKER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let pipe = || std::io::Error::other("a worker has no pipe");
    let input = child.stdin.take().ok_or_else(pipe)?;
    let output = child.stdout.take().ok_or_else(pipe)?;
    let (sender, answers) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    Ok(Running {
        child,
        input,
        answers,
    })
}

fn stop(mut running: Running) -> String {
    // It may have ended by itself, which is what we come to hear of.
    let ended = running.child.try_wait().ok().flatten();
    if ended.is_none() && running.child.kill().is_err() {
        return "an unknown status".to_owned();
    }
    running
        .child
        .wait()
        .map_or_else(|error| error.to_string(), |status| status.to_string())
}

fn told(line: &str) -> Answer {
    let answer: Value = serde_json::from_str(line).unwrap_or(Value::Null);
    if let Some(value) = answer.get("value") {
        return Answer::Value(value.clone());
    }
    match answer.get("error").and_then(Value::as_str) {
        Some(error) => Answer::Error(error.to_owned()),
        None if answer.get("undefined").is_some() => Answer::Undefined,
        None => Answer::Broken(format!("the worker said `{line}`")),
    }
}

//! What is said, to a person or to a program.

use awm_api::UserError;
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// Results go to standard output, everything else to standard error.
#[derive(Debug)]
pub(crate) struct Output {
    json: bool,
    quiet: bool,
    colour: bool,
}

/// How a word is set off on a terminal.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tone {
    Good,
    Bad,
    Dim,
    Strong,
}

impl Output {
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        let colour = !json
            && std::io::stdout().is_terminal()
            && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self {
            json,
            quiet,
            colour,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// A result: a line for a person, or the value as one line of JSON.
    pub(crate) fn line(&self, text: &str, value: &impl Serialize) {
        if self.json {
            self.json(value);
        } else {
            self.text(text);
        }
    }

    /// A value as one line of JSON.
    pub(crate) fn json(&self, value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(line) => self.text(&line),
            Err(error) => self.note(&format!("the answer can't be written: {error}")),
        }
    }

    /// A line on standard output.
    pub(crate) fn text(&self, text: &str) {
        self.part(&format!("{text}\n"));
    }

    /// Text that goes on, on standard output.
    pub(crate) fn part(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        // Whoever closed the pipe has read enough; the exit code still tells how it went.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Something beside the result, on standard error.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }

    /// A line on standard error that the next one takes the place of, on a terminal.
    pub(crate) fn progress(&self, text: &str) {
        if !self.quiet && std::io::stderr().is_terminal() {
            let _ = write!(std::io::stderr(), "\r\x1b[2K{text}");
        }
    }

    /// Takes the last progress away.
    pub(crate) fn progress_over(&self) {
        self.progress("");
    }

    /// An error: on standard error for a person, `{"error": …}` on standard output for a program.
    pub(crate) fn error(&self, error: &UserError) {
        if self.json {
            self.json(&serde_json::json!({ "error": error }));
            return;
        }
        let mut err = std::io::stderr().lock();
        let _ = writeln!(err, "error: {} [{}]", error.message, error.code);
        if !error.help.is_empty() {
            let _ = writeln!(err, "help: {}", error.help);
        }
    }

    /// The text, set off on a terminal.
    pub(crate) fn tone(&self, tone: Tone, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Dim => "2",
            Tone::Strong => "1",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

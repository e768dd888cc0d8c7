//! The body of an answer to the port's events, with each pause bounded. Dropping the stream drops the connection.

use crate::{
    exchange::{Endpoint, reason},
    lines::{LineError, Lines},
};
use awm_ports::{LlmError, LlmEvent, LlmUsage};
use futures::{StreamExt, stream, stream::BoxStream};
use reqwest::Response;
use std::collections::VecDeque;
use tokio::time::Instant;

/// What a protocol makes of the lines of an answer.
pub(crate) trait Protocol: Send + 'static {
    /// Takes a line; answers whether the model gave a sign of life by it, which a comment that keeps the connection open is not.
    fn line(&mut self, line: &str) -> Result<bool, LlmError>;
    /// Takes the end of the answer.
    fn end(&mut self) -> Result<(), LlmError>;
    /// Text that has come since the last call.
    fn text(&mut self) -> Option<String>;
    /// What the answer took, once it is told to be whole. Its figures may still follow.
    fn done(&self) -> Option<LlmUsage>;
    /// Whether nothing can follow any more, so that the connection's end need not be waited for.
    fn closed(&self) -> bool;
}

struct Reading<P> {
    response: Response,
    lines: Lines,
    protocol: P,
    ready: VecDeque<Result<LlmEvent, LlmError>>,
    ended: bool,
    endpoint: Endpoint,
    /// The model's last sign of life; until the first one, the request.
    heard_at: Instant,
    begun: bool,
}

/// Reads an answer by a protocol.
pub(crate) fn read<P: Protocol>(
    response: Response,
    protocol: P,
    endpoint: Endpoint,
    asked_at: Instant,
) -> BoxStream<'static, Result<LlmEvent, LlmError>> {
    let reading = Reading {
        response,
        lines: Lines::default(),
        protocol,
        ready: VecDeque::new(),
        ended: false,
        endpoint,
        heard_at: asked_at,
        begun: false,
    };
    stream::unfold(reading, |mut reading| async move {
        loop {
            if let Some(event) = reading.ready.pop_front() {
                return Some((event, reading));
            }
            if reading.ended {
                return None;
            }
            if let Err(error) = reading.advance().await {
                // What came before the error is told first; the stream ends with the error.
                reading.flush();
                reading.ready.push_back(Err(error));
                reading.ended = true;
            }
        }
    })
    .boxed()
}

impl<P: Protocol> Reading<P> {
    async fn advance(&mut self) -> Result<(), LlmError> {
        let timeouts = self.endpoint.timeouts;
        let patience = match self.begun {
            true => timeouts.idle,
            false => timeouts.first_word,
        };
        let chunk = tokio::time::timeout_at(self.heard_at + patience, self.response.chunk()).await;
        match chunk {
            Ok(Ok(Some(bytes))) => {
                for line in self.lines.push(&bytes).map_err(malformed)? {
                    self.line(&line)?;
                }
                self.ended = self.protocol.closed();
            }
            Ok(Ok(None)) => {
                if let Some(line) = self.lines.finish().map_err(malformed)? {
                    self.line(&line)?;
                }
                self.protocol.end()?;
                self.ended = true;
            }
            // An answer that was told to be whole is, whatever becomes of its connection.
            Ok(Err(_)) | Err(_) if self.protocol.done().is_some() => self.ended = true,
            Ok(Err(error)) => {
                let why = format!("the answer broke off: {}", reason(&error));
                return Err(LlmError::BrokeOff(why));
            }
            Err(_) => {
                let seconds = patience.as_secs_f32();
                return Err(LlmError::TimedOut(match self.begun {
                    true => format!("the model said nothing more for {seconds} s"),
                    false => format!("the model said nothing within {seconds} s"),
                }));
            }
        }
        self.flush();
        match (self.protocol.done(), self.ended) {
            (Some(usage), true) => self.ready.push_back(Ok(LlmEvent::Done(usage))),
            (None, true) => {
                return Err(LlmError::BrokeOff("the answer ended in the middle".into()));
            }
            (_, false) => {}
        }
        Ok(())
    }

    fn line(&mut self, line: &str) -> Result<(), LlmError> {
        if self.protocol.line(line)? {
            self.heard_at = Instant::now();
            self.begun = true;
        }
        Ok(())
    }

    fn flush(&mut self) {
        if let Some(text) = self.protocol.text() {
            self.ready.push_back(Ok(LlmEvent::Text(text)));
        }
    }
}

fn malformed(error: LineError) -> LlmError {
    LlmError::Malformed(error.to_string())
}

/// The beginning of what can't be read, for a message.
pub(crate) fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

//! The body of an answer to the port's events, with each pause bounded. Dropping the stream drops the connection.

use crate::{
    exchange::{Endpoint, reason},
    lines::Lines,
};
use awm_ports::{LlmError, LlmEvent, LlmUsage};
use futures::{StreamExt, stream, stream::BoxStream};
use reqwest::Response;
use std::collections::VecDeque;

/// What a protocol makes of the lines of an answer.
pub(crate) trait Protocol: Send + 'static {
    /// Takes a line.
    fn line(&mut self, line: &str) -> Result<(), LlmError>;
    /// Takes the end of the answer.
    fn end(&mut self) -> Result<(), LlmError>;
    /// Text that has come since the last call.
    fn text(&mut self) -> Option<String>;
    /// What the answer took, once it is told to be whole.
    fn done(&self) -> Option<LlmUsage>;
}

struct Reading<P> {
    response: Response,
    lines: Lines,
    protocol: P,
    ready: VecDeque<Result<LlmEvent, LlmError>>,
    ended: bool,
    endpoint: Endpoint,
}

/// Reads an answer by a protocol.
pub(crate) fn read<P: Protocol>(
    response: Response,
    protocol: P,
    endpoint: Endpoint,
) -> BoxStream<'static, Result<LlmEvent, LlmError>> {
    let reading = Reading {
        response,
        lines: Lines::default(),
        protocol,
        ready: VecDeque::new(),
        ended: false,
        endpoint,
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
        let idle = self.endpoint.timeouts.idle;
        let chunk = tokio::time::timeout(idle, self.response.chunk())
            .await
            .map_err(|_| {
                LlmError::Unreachable(format!(
                    "the model said nothing for {} s",
                    idle.as_secs_f32()
                ))
            })?
            .map_err(|error| {
                LlmError::Unreachable(format!("the answer broke off: {}", reason(&error)))
            })?;
        let malformed = |error: crate::lines::LineError| LlmError::Malformed(error.to_string());
        match chunk {
            Some(bytes) => {
                for line in self.lines.push(&bytes).map_err(malformed)? {
                    self.protocol.line(&line)?;
                }
            }
            None => {
                if let Some(line) = self.lines.finish().map_err(malformed)? {
                    self.protocol.line(&line)?;
                }
                self.protocol.end()?;
                self.ended = true;
            }
        }
        self.flush();
        match (self.protocol.done(), self.ended) {
            (Some(usage), true) => self.ready.push_back(Ok(LlmEvent::Done(usage))),
            (None, true) => {
                return Err(LlmError::Malformed("the answer ended in the middle".into()));
            }
            (_, false) => {}
        }
        Ok(())
    }

    fn flush(&mut self) {
        if let Some(text) = self.protocol.text() {
            self.ready.push_back(Ok(LlmEvent::Text(text)));
        }
    }
}

/// The beginning of what can't be read, for a message.
pub(crate) fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

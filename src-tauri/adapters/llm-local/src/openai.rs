//! `POST {base}/chat/completions`, as OpenAI has it and many others speak it.

use crate::{
    Retries, Timeouts,
    answer::{self, Protocol, excerpt},
    exchange::{Endpoint, message_of},
    retry::{self, Events},
    sse,
};
use async_trait::async_trait;
use awm_api::settings::Model;
use awm_ports::{Llm, LlmError, LlmEvent, LlmRequest, LlmRole, LlmUsage};
use futures::stream::BoxStream;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

/// A model behind an OpenAI-compatible endpoint.
#[derive(Clone, Debug)]
pub struct OpenAiCompatible {
    endpoint: Endpoint,
    name: String,
    retries: Retries,
}

impl OpenAiCompatible {
    /// The model of the settings; nothing is asked of it yet. Fails on an address that is none.
    pub fn new(model: &Model, timeouts: Timeouts, retries: Retries) -> Result<Self, LlmError> {
        Ok(Self {
            endpoint: Endpoint::new(model, "chat/completions", timeouts)?,
            name: model.name.clone(),
            retries,
        })
    }
}

#[async_trait]
impl Llm for OpenAiCompatible {
    async fn generate(
        &self,
        request: LlmRequest,
    ) -> Result<BoxStream<'static, Result<LlmEvent, LlmError>>, LlmError> {
        let body = body(&self.name, &request);
        retry::until_begun(self.retries, || self.attempt(&body)).await
    }
}

impl OpenAiCompatible {
    async fn attempt(&self, body: &Value) -> Result<Events, LlmError> {
        let asked_at = Instant::now();
        let response = self.endpoint.post(body).await?;
        let streams = response
            .headers()
            .get(reqwest::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_none_or(|kind| !kind.trim_start().starts_with("application/json"));
        Ok(if streams {
            answer::read(
                response,
                Streamed::default(),
                self.endpoint.clone(),
                asked_at,
            )
        } else {
            answer::read(response, Whole::default(), self.endpoint.clone(), asked_at)
        })
    }
}

fn body(name: &str, request: &LlmRequest) -> Value {
    let messages: Vec<Value> = request
        .messages
        .iter()
        .map(|message| json!({"role": role(message.role), "content": message.content}))
        .collect();
    let mut body = Map::new();
    body.insert("model".into(), name.into());
    body.insert("messages".into(), messages.into());
    body.insert("stream".into(), true.into());
    body.insert("stream_options".into(), json!({"include_usage": true}));
    if let Some(tokens) = request.max_tokens {
        body.insert("max_tokens".into(), tokens.into());
    }
    if let Some(temperature) = request.temperature {
        body.insert("temperature".into(), f64::from(temperature).into());
    }
    body.into()
}

/// The name of a role, the same in both protocols.
pub(crate) fn role(role: LlmRole) -> &'static str {
    match role {
        LlmRole::System => "system",
        LlmRole::User => "user",
        LlmRole::Assistant => "assistant",
    }
}

/// An answer of server-sent events.
#[derive(Debug, Default)]
struct Streamed {
    events: sse::Events,
    parts: Parts,
}

impl Protocol for Streamed {
    fn line(&mut self, line: &str) -> Result<bool, LlmError> {
        match self.events.push(line) {
            Some(data) => self.parts.event(&data).map(|()| true),
            None => Ok(false),
        }
    }

    fn end(&mut self) -> Result<(), LlmError> {
        match self.events.finish() {
            Some(data) => self.parts.event(&data),
            None => Ok(()),
        }
    }

    fn text(&mut self) -> Option<String> {
        self.parts.take()
    }

    fn done(&self) -> Option<LlmUsage> {
        self.parts.finished.then_some(self.parts.usage)
    }

    fn closed(&self) -> bool {
        self.parts.closed
    }
}

/// An answer of one JSON object, from an endpoint that doesn't stream.
#[derive(Debug, Default)]
struct Whole {
    body: String,
    parts: Parts,
}

impl Protocol for Whole {
    fn line(&mut self, line: &str) -> Result<bool, LlmError> {
        self.body.push_str(line);
        self.body.push('\n');
        Ok(true)
    }

    fn end(&mut self) -> Result<(), LlmError> {
        let body = std::mem::take(&mut self.body);
        self.parts.event(&body)?;
        self.parts.finished = true;
        Ok(())
    }

    fn text(&mut self) -> Option<String> {
        self.parts.take()
    }

    fn done(&self) -> Option<LlmUsage> {
        self.parts.finished.then_some(self.parts.usage)
    }

    fn closed(&self) -> bool {
        false
    }
}

/// What the objects of an answer have told so far.
#[derive(Debug, Default)]
struct Parts {
    text: String,
    usage: LlmUsage,
    finished: bool,
    closed: bool,
}

impl Parts {
    fn event(&mut self, data: &str) -> Result<(), LlmError> {
        if data.trim() == "[DONE]" {
            self.finished = true;
            self.closed = true;
            return Ok(());
        }
        let value: Value = serde_json::from_str(data).map_err(|error| {
            LlmError::Malformed(format!(
                "the answer holds `{}`, which is not JSON: {error}",
                excerpt(data)
            ))
        })?;
        if value.get("error").is_some_and(|error| !error.is_null()) {
            return Err(LlmError::Refused {
                status: 200,
                message: message_of(&value).unwrap_or_else(|| excerpt(data)),
                retry_after_ms: None,
            });
        }
        if let Some(usage) = value.get("usage").filter(|usage| usage.is_object()) {
            self.usage = LlmUsage {
                tokens_in: usage.get("prompt_tokens").and_then(Value::as_u64),
                tokens_out: usage.get("completion_tokens").and_then(Value::as_u64),
            };
        }
        // The last event of some endpoints holds the usage and no choice.
        let Some(choice) = value.pointer("/choices/0") else {
            return Ok(());
        };
        for part in ["/delta/content", "/message/content"] {
            if let Some(text) = choice.pointer(part).and_then(Value::as_str) {
                self.text.push_str(text);
            }
        }
        if choice
            .get("finish_reason")
            .is_some_and(|reason| !reason.is_null())
        {
            self.finished = true;
        }
        Ok(())
    }

    fn take(&mut self) -> Option<String> {
        (!self.text.is_empty()).then(|| std::mem::take(&mut self.text))
    }
}

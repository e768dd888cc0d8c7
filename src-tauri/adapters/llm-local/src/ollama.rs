//! `POST {base}/api/chat`, as Ollama has it: one JSON object per line.

use crate::{
    Retries, Timeouts,
    answer::{self, Protocol, excerpt},
    exchange::{Endpoint, message_of},
    openai::role,
    retry::{self, Events},
};
use async_trait::async_trait;
use awm_api::settings::Model;
use awm_ports::{Llm, LlmError, LlmEvent, LlmRequest, LlmUsage};
use futures::stream::BoxStream;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

/// A model behind Ollama.
#[derive(Clone, Debug)]
pub struct Ollama {
    endpoint: Endpoint,
    name: String,
    retries: Retries,
}

impl Ollama {
    /// The model of the settings; nothing is asked of it yet. Fails on an address that is none.
    pub fn new(model: &Model, timeouts: Timeouts, retries: Retries) -> Result<Self, LlmError> {
        Ok(Self {
            endpoint: Endpoint::new(model, "api/chat", timeouts)?,
            name: model.name.clone(),
            retries,
        })
    }
}

#[async_trait]
impl Llm for Ollama {
    async fn generate(
        &self,
        request: LlmRequest,
    ) -> Result<BoxStream<'static, Result<LlmEvent, LlmError>>, LlmError> {
        let body = body(&self.name, &request);
        retry::until_begun(self.retries, || self.attempt(&body)).await
    }
}

impl Ollama {
    async fn attempt(&self, body: &Value) -> Result<Events, LlmError> {
        let asked_at = Instant::now();
        let response = self.endpoint.post(body).await?;
        Ok(answer::read(
            response,
            Chat::default(),
            self.endpoint.clone(),
            asked_at,
        ))
    }
}

fn body(name: &str, request: &LlmRequest) -> Value {
    let messages: Vec<Value> = request
        .messages
        .iter()
        .map(|message| json!({"role": role(message.role), "content": message.content}))
        .collect();
    let mut options = Map::new();
    if let Some(tokens) = request.max_tokens {
        options.insert("num_predict".into(), tokens.into());
    }
    if let Some(temperature) = request.temperature {
        options.insert("temperature".into(), f64::from(temperature).into());
    }
    json!({"model": name, "messages": messages, "stream": true, "options": options})
}

#[derive(Debug, Default)]
struct Chat {
    text: String,
    done: Option<LlmUsage>,
}

impl Protocol for Chat {
    fn line(&mut self, line: &str) -> Result<bool, LlmError> {
        if line.trim().is_empty() {
            return Ok(false);
        }
        let value: Value = serde_json::from_str(line).map_err(|error| {
            LlmError::Malformed(format!(
                "the answer holds `{}`, which is not JSON: {error}",
                excerpt(line)
            ))
        })?;
        if value.get("error").is_some() {
            return Err(LlmError::Refused {
                status: 200,
                message: message_of(&value).unwrap_or_else(|| excerpt(line)),
                retry_after_ms: None,
            });
        }
        if let Some(text) = value.pointer("/message/content").and_then(Value::as_str) {
            self.text.push_str(text);
        }
        if value.get("done").and_then(Value::as_bool) == Some(true) {
            self.done = Some(LlmUsage {
                tokens_in: value.get("prompt_eval_count").and_then(Value::as_u64),
                tokens_out: value.get("eval_count").and_then(Value::as_u64),
            });
        }
        Ok(true)
    }

    fn end(&mut self) -> Result<(), LlmError> {
        Ok(())
    }

    fn text(&mut self) -> Option<String> {
        (!self.text.is_empty()).then(|| std::mem::take(&mut self.text))
    }

    fn done(&self) -> Option<LlmUsage> {
        self.done
    }

    fn closed(&self) -> bool {
        self.done.is_some()
    }
}

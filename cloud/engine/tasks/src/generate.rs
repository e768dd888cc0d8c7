//! `AwmGenerate`: an answer from passages, by a model if one is configured, otherwise by quotation.

use crate::{
    Deps,
    cite::Citer,
    failure::{bad_request, missing, of_model, of_store, service},
    fields::Fields,
    passage,
    prompt::{self, NO_ANSWER, Turn},
};
use awm_api::{knowledge::Passage, settings::Model};
use awm_knowledge::extract_answer;
use awm_ports::{LlmEvent, LlmRequest, LlmRole, LlmUsage, TaskFailure, TaskProgress};
use awm_tenancy::TenantId;
use futures::StreamExt;
use serde_json::{Value, json};

/// Answers are to say what the passages say: little is left to chance.
const TEMPERATURE: f32 = 0.2;
const DEFAULT_TOKENS: u32 = 1024;
/// An answer longer than this is a model that has lost its way.
const MAX_ANSWER_BYTES: usize = 200_000;

#[derive(Debug)]
struct Request {
    question: String,
    /// `None` if the workflow gives none: then the model answers from what it knows.
    passages: Option<Vec<Passage>>,
    history: Vec<Turn>,
    instructions: Option<String>,
    quotes_only: bool,
    max_tokens: u32,
}

pub(crate) async fn run(
    deps: &Deps,
    tenant: &TenantId,
    fields: Fields,
    progress: &TaskProgress,
) -> Result<Value, TaskFailure> {
    let request = read(fields)?;
    if request.passages.as_ref().is_some_and(Vec::is_empty) {
        return Ok(refused(progress, false, None));
    }
    let settings = deps.settings.load(tenant).await.map_err(of_store)?;
    match (settings.model, request.quotes_only, &request.passages) {
        (Some(model), false, _) => ask(deps, &model, &request, progress).await,
        (_, _, Some(passages)) => Ok(quote(&request.question, passages, progress)),
        (_, true, None) => Err(bad_request("`quotesOnly` of AwmGenerate needs `passages`")),
        (None, false, None) => Err(missing(
            "no model is configured, so AwmGenerate can only quote: give it `passages`, or set a model in the settings",
        )),
    }
}

fn read(mut fields: Fields) -> Result<Request, TaskFailure> {
    let question = fields.name("question")?;
    let passages = fields
        .optional_list("passages")
        .map(passage::read)
        .transpose()?;
    let history = fields.optional_list("history").unwrap_or_default();
    let instructions = fields
        .optional_text("instructions")?
        .filter(|text| !text.trim().is_empty());
    let quotes_only = fields.flag("quotesOnly")?;
    let max_tokens = fields
        .optional_number("maxTokens", 1..=32_000)?
        .unwrap_or(DEFAULT_TOKENS);
    fields.finish()?;
    Ok(Request {
        question,
        passages,
        history: history
            .iter()
            .enumerate()
            .map(|(index, turn)| read_turn(index, turn))
            .collect::<Result<_, _>>()?,
        instructions,
        quotes_only,
        max_tokens,
    })
}

fn read_turn(index: usize, turn: &Value) -> Result<Turn, TaskFailure> {
    let role = match turn.get("role").and_then(Value::as_str) {
        Some("user") => LlmRole::User,
        Some("assistant") => LlmRole::Assistant,
        _ => {
            return Err(bad_request(format!(
                "`history[{index}].role` of AwmGenerate must be `user` or `assistant`"
            )));
        }
    };
    let text = turn.get("text").and_then(Value::as_str).ok_or_else(|| {
        bad_request(format!(
            "`history[{index}].text` of AwmGenerate must be a string"
        ))
    })?;
    Ok(Turn {
        role,
        text: text.to_owned(),
    })
}

/// The refusal is the same whoever refuses, so that a screen and a test can rely on its words.
fn refused(progress: &TaskProgress, extractive: bool, usage: Option<LlmUsage>) -> Value {
    let words = extract_answer("", &[]).answer;
    progress.tell(&words);
    answer(&words, Value::Array(Vec::new()), extractive, true, usage)
}

fn quote(question: &str, passages: &[Passage], progress: &TaskProgress) -> Value {
    let extracted = extract_answer(question, passages);
    progress.tell(&extracted.answer);
    answer(
        &extracted.answer,
        json!(extracted.citations),
        true,
        extracted.refused,
        None,
    )
}

fn answer(
    text: &str,
    citations: Value,
    extractive: bool,
    refused: bool,
    usage: Option<LlmUsage>,
) -> Value {
    let mut answer = json!({
        "answer": text,
        "citations": citations,
        "extractive": extractive,
        "refused": refused,
    });
    if let (Some(usage), Some(fields)) = (usage, answer.as_object_mut()) {
        fields.insert(
            "usage".into(),
            json!({"tokensIn": usage.tokens_in, "tokensOut": usage.tokens_out}),
        );
    }
    answer
}

async fn ask(
    deps: &Deps,
    model: &Model,
    request: &Request,
    progress: &TaskProgress,
) -> Result<Value, TaskFailure> {
    let llm = deps.models.open(model).map_err(of_model)?;
    let messages = prompt::messages(
        &request.question,
        request.passages.as_deref(),
        &request.history,
        request.instructions.as_deref(),
    );
    let mut events = llm
        .generate(LlmRequest {
            messages,
            max_tokens: Some(request.max_tokens),
            temperature: Some(TEMPERATURE),
        })
        .await
        .map_err(of_model)?;
    let mut telling = Telling::new(request.passages.as_deref(), progress);
    let mut usage = LlmUsage::default();
    while let Some(event) = events.next().await {
        match event.map_err(of_model)? {
            LlmEvent::Text(piece) => telling.push(&piece),
            LlmEvent::Done(took) => usage = took,
        }
        if telling.answer.len() > MAX_ANSWER_BYTES {
            return Err(service(format!(
                "the model's answer is longer than {MAX_ANSWER_BYTES} bytes"
            )));
        }
    }
    Ok(telling.finish(usage))
}

/// What the model says, on its way to the listener. With passages, its beginning waits until it is known to be no refusal.
struct Telling<'a> {
    progress: &'a TaskProgress,
    citer: Option<Citer<'a>>,
    beginning: Option<String>,
    answer: String,
}

impl<'a> Telling<'a> {
    fn new(passages: Option<&'a [Passage]>, progress: &'a TaskProgress) -> Self {
        Self {
            progress,
            citer: passages.map(Citer::new),
            beginning: passages.map(|_| String::new()),
            answer: String::new(),
        }
    }

    fn push(&mut self, piece: &str) {
        if let Some(beginning) = &mut self.beginning {
            beginning.push_str(piece);
            let begun = beginning.trim_start();
            if NO_ANSWER.starts_with(begun) || begun.starts_with(NO_ANSWER) {
                return;
            }
        }
        let piece = match self.beginning.take() {
            Some(beginning) => beginning,
            None => piece.to_owned(),
        };
        let settled = match &mut self.citer {
            Some(citer) => citer.push(&piece),
            None => piece,
        };
        self.tell(&settled);
    }

    fn tell(&mut self, text: &str) {
        if !text.is_empty() {
            self.progress.tell(text);
            self.answer.push_str(text);
        }
    }

    fn finish(mut self, usage: LlmUsage) -> Value {
        if let Some(beginning) = self.beginning.take() {
            // Nothing at all, or the marker with whatever the model had to add to it, is a refusal.
            let begun = beginning.trim_start();
            if begun.is_empty() || begun.starts_with(NO_ANSWER) {
                return refused(self.progress, false, Some(usage));
            }
            self.push(&beginning);
        }
        let (rest, citations) = self.citer.take().map(Citer::finish).unwrap_or_default();
        self.tell(&rest);
        answer(&self.answer, json!(citations), false, false, Some(usage))
    }
}

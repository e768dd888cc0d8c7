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
use awm_conversation::{evidence, supported};
use awm_knowledge::extract_answer;
use awm_ports::{LlmEvent, LlmRequest, LlmUsage, TaskFailure, TaskProgress};
use awm_tenancy::TenantId;
use futures::StreamExt;
use serde_json::{Value, json};

/// Answers are to say what the passages say: little is left to chance.
const TEMPERATURE: f32 = 0.2;
const DEFAULT_TOKENS: u32 = 1024;
/// The part of an answer's words that one passage must hold if the answer names none.
const SAME: f64 = 0.5;
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
    /// The title of the model to ask; the first of the settings if none.
    model: Option<String>,
}

pub(crate) async fn run(
    deps: &Deps,
    tenant: &TenantId,
    fields: Fields,
    progress: &TaskProgress,
) -> Result<Value, TaskFailure> {
    let request = read(fields)?;
    if request.passages.as_ref().is_some_and(Vec::is_empty) {
        return Ok(refused(progress, false));
    }
    let settings = deps.settings.load(tenant).await.map_err(of_store)?;
    let title = request.model.as_deref();
    if let (Some(title), None) = (title, settings.model(title)) {
        return Err(missing(format!("the settings hold no model `{title}`")));
    }
    match (
        settings.model(title),
        request.quotes_only,
        &request.passages,
    ) {
        (Some(model), false, _) => ask(deps, model, &request, progress).await,
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
    let history = prompt::history("AwmGenerate", &mut fields)?;
    let instructions = fields
        .optional_text("instructions")?
        .filter(|text| !text.trim().is_empty());
    let quotes_only = fields.flag("quotesOnly")?;
    let max_tokens = fields
        .optional_number("maxTokens", 1..=32_000)?
        .unwrap_or(DEFAULT_TOKENS);
    let model = fields.optional_text("model")?;
    fields.finish()?;
    Ok(Request {
        model,
        question,
        passages,
        history,
        instructions,
        quotes_only,
        max_tokens,
    })
}

/// The refusal is the same whoever refuses, so that a screen and a test can rely on its words.
fn refused(progress: &TaskProgress, extractive: bool) -> Value {
    let words = refusal();
    progress.tell(&words);
    answer(&words, Value::Array(Vec::new()), extractive, true)
}

fn refusal() -> String {
    extract_answer("", &[]).answer
}

fn quote(question: &str, passages: &[Passage], progress: &TaskProgress) -> Value {
    let extracted = extract_answer(question, passages);
    progress.tell(&extracted.answer);
    answer(
        &extracted.answer,
        json!(extracted.citations),
        true,
        extracted.refused,
    )
}

fn answer(text: &str, citations: Value, extractive: bool, refused: bool) -> Value {
    json!({
        "answer": text,
        "citations": citations,
        "extractive": extractive,
        "refused": refused,
    })
}

/// What a model took.
pub(crate) fn usage(took: LlmUsage) -> Value {
    json!({"tokensIn": took.tokens_in, "tokensOut": took.tokens_out})
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
    let mut took = LlmUsage::default();
    while let Some(event) = events.next().await {
        match event.map_err(of_model)? {
            LlmEvent::Text(piece) => telling.push(&piece),
            LlmEvent::Done(told) => took = told,
        }
        if telling.answer.len() > MAX_ANSWER_BYTES {
            return Err(service(format!(
                "the model's answer is longer than {MAX_ANSWER_BYTES} bytes"
            )));
        }
    }
    let mut told = telling.finish();
    if let Some(fields) = told.as_object_mut() {
        fields.insert("usage".into(), usage(took));
        fields.insert("model".into(), model.title().into());
    }
    Ok(told)
}

/// What the model says, on its way to the listener. With passages, its beginning waits until it is known to be no refusal.
struct Telling<'a> {
    progress: &'a TaskProgress,
    citer: Option<Citer<'a>>,
    passages: &'a [Passage],
    beginning: Option<String>,
    answer: String,
}

impl<'a> Telling<'a> {
    fn new(passages: Option<&'a [Passage]>, progress: &'a TaskProgress) -> Self {
        Self {
            progress,
            citer: passages.map(Citer::new),
            passages: passages.unwrap_or_default(),
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

    fn finish(mut self) -> Value {
        let grounded = self.citer.is_some();
        if let Some(beginning) = self.beginning.take() {
            // Nothing at all, or the marker with whatever the model had to add to it, is a refusal.
            let begun = beginning.trim_start();
            if begun.is_empty() || begun.starts_with(NO_ANSWER) {
                return refused(self.progress, false);
            }
            self.push(&beginning);
        }
        let (rest, mut citations) = self.citer.take().map(Citer::finish).unwrap_or_default();
        self.tell(&rest);
        if grounded && citations.is_empty() {
            // A model that names no passage is believed only as far as the passages say the same.
            let all: Vec<&Passage> = self.passages.iter().collect();
            if self.answer.contains(NO_ANSWER)
                || !supported(&self.answer, &all)
                || evidence(&self.answer, self.passages).coverage < SAME
            {
                return answer(&refusal(), json!([]), false, true);
            }
            citations = extract_answer(&self.answer, self.passages).citations;
            citations.truncate(1);
            for citation in &citations {
                self.tell(&format!(" [{}]", citation.number));
            }
        }
        answer(&self.answer, json!(citations), false, false)
    }
}

//! Question sets and their questions.

use super::{bad_field, name_of};
use crate::{Host, failure::Failure};
use awm_api::{
    Code, Page, PageRequest, UserError,
    questions::{
        Expected, FromTurn, Question, QuestionAdd, QuestionBody, QuestionExport, QuestionFile,
        QuestionFormat, QuestionGenerate, QuestionImport, QuestionList, QuestionOrigin,
        QuestionRemove, QuestionSave, QuestionSet, QuestionSetCreate, QuestionSetDelete,
        QuestionSetList, QuestionSetRename, QuestionsAdded,
    },
};
use awm_evaluation::{checked, known_items, paraphrase, read_questions, write_questions};
use awm_ports::StoreError;
use std::collections::HashSet;

/// Where questions out of conversations go if no set is named.
const FROM_CHATS: &str = "From conversations";
/// Questions that are stored or read at once.
const BATCH: u32 = 500;
/// Questions made of headings at once, and those of them that a model may ask.
const MOST: u32 = 1_000;
const MOST_BY_MODEL: u32 = 100;

pub(crate) async fn question_set_list<H: Host>(
    host: &H,
    _: QuestionSetList,
) -> Result<Vec<QuestionSet>, Failure> {
    Ok(host.ports().questions.sets(host.tenant()).await?)
}

pub(crate) async fn question_set_create<H: Host>(
    host: &H,
    request: QuestionSetCreate,
) -> Result<QuestionSet, Failure> {
    let name = name_of("name", &request.name)?;
    make_set(host, &name).await
}

pub(crate) async fn question_set_rename<H: Host>(
    host: &H,
    request: QuestionSetRename,
) -> Result<QuestionSet, Failure> {
    let name = name_of("name", &request.name)?;
    let questions = &host.ports().questions;
    Ok(questions
        .rename_set(host.tenant(), &request.id, &name)
        .await?)
}

pub(crate) async fn question_set_delete<H: Host>(
    host: &H,
    request: QuestionSetDelete,
) -> Result<QuestionSet, Failure> {
    let questions = &host.ports().questions;
    Ok(questions.delete_set(host.tenant(), &request.id).await?)
}

pub(crate) async fn question_list<H: Host>(
    host: &H,
    request: QuestionList,
) -> Result<Page<Question>, Failure> {
    Ok(host
        .ports()
        .questions
        .questions(host.tenant(), &request)
        .await?)
}

/// Adds a question. One whose words are in the set already is answered as it is there, so that asking twice adds it once.
pub(crate) async fn question_add<H: Host>(
    host: &H,
    request: QuestionAdd,
) -> Result<Question, Failure> {
    let (body, origin) = match (request.body, request.from_turn) {
        (Some(body), None) => (proper(body)?, QuestionOrigin::Written),
        (None, Some(turn)) => (of_turn(host, &turn).await?, QuestionOrigin::Chat),
        _ => {
            let error = bad_field("body", "a question comes either as it is or from a turn");
            return Err(error.help("give `body` or `from_turn`").into());
        }
    };
    let set = match request.set_id {
        Some(id) => host.ports().questions.set(host.tenant(), &id).await?,
        None => make_set(host, FROM_CHATS).await?,
    };
    let same = key(&body.question);
    let known = all(host, &set.id).await?;
    if let Some(known) = known.into_iter().find(|q| key(&q.body.question) == same) {
        return Ok(known);
    }
    let question = new(host, &set.id, body, origin);
    put(host, vec![question.clone()]).await?;
    Ok(question)
}

pub(crate) async fn question_save<H: Host>(
    host: &H,
    request: QuestionSave,
) -> Result<Question, Failure> {
    let ports = host.ports();
    let mut question = ports.questions.question(host.tenant(), &request.id).await?;
    question.body = proper(request.body)?;
    question.changed_at = ports.clock.now();
    put(host, vec![question.clone()]).await?;
    Ok(question)
}

pub(crate) async fn question_remove<H: Host>(
    host: &H,
    request: QuestionRemove,
) -> Result<Question, Failure> {
    let questions = &host.ports().questions;
    Ok(questions
        .remove_question(host.tenant(), &request.id)
        .await?)
}

pub(crate) async fn question_import<H: Host>(
    host: &H,
    request: QuestionImport,
) -> Result<QuestionsAdded, Failure> {
    let read = read_questions(&request.text, request.format);
    if read.questions.is_empty() {
        let message = match read.problems.first() {
            Some(problem) => format!("line {}: {}", problem.line, problem.message),
            None => "the file holds no question".to_owned(),
        };
        return Err(bad_field("text", message)
            .help("a table needs a column `question`, a line of JSON needs a field `question`")
            .into());
    }
    let added = add_all(
        host,
        &request.set_id,
        read.questions,
        QuestionOrigin::Imported,
    )
    .await?;
    Ok(QuestionsAdded {
        broken: read.broken,
        problems: read.problems,
        ..added
    })
}

pub(crate) async fn question_export<H: Host>(
    host: &H,
    request: QuestionExport,
) -> Result<QuestionFile, Failure> {
    let set = host
        .ports()
        .questions
        .set(host.tenant(), &request.set_id)
        .await?;
    let ending = match request.format {
        QuestionFormat::Jsonl => "jsonl",
        QuestionFormat::Csv => "csv",
    };
    let name: String = set
        .name
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    Ok(QuestionFile {
        file_name: format!("{}.{ending}", name.trim_matches('-')),
        text: write_questions(&all(host, &set.id).await?, request.format),
    })
}

pub(crate) async fn question_generate<H: Host>(
    host: &H,
    request: QuestionGenerate,
) -> Result<QuestionsAdded, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    ports.questions.set(tenant, &request.set_id).await?;
    let most = if request.paraphrase {
        MOST_BY_MODEL
    } else {
        MOST
    };
    if !(1..=most).contains(&request.limit) {
        let message = format!("{} questions are not within 1 to {most}", request.limit);
        return Err(bad_field("limit", message).into());
    }
    let model = match request.paraphrase {
        false => None,
        true => {
            let settings = ports.settings.load(tenant).await?;
            let model = settings.model(None).ok_or_else(|| {
                UserError::new(
                    Code::BadRequest,
                    "no model is set that could ask in other words",
                )
                .help("set a model in the settings, or take the headings as they are")
            })?;
            Some(ports.models.open(model)?)
        }
    };
    let items = known_items(
        &*ports.library,
        tenant,
        &request.sources,
        request.limit as usize,
    )
    .await?;
    let mut bodies = Vec::with_capacity(items.len());
    for item in items {
        let mut body = item.body.clone();
        if let Some(llm) = &model {
            body.question = paraphrase(&**llm, &item).await?;
        }
        bodies.extend(checked(body).ok());
    }
    add_all(host, &request.set_id, bodies, QuestionOrigin::Generated).await
}

async fn make_set<H: Host>(host: &H, name: &str) -> Result<QuestionSet, Failure> {
    let ports = host.ports();
    let (id, at) = (ports.ids.next(), ports.clock.now());
    Ok(ports
        .questions
        .create_set(host.tenant(), &id, name, at)
        .await?)
}

/// The question of a turn: what its answer cited is expected, and a refusal if it refused.
async fn of_turn<H: Host>(host: &H, from: &FromTurn) -> Result<QuestionBody, Failure> {
    let turns = host.ports().chats.turns(host.tenant(), &from.session_id);
    let turn = turns
        .await?
        .into_iter()
        .find(|turn| turn.id == from.turn_id);
    let turn = turn.ok_or_else(|| StoreError::NotFound {
        what: "turn",
        id: from.turn_id.clone(),
    })?;
    proper(QuestionBody {
        question: turn.question,
        relevant: turn
            .citations
            .into_iter()
            .map(|citation| Expected {
                document: citation.document_name,
                section: citation.headings,
            })
            .filter(|_| !turn.refused)
            .collect(),
        answer: None,
        unanswerable: turn.refused,
    })
}

fn proper(body: QuestionBody) -> Result<QuestionBody, Failure> {
    Ok(checked(body).map_err(|message| bad_field("body", message))?)
}

/// What makes two questions the same.
fn key(question: &str) -> String {
    question.to_lowercase()
}

fn new<H: Host>(host: &H, set_id: &str, body: QuestionBody, origin: QuestionOrigin) -> Question {
    let ports = host.ports();
    Question {
        id: ports.ids.next(),
        set_id: set_id.to_owned(),
        body,
        origin,
        changed_at: ports.clock.now(),
    }
}

/// All questions of a set.
pub(crate) async fn all<H: Host>(host: &H, set_id: &str) -> Result<Vec<Question>, Failure> {
    let (mut found, mut offset) = (Vec::new(), Some(0));
    while let Some(from) = offset {
        let filter = QuestionList {
            set_id: set_id.to_owned(),
            text: String::new(),
            page: PageRequest {
                offset: from,
                limit: BATCH,
                sort: None,
            },
        };
        let questions = &host.ports().questions;
        let page = questions.questions(host.tenant(), &filter).await?;
        found.extend(page.items);
        offset = page.next;
    }
    Ok(found)
}

async fn add_all<H: Host>(
    host: &H,
    set_id: &str,
    bodies: Vec<QuestionBody>,
    origin: QuestionOrigin,
) -> Result<QuestionsAdded, Failure> {
    let known = all(host, set_id).await?;
    let mut seen: HashSet<String> = known.iter().map(|q| key(&q.body.question)).collect();
    let mut added = QuestionsAdded::default();
    let mut fresh = Vec::new();
    for body in bodies {
        if seen.insert(key(&body.question)) {
            fresh.push(new(host, set_id, body, origin));
        } else {
            added.passed_over += 1;
        }
    }
    added.added = fresh.len() as u64;
    put(host, fresh).await?;
    Ok(added)
}

async fn put<H: Host>(host: &H, questions: Vec<Question>) -> Result<(), Failure> {
    let ports = host.ports();
    Ok(ports
        .questions
        .put_questions(host.tenant(), questions)
        .await?)
}

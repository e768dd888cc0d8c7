//! Questions to files and back.

use awm_api::questions::{Expected, LineProblem, Question, QuestionBody, QuestionFormat};
use serde_json::{Map, Value, json};

/// Problems that are told one by one.
const TOLD: usize = 100;
/// What parts the headings of a section in a table's cell.
const INTO: &str = " > ";
/// What a spreadsheet takes for the beginning of a formula, or passes over before one.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// What a file held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadQuestions {
    /// The questions, in order.
    pub questions: Vec<QuestionBody>,
    /// Lines that could not be read.
    pub broken: u64,
    /// The first of them.
    pub problems: Vec<LineProblem>,
}

impl ReadQuestions {
    fn take(&mut self, line: u64, read: Result<QuestionBody, String>) {
        match read {
            Ok(body) => self.questions.push(body),
            Err(message) => {
                self.broken += 1;
                if self.problems.len() < TOLD {
                    self.problems.push(LineProblem { line, message });
                }
            }
        }
    }
}

/// Reads questions; a line that can't be read is a problem of its own.
pub fn read_questions(text: &str, format: QuestionFormat) -> ReadQuestions {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        QuestionFormat::Jsonl => read_lines(text),
        QuestionFormat::Csv => read_table(text),
    }
}

fn read_lines(text: &str) -> ReadQuestions {
    let mut read = ReadQuestions::default();
    for (number, line) in (1..).zip(text.lines()) {
        if !line.trim().is_empty() {
            let object = serde_json::from_str::<Map<String, Value>>(line);
            let object = object.map_err(|_| "the line is no JSON object".to_owned());
            read.take(number, object.and_then(|object| of_object(&object)));
        }
    }
    read
}

fn of_object(object: &Map<String, Value>) -> Result<QuestionBody, String> {
    let text = |name: &str| match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{name}` is no text")),
    };
    let relevant = match object.get("relevant") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(all)) => all.iter().map(expected).collect::<Result<_, _>>()?,
        Some(_) => return Err("`relevant` is no list".into()),
    };
    let body = QuestionBody {
        question: text("question")?.ok_or("`question` is missing")?,
        relevant,
        answer: text("answer")?,
        unanswerable: object.get("unanswerable").and_then(Value::as_bool) == Some(true),
    };
    checked(body)
}

fn expected(value: &Value) -> Result<Expected, String> {
    match value {
        Value::String(document) => Ok(Expected {
            document: document.clone(),
            section: Vec::new(),
        }),
        Value::Number(document) => Ok(Expected {
            document: document.to_string(),
            section: Vec::new(),
        }),
        other => serde_json::from_value(other.clone())
            .map_err(|_| "`relevant` holds something that is no document".into()),
    }
}

fn read_table(text: &str) -> ReadQuestions {
    let mut read = ReadQuestions::default();
    let mut table = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let heads: Vec<String> = match table.headers() {
        Ok(heads) => heads
            .iter()
            .map(|head| head.trim().to_lowercase())
            .collect(),
        Err(error) => {
            read.take(1, Err(format!("the first line can't be read: {error}")));
            return read;
        }
    };
    let place = |name: &str| heads.iter().position(|head| head == name);
    let Some(asked) = place("question") else {
        read.take(1, Err("no column is named `question`".into()));
        return read;
    };
    let (relevant, section) = (place("relevant"), place("section"));
    let (answer, unanswerable) = (place("answer"), place("unanswerable"));
    for record in table.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                read.take(line, Err("the row can't be read".into()));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).map_or("", bare);
        let mut sections = cell(section).lines();
        let body = QuestionBody {
            question: cell(Some(asked)).to_owned(),
            relevant: cell(relevant)
                .lines()
                .map(|document| Expected {
                    document: document.to_owned(),
                    section: sections.next().map(path).unwrap_or_default(),
                })
                .collect(),
            answer: Some(cell(answer).to_owned()),
            unanswerable: matches!(
                cell(unanswerable).trim().to_lowercase().as_str(),
                "true" | "yes" | "1" | "x"
            ),
        };
        read.take(line, checked(body));
    }
    read
}

fn path(cell: &str) -> Vec<String> {
    let parts = cell.split(INTO.trim()).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A question in its proper form: trimmed, with something to ask; or what is wrong with it.
pub fn checked(body: QuestionBody) -> Result<QuestionBody, String> {
    let question = body
        .question
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if question.is_empty() {
        return Err("the question is empty".into());
    }
    if question.chars().count() > 10_000 {
        return Err("the question has more than 10,000 characters".into());
    }
    let mut relevant: Vec<Expected> = Vec::new();
    for expected in body.relevant {
        // A name is taken as it is, also with spaces around it.
        if !expected.document.trim().is_empty() && !relevant.contains(&expected) {
            relevant.push(expected);
        }
    }
    if relevant.len() > 1_000 {
        return Err("the question expects more than 1,000 documents".into());
    }
    if body.unanswerable && !relevant.is_empty() {
        return Err("a question without an answer expects no document".into());
    }
    let answer = body.answer.map(|answer| answer.trim().to_owned());
    Ok(QuestionBody {
        question,
        relevant,
        answer: answer.filter(|answer| !answer.is_empty()),
        unanswerable: body.unanswerable,
    })
}

/// Writes questions as [`read_questions`] reads them.
pub fn write_questions(questions: &[Question], format: QuestionFormat) -> String {
    match format {
        QuestionFormat::Jsonl => questions.iter().map(line).collect(),
        QuestionFormat::Csv => table(questions),
    }
}

fn line(question: &Question) -> String {
    let body = &question.body;
    let relevant: Vec<Value> = body
        .relevant
        .iter()
        .map(|expected| match expected.section.is_empty() {
            true => json!(expected.document),
            false => json!(expected),
        })
        .collect();
    let mut object = json!({"id": question.id, "question": body.question, "relevant": relevant});
    if let Some(fields) = object.as_object_mut() {
        if let Some(answer) = &body.answer {
            fields.insert("answer".into(), json!(answer));
        }
        if body.unanswerable {
            fields.insert("unanswerable".into(), json!(true));
        }
    }
    format!("{object}\n")
}

fn table(questions: &[Question]) -> String {
    let mut rows = csv::Writer::from_writer(Vec::new());
    let heads = ["question", "relevant", "section", "answer", "unanswerable"];
    let mut row = |cells: [String; 5]| {
        // It writes to memory, which does not fail.
        let _ = rows.write_record(cells.map(|cell| guarded(&cell)));
    };
    row(heads.map(str::to_owned));
    for question in questions {
        let body = &question.body;
        let lines = |of: &dyn Fn(&Expected) -> String| {
            body.relevant.iter().map(of).collect::<Vec<_>>().join("\n")
        };
        row([
            body.question.clone(),
            lines(&|expected| expected.document.clone()),
            lines(&|expected| expected.section.join(INTO))
                .trim_end()
                .to_owned(),
            body.answer.clone().unwrap_or_default(),
            if body.unanswerable { "yes" } else { "" }.to_owned(),
        ]);
    }
    let bytes = rows.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A cell that no spreadsheet takes for a formula: an apostrophe before what would begin one, and before what looks guarded already.
pub fn guarded(cell: &str) -> String {
    match cell.trim_start_matches('\'').starts_with(FORMULA) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

/// A cell without its guard.
fn bare(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => cell,
    }
}

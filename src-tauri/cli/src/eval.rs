//! `awm eval`.

use crate::{
    args::Eval,
    exit::Ended,
    json_lines::{JsonLines, Problems, word},
    output::{Output, Tone},
};
use awm_api::{
    Code, UserError,
    evaluation::{
        EvaluationMeasure, EvaluationReport, EvaluationSettings, EvaluationUpdate, Figure,
        JudgedQuestion, QuestionResult, SearchMode,
    },
};
use awm_host::DesktopHost;
use futures::StreamExt;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::{
    io::{BufWriter, Write},
    path::Path,
};

/// Takes a figure out of a report.
type Of = fn(&EvaluationReport) -> Figure;

/// The figures that can be measured and demanded, by name.
const METRICS: [(&str, Of); 3] = [
    ("ndcg_at_10", |report| report.ndcg_at_10),
    ("recall_at_100", |report| report.recall_at_100),
    ("mrr_at_10", |report| report.mrr_at_10),
];

pub(crate) async fn eval(
    host: &DesktopHost,
    output: &Output,
    given: Eval,
) -> Result<Ended, UserError> {
    let thresholds = given
        .threshold
        .iter()
        .map(|text| threshold(text))
        .collect::<Result<Vec<_>, _>>()?;
    let (questions, problems) = questions(output, &given.questions)?;
    if !questions
        .iter()
        .any(|question| !question.relevant.is_empty())
    {
        return Err(UserError::new(
            Code::BadRequest,
            format!(
                "`{}` holds no question that names a relevant document",
                given.questions.display()
            ),
        )
        .help("a line is {\"id\": …, \"question\": …, \"relevant\": [document ids]}"));
    }
    let settings = EvaluationSettings {
        sources: given.source,
        mode: given.mode.into(),
        concurrency: given.jobs,
    };
    let request = EvaluationMeasure {
        questions: questions.clone(),
        settings: settings.clone(),
    };
    let mut updates = host.follow(request).await?;
    let mut measured = None;
    while let Some(update) = updates.next().await {
        match update? {
            EvaluationUpdate::Progress { done, total } => {
                output.progress(&format!("{done} of {total} questions"));
            }
            EvaluationUpdate::Done { report, results } => measured = Some((report, results)),
        }
    }
    output.progress_over();
    let Some((report, results)) = measured else {
        return Err(UserError::new(
            Code::Internal,
            "the measurement ended without a report",
        ));
    };
    if let Some(path) = &given.details {
        details(path, &questions, &results)?;
    }
    let checked: Vec<Checked> = thresholds
        .into_iter()
        .map(|(metric, of, at_least)| Checked {
            metric,
            at_least,
            value: of(&report).value,
            met: of(&report).value >= at_least,
        })
        .collect();
    tell(output, &report, &problems, &checked, &settings);
    match checked.iter().all(|checked| checked.met) {
        true => Ok(Ended::Well),
        false => Ok(Ended::Failed),
    }
}

/// A figure that was demanded.
#[derive(Debug, Serialize)]
struct Checked {
    metric: &'static str,
    at_least: f64,
    value: f64,
    met: bool,
}

type Threshold = (&'static str, Of, f64);

fn threshold(text: &str) -> Result<Threshold, UserError> {
    let wrong = |message: String| {
        let names: Vec<_> = METRICS.iter().map(|(name, _)| *name).collect();
        UserError::new(Code::BadRequest, message).help(format!(
            "write METRIC=VALUE with a value from 0 to 1; metrics are {}",
            names.join(", ")
        ))
    };
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| wrong(format!("`{text}` is no threshold")))?;
    let (name, of) = METRICS
        .into_iter()
        .find(|(known, _)| *known == name.trim())
        .ok_or_else(|| wrong(format!("`{name}` is no metric")))?;
    match value.trim().parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok((name, of, value)),
        _ => Err(wrong(format!("`{value}` is no value from 0 to 1"))),
    }
}

/// The questions of a file; lines that are none are told and passed over.
fn questions(output: &Output, path: &Path) -> Result<(Vec<JudgedQuestion>, Problems), UserError> {
    let mut reader = JsonLines::open(path)?;
    let (mut questions, mut problems) = (Vec::new(), Problems::default());
    while let Some((number, line)) = reader.next()? {
        match line.and_then(|object| question(&object)) {
            Ok(question) => questions.push(question),
            Err(message) => problems.add(output, path, number, message),
        }
    }
    Ok((questions, problems))
}

fn question(object: &Map<String, Value>) -> Result<JudgedQuestion, String> {
    let relevant = match object.get("relevant") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(ids)) => ids
            .iter()
            .map(|id| match id {
                Value::String(id) => Ok(id.clone()),
                Value::Number(id) => Ok(id.to_string()),
                // As the application exports a section.
                Value::Object(expected) => word(expected, &["document"]),
                _ => Err("`relevant` holds something that is no document id".to_owned()),
            })
            .collect::<Result<_, _>>()?,
        Some(_) => return Err("`relevant` is no list of document ids".into()),
    };
    Ok(JudgedQuestion {
        id: word(object, &["id", "_id"])?,
        question: word(object, &["question"])?,
        relevant,
    })
}

/// A line of JSON for each question: what was asked, and what came of it.
fn details(
    path: &Path,
    questions: &[JudgedQuestion],
    results: &[QuestionResult],
) -> Result<(), UserError> {
    let write = || -> std::io::Result<()> {
        let mut file = BufWriter::new(std::fs::File::create(path)?);
        for (question, result) in questions.iter().zip(results) {
            let line = json!({
                "id": question.id, "question": question.question, "relevant": question.relevant,
                "ranks": result.ranks, "found": result.found, "ndcg_at_10": result.ndcg_at_10,
                "recall_at_100": result.recall_at_100, "mrr_at_10": result.mrr_at_10,
                "by_meaning": result.by_meaning, "took_ms": result.took_ms,
            });
            writeln!(file, "{line}")?;
        }
        file.flush()
    };
    write().map_err(|error| {
        let message = format!("`{}` can't be written: {error}", path.display());
        UserError::new(Code::BadRequest, message).help("check the path")
    })
}

fn tell(
    output: &Output,
    report: &EvaluationReport,
    problems: &Problems,
    checked: &[Checked],
    settings: &EvaluationSettings,
) {
    if output.is_json() {
        let mut object = Map::new();
        let mut intervals = Map::new();
        for (name, of) in METRICS {
            let figure = of(report);
            object.insert(name.into(), json!(figure.value));
            intervals.insert(name.into(), json!([figure.low, figure.high]));
        }
        object.insert("intervals".into(), intervals.into());
        object.insert("questions".into(), report.questions.into());
        object.insert("judged".into(), report.judged.into());
        object.insert("missed".into(), report.missed.into());
        object.insert("by_meaning".into(), report.by_meaning.into());
        object.insert(
            "latency_ms".into(),
            json!({"p50": report.latency.p50_ms, "p95": report.latency.p95_ms, "mean": report.latency.mean_ms}),
        );
        object.insert("mode".into(), json!(settings.mode));
        object.insert("sources".into(), json!(settings.sources));
        object.insert("unknown".into(), json!(report.unknown));
        object.insert("broken".into(), problems.count.into());
        object.insert("problems".into(), json!(problems.told));
        object.insert("thresholds".into(), json!(checked));
        output.json(&object);
        return;
    }
    for (name, of) in METRICS {
        let Figure { value, low, high } = of(report);
        let value = output.tone(Tone::Strong, &format!("{value:.3}"));
        output.text(&format!("{name:<14} {value}  95 % {low:.3}–{high:.3}"));
    }
    output.text(&format!(
        "{} questions, {} judged, {} of them found nothing relevant; {} by meaning too",
        report.questions, report.judged, report.missed, report.by_meaning
    ));
    let latency = report.latency;
    output.text(&format!(
        "{:.1} ms a search at the median, {:.1} ms at 95 %",
        latency.p50_ms, latency.p95_ms
    ));
    if !report.unknown.is_empty() {
        let names = report.unknown.join(", ");
        output.note(&format!("not in the knowledge base: {names}"));
    }
    for Checked {
        metric,
        at_least,
        value,
        met,
    } in checked
    {
        let word = match met {
            true => output.tone(Tone::Good, "met"),
            false => output.tone(Tone::Bad, "missed"),
        };
        output.text(&format!(
            "{metric} at least {at_least}: {word} ({value:.3})"
        ));
    }
}

impl From<crate::args::EvalMode> for SearchMode {
    fn from(mode: crate::args::EvalMode) -> Self {
        match mode {
            crate::args::EvalMode::Hybrid => Self::Hybrid,
            crate::args::EvalMode::Keyword => Self::Keyword,
            crate::args::EvalMode::Vector => Self::Vector,
        }
    }
}

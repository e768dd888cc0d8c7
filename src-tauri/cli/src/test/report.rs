//! What tests told, to a person or to a program.

use super::Told;
use crate::{
    args::Test,
    output::{Output, Tone},
};
use awm_suite::milliseconds;
use awm_testing::{CaseReport, SuiteReport};
use serde_json::{Value, json};

/// Letters of a value in a line.
const LETTERS: usize = 400;

pub(crate) fn tell(output: &Output, given: &Test, told: &[Told], seconds: f64) {
    let (mut passed, mut failed, mut broken) = (0, 0, 0);
    for file in told {
        match &file.answer {
            Ok(report) => {
                failed += report.failed();
                passed += report.cases.len() - report.failed();
            }
            Err(_) => broken += 1,
        }
    }
    if output.is_json() {
        let files: Vec<Value> = told.iter().map(one).collect();
        output.json(&json!({
            "passed": told.iter().all(Told::passed),
            "cases": { "passed": passed, "failed": failed },
            "seconds": seconds,
            "files": files,
        }));
        return;
    }
    for file in told {
        output.text(&output.tone(Tone::Strong, &file.file.display().to_string()));
        match &file.answer {
            Ok(report) => suite(output, given, report),
            Err(problems) => {
                for problem in problems {
                    output.text(&format!("  {} {problem}", output.tone(Tone::Bad, "ERROR")));
                }
            }
        }
    }
    let mut parts = vec![format!("{passed} passed")];
    if failed > 0 {
        parts.push(format!("{failed} failed"));
    }
    if broken > 0 {
        parts.push(format!("{broken} files can't be run"));
    }
    let short = told
        .iter()
        .filter(|file| {
            file.answer
                .as_ref()
                .is_ok_and(|report| !report.shortfalls.is_empty())
        })
        .count();
    if short > 0 {
        parts.push(format!("{short} files exercise too little"));
    }
    let tone = match told.iter().all(Told::passed) {
        true => Tone::Good,
        false => Tone::Bad,
    };
    let files = match told.len() {
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    };
    output.text(&format!(
        "{} in {files}, {seconds:.2} s",
        output.tone(tone, &parts.join(", "))
    ));
}

fn one(told: &Told) -> Value {
    let mut answer = match &told.answer {
        Ok(report) => serde_json::to_value(report).unwrap_or_default(),
        Err(problems) => json!({ "problems": problems }),
    };
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("file".to_owned(), json!(told.file));
        fields.insert("passed".to_owned(), json!(told.passed()));
    }
    answer
}

fn suite(output: &Output, given: &Test, report: &SuiteReport) {
    for told in &report.cases {
        case(output, told);
    }
    if report.cases.is_empty() {
        output.text("  no case has such a name");
    }
    for shortfall in &report.shortfalls {
        output.text(&format!("  {} {shortfall}", output.tone(Tone::Bad, "FAIL")));
    }
    if !given.coverage && report.shortfalls.is_empty() {
        return;
    }
    let parts: Vec<String> = report
        .coverage
        .parts()
        .iter()
        .filter(|(_, part)| part.total > 0)
        .map(|(name, part)| format!("{name} {}/{}", part.exercised, part.total))
        .collect();
    output.text(&format!("  exercised: {}", parts.join(", ")));
    for (_, part) in report.coverage.parts() {
        for place in &part.missed {
            let at = output.tone(Tone::Dim, &place.pointer);
            output.text(&format!("    not {} {at}", place.label));
        }
    }
}

fn case(output: &Output, told: &CaseReport) {
    if told.passed {
        output.text(&format!(
            "  {}   {}",
            output.tone(Tone::Good, "ok"),
            told.name
        ));
        return;
    }
    output.text(&format!(
        "  {} {}",
        output.tone(Tone::Bad, "FAIL"),
        told.name
    ));
    for failure in &told.failures {
        let at = match failure.pointer.as_str() {
            "" => String::new(),
            pointer => format!(" at {pointer}"),
        };
        output.text(&format!("       {}{at}", failure.what));
        let minus = output.tone(Tone::Good, "- expected");
        let plus = output.tone(Tone::Bad, "+ came    ");
        output.text(&format!("         {minus} {}", short(&failure.expected)));
        output.text(&format!("         {plus} {}", short(&failure.actual)));
        if !failure.help.is_empty() {
            output.text(&output.tone(Tone::Dim, &format!("         {}", failure.help)));
        }
    }
    if !told.path.is_empty() {
        let way = format!(
            "       path {}; {} calls, {} events, {} of virtual time",
            told.path.join(" > "),
            told.calls,
            told.events,
            milliseconds(told.virtual_ms)
        );
        output.text(&output.tone(Tone::Dim, &way));
    }
}

fn short(text: &str) -> String {
    match text.chars().count() > LETTERS {
        true => format!("{}…", text.chars().take(LETTERS).collect::<String>()),
        false => text.to_owned(),
    }
}

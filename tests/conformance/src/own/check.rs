//! What is wrong with how a case was played.

use super::case::{Call, Case};
use super::files;
use super::world::{Played, play};
use crate::compare::agrees;
use awm_asl::{Format, MachineType, Severity, validate};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is wrong with a case, if anything.
pub fn difference(case: &Case) -> Option<String> {
    let refusals = refusals(&case.definition);
    if case.expected.status == "REFUSED" {
        return refused_difference(case, &refusals);
    }
    if let Some(refusal) = refusals.first() {
        return Some(format!("it is refused: {refusal}"));
    }
    if !case.files.is_empty() || !case.expected.files.is_empty() {
        return match files::play(case) {
            Ok((played, files)) => {
                played_difference(case, &played).or_else(|| files_difference(case, &files))
            }
            Err(error) => Some(format!("it does not run: {error}")),
        };
    }
    let mut delays: Vec<Vec<i64>> = Vec::new();
    for seed in 0..case.seeds {
        let played = match play(case, seed) {
            Ok(played) => played,
            Err(error) => return Some(format!("it does not compile: {error}")),
        };
        if let Some(difference) = played_difference(case, &played) {
            return Some(format!("with seed {seed}, {difference}"));
        }
        delays.push(played.delays);
    }
    if case.expected.spread {
        return spread_difference(case, &delays);
    }
    None
}

fn refusals(definition: &Value) -> Vec<String> {
    validate(&definition.to_string(), Format::Json, MachineType::Standard)
        .into_iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| format!("{} at {}", diagnostic.message, diagnostic.pointer))
        .collect()
}

fn refused_difference(case: &Case, refusals: &[String]) -> Option<String> {
    if refusals.is_empty() {
        return Some("it is not refused".to_owned());
    }
    let missing = case
        .expected
        .refused
        .iter()
        .find(|part| !refusals.iter().any(|refusal| refusal.contains(*part)))?;
    Some(format!("no refusal says `{missing}`: {refusals:?}"))
}

fn played_difference(case: &Case, played: &Played) -> Option<String> {
    let expected = &case.expected;
    let Some(outcome) = &played.outcome else {
        return Some("it never ends".to_owned());
    };
    if let Some(fault) = &played.history_fault {
        return Some(fault.clone());
    }
    let status = serde_json::to_value(outcome.status).unwrap_or_default();
    if status.as_str() != Some(&expected.status) {
        return Some(format!("status {status}, {outcome:?}"));
    }
    if let Some(output) = &expected.output {
        let actual = outcome.output.clone().unwrap_or_default();
        if !agrees(output, &actual) {
            return Some(format!("output {actual} and not {output}"));
        }
    }
    for (field, wanted, actual) in [
        ("error", &expected.error, &outcome.error),
        ("cause", &expected.cause, &outcome.cause),
    ] {
        if wanted.is_some() && wanted != actual {
            return Some(format!("{field} {actual:?} and not {wanted:?}"));
        }
    }
    if let Some(at) = expected.at.filter(|at| *at != played.at) {
        return Some(format!("it ends at {} and not at {at}", played.at));
    }
    if let Some(most) = expected.together.filter(|most| *most != played.together) {
        return Some(format!("{} calls at once and not {most}", played.together));
    }
    if let Some(events) = expected
        .events
        .as_ref()
        .filter(|wanted| **wanted != played.events)
    {
        return Some(format!("events {:?} and not {events:?}", played.events));
    }
    let mut cancelled = played.cancelled.clone();
    cancelled.sort();
    if let Some(wanted) = expected
        .cancelled
        .as_ref()
        .filter(|wanted| **wanted != cancelled)
    {
        return Some(format!("cancelled {cancelled:?} and not {wanted:?}"));
    }
    let refused: Vec<usize> = (0..case.signals.len())
        .filter(|place| {
            case.signals
                .get(*place)
                .is_some_and(|signal| signal.refused)
        })
        .collect();
    if refused != played.refused {
        return Some(format!(
            "signals refused: {:?} and not {refused:?}",
            played.refused
        ));
    }
    calls_difference(case, played).or_else(|| delays_difference(case, played))
}

fn calls_difference(case: &Case, played: &Played) -> Option<String> {
    let expected = case.expected.calls.as_ref()?;
    let told = || format!("calls {:?}", played.calls);
    if expected.len() != played.calls.len() {
        return Some(told());
    }
    let mut left: Vec<_> = played.calls.iter().collect();
    for call in expected {
        let (at, state, with) = match call {
            Call::Bare(at, state) => (at, state, None),
            Call::With(at, state, with) => (at, state, Some(with)),
        };
        let found = left.iter().position(|(made, name, arguments)| {
            made == at && name == state && with.is_none_or(|with| agrees(with, arguments))
        });
        match found {
            Some(place) => {
                left.remove(place);
            }
            None => return Some(format!("no call {call:?} in {}", told())),
        }
    }
    None
}

fn delays_difference(case: &Case, played: &Played) -> Option<String> {
    let bounds = case.expected.delays.as_ref()?;
    let within = bounds.len() == played.delays.len()
        && bounds
            .iter()
            .zip(&played.delays)
            .all(|([least, most], delay)| (least..=most).contains(&delay));
    (!within).then(|| format!("delays {:?} and not within {bounds:?}", played.delays))
}

/// Over all seeds, every delay has to come within a tenth of both of its bounds.
fn spread_difference(case: &Case, delays: &[Vec<i64>]) -> Option<String> {
    for (place, [least, most]) in case.expected.delays.iter().flatten().enumerate() {
        let seen = || {
            delays
                .iter()
                .filter_map(|delays| delays.get(place))
                .copied()
        };
        let (lowest, highest) = (seen().min()?, seen().max()?);
        let tenth = (most - least) / 10;
        if lowest > least + tenth || highest < most - tenth {
            return Some(format!(
                "retry {place} comes between {lowest} and {highest}, which is far from {least} to {most}"
            ));
        }
    }
    None
}

fn files_difference(case: &Case, files: &BTreeMap<String, Vec<u8>>) -> Option<String> {
    case.expected.files.iter().find_map(|(pattern, content)| {
        let found = files.iter().find(|(name, _)| is_named(name, pattern));
        let Some((name, bytes)) = found else {
            let names: Vec<&String> = files.keys().collect();
            return (!content.is_null()).then(|| format!("no file `{pattern}` in {names:?}"));
        };
        let text = String::from_utf8_lossy(bytes);
        let same = match content {
            Value::String(wanted) => *wanted == text,
            wanted => serde_json::from_str(&text).is_ok_and(|actual| agrees(wanted, &actual)),
        };
        (!same).then(|| format!("`{name}` has {text}"))
    })
}

/// Whether a file has a name in which `*` stands for any one step.
fn is_named(name: &str, pattern: &str) -> bool {
    let (mut steps, mut wanted) = (name.split('/'), pattern.split('/'));
    loop {
        match (steps.next(), wanted.next()) {
            (None, None) => return true,
            (Some(step), Some(wanted)) if wanted == "*" || step == wanted => {}
            _ => return false,
        }
    }
}

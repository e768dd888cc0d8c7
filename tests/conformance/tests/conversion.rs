//! Turns the machine of every recorded JSONPath case into JSONata and runs both: they must end alike.
//!
//! `AWM_CONFORMANCE_MISSES=1` prints the converted states of each case that does not, and what was refused.

use awm_asl::convert::{Options, convert};
use awm_asl::source::apply;
use awm_asl::{Definition, Format, MachineType, validate_definition};
use awm_conformance::compare::agrees;
use awm_conformance::{data, executions};
use awm_interpreter::Outcome;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What came of a mode of conversion.
#[derive(Default)]
struct Tally {
    whole: usize,
    part: usize,
    nothing: usize,
    refused: BTreeMap<String, usize>,
    other_error: BTreeMap<String, usize>,
    differences: Vec<String>,
}

#[test]
fn converted_machines_end_as_they_did() {
    let Some(folder) = data::folder() else {
        println!("the recorded cases are not here: nothing was converted");
        return;
    };
    for strict in [false, true] {
        let tally = run_all(&folder, strict);
        println!(
            "strict {strict}: {} machines converted, {} in part, {} not at all; states refused: {:?}; failures under another name: {:?}",
            tally.whole, tally.part, tally.nothing, tally.refused, tally.other_error
        );
        assert!(
            tally.differences.is_empty(),
            "{} cases differ:\n{}",
            tally.differences.len(),
            tally.differences.join("\n")
        );
    }
}

fn run_all(folder: &Path, strict: bool) -> Tally {
    let mut tally = Tally::default();
    for file in ["executions-none", "executions-lambda", "executions-service"] {
        for case in data::cases(folder, &format!("{file}.jsonl")) {
            if let Err(difference) = run_both(&case, strict, &mut tally) {
                tally
                    .differences
                    .push(format!("{}: {difference}", data::text(&case, "name")));
            }
        }
    }
    tally
}

fn run_both(case: &Value, strict: bool, tally: &mut Tally) -> Result<(), String> {
    let tell = std::env::var_os("AWM_CONFORMANCE_MISSES").is_some();
    let written = serde_json::to_string_pretty(case.get("definition").unwrap_or(&Value::Null))
        .map_err(|error| error.to_string())?;
    let definition = Definition::read(written.as_str(), Format::Json);
    let machine = definition.machine.as_ref().ok_or("no machine")?;
    let total = machine
        .all_states()
        .iter()
        .filter(|state| state.query_language == awm_asl::QueryLanguage::JsonPath)
        .count();
    if total == 0 {
        return Ok(());
    }
    let options = Options {
        strict,
        ..Options::default()
    };
    let converted = convert(&definition, &options).map_err(|error| error.to_string())?;
    for refusal in &converted.refused {
        *tally.refused.entry(refusal.code.to_owned()).or_default() += 1;
        if tell {
            println!("{}: {refusal:?}", data::text(case, "name"));
        }
    }
    match converted.states.len() {
        0 => tally.nothing += 1,
        count if count == total => tally.whole += 1,
        _ => tally.part += 1,
    }
    if converted.states.is_empty() {
        return Ok(());
    }
    let text = apply(&written, &converted.edits);
    let told = || if tell { text.clone() } else { String::new() };
    let turned = Definition::read(text.as_str(), Format::Json);
    let errors = |definition: &Definition| {
        validate_definition(definition, MachineType::Standard)
            .into_iter()
            .filter(awm_asl::Diagnostic::is_error)
            .map(|found| found.to_string())
            .collect::<Vec<_>>()
    };
    let new = errors(&turned);
    if errors(&definition).is_empty() && !new.is_empty() {
        return Err(format!("not valid: {} {}", new.join("; "), told()));
    }
    let mut other = case.clone();
    if let Some(place) = other.get_mut("definition") {
        *place = turned.source.value().unwrap_or_default();
    }
    let before = executions::run(case)?;
    let after = executions::run(&other)?;
    let random = case
        .get("nondeterministic")
        .is_some_and(|flag| *flag != Value::Bool(false) && !flag.is_null());
    match (before.outcome, after.outcome) {
        (None, None) => Ok(()),
        (Some(a), Some(b)) => {
            difference(&a, &b, random).map_or(Ok(()), |text| Err(format!("{text} {}", told())))?;
            if a.error != b.error {
                let names = format!(
                    "{} -> {}",
                    a.error.unwrap_or_default(),
                    b.error.unwrap_or_default()
                );
                *tally.other_error.entry(names).or_default() += 1;
            }
            Ok(())
        }
        _ => Err("one of them never ended".to_owned()),
    }
}

fn difference(before: &Outcome, after: &Outcome, random: bool) -> Option<String> {
    if before.status != after.status {
        return Some(format!(
            "status {:?} ({:?}), then {:?} ({:?}: {:?})",
            before.status, before.error, after.status, after.error, after.cause
        ));
    }
    let (a, b) = (
        before.output.clone().unwrap_or_default(),
        after.output.clone().unwrap_or_default(),
    );
    (!random && !agrees(&a, &b)).then(|| format!("output {a}, then {b}"))
}

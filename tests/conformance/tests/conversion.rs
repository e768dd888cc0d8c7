//! Turns the machine of every recorded JSONPath case into JSONata and runs both: they must end alike.
//!
//! `AWM_CONFORMANCE_MISSES=1` prints what was refused.

use awm_asl::convert::{Options, convert};
use awm_asl::source::apply;
use awm_asl::{Definition, Format, MachineType, validate_definition};
use awm_conformance::compare::agrees;
use awm_conformance::{data, executions, own};
use awm_interpreter::Outcome;
use serde_json::{Value, json};
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
    notes: Vec<String>,
}

#[test]
fn converted_machines_end_as_they_did() {
    let Some(folder) = data::folder() else {
        println!("the recorded cases are not here: nothing was converted");
        return;
    };
    for plain in [false, true] {
        let tally = run_all(&folder, plain);
        println!(
            "plain {plain}: {} machines converted, {} in part, {} not at all; states refused: {:?}; failures under another name: {:?}",
            tally.whole, tally.part, tally.nothing, tally.refused, tally.other_error
        );
        if std::env::var_os("AWM_CONFORMANCE_MISSES").is_some() {
            println!("{}", tally.notes.join("\n"));
        }
        assert!(
            tally.differences.is_empty(),
            "{} cases differ:\n{}",
            tally.differences.len(),
            tally.differences.join("\n")
        );
    }
}

/// The project's own cases: what is expected of the machine is expected of the converted one.
#[test]
fn converted_own_cases_agree() {
    const PATH_ERRORS: [&str; 4] = [
        "States.Runtime",
        "States.IntrinsicFailure",
        "States.ParameterPathFailure",
        "States.ResultPathMatchFailure",
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let (mut converted, mut taken, mut refused, mut misses) = (0, 0, BTreeMap::new(), Vec::new());
    for file in data::files(&folder) {
        for mut case in data::cases(&file) {
            let read =
                |case: &Value| own::read(&case.to_string()).map(|cases| cases.into_iter().next());
            let Ok(Some(before)) = read(&case) else {
                continue;
            };
            if own::difference(&before).is_some() {
                continue;
            }
            let text = case["definition"].to_string();
            let definition = Definition::read(text.as_str(), Format::Json);
            let Ok(turned) = convert(&definition, &Options::default()) else {
                continue;
            };
            for refusal in &turned.refused {
                if std::env::var_os("AWM_CONFORMANCE_MISSES").is_some() {
                    println!("{}: {refusal:?}", data::text(&case, "name"));
                }
                *refused.entry(refusal.code).or_insert(0) += 1;
            }
            if turned.states.is_empty() {
                continue;
            }
            converted += 1;
            case["definition"] = serde_json::from_str(&apply(&text, &turned.edits)).unwrap();
            // Errors of paths get another cause, and most of them the name that they have in JSONata.
            let mut difference = own::difference(&read(&case).unwrap().unwrap());
            if PATH_ERRORS.contains(&data::text(&case["expected"], "error")) {
                if !turned.remarks.is_empty() {
                    taken += 1;
                    continue;
                }
                for name in ["States.QueryEvaluationError", "States.Runtime"] {
                    case["expected"]["error"] = json!(name);
                    case["expected"].as_object_mut().unwrap().remove("cause");
                    let again = own::difference(&read(&case).unwrap().unwrap());
                    difference = difference.and(again);
                }
            }
            let after = read(&case).unwrap().unwrap();
            if let Some(difference) = difference {
                misses.push(format!(
                    "{}: {difference} {}",
                    after.name, case["definition"]
                ));
            }
        }
    }
    println!(
        "{converted} own cases converted, {taken} with a failure that `States.ALL` takes now; states refused: {refused:?}"
    );
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

/// A definition in YAML becomes what the same one in JSON becomes.
#[test]
fn converted_yaml_says_the_same() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("conversions.jsonl");
    for case in data::cases(&file) {
        let name = data::text(&case, "name");
        let json = case["definition"].to_string();
        // JSON is YAML, and laying it out makes it look so.
        let yaml = awm_asl::source::format(&json, Format::Yaml).unwrap();
        let turned = |text: &str, format: Format| {
            let definition = Definition::read(text, format);
            let converted = convert(&definition, &Options::default())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let text = apply(text, &converted.edits);
            Definition::read(text, format).source.value().unwrap()
        };
        assert_eq!(
            turned(&yaml, Format::Yaml),
            turned(&json, Format::Json),
            "{name}"
        );
    }
}

/// Machines with many inputs each, also ones that let them fail.
#[test]
fn converted_machines_end_alike_on_every_input() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("conversions.jsonl");
    let mut misses = Vec::new();
    let (mut runs, mut failed, mut lists) = (0, 0, 0);
    for plain in [false, true] {
        for case in data::cases(&file) {
            let name = data::text(&case, "name");
            let mut tally = Tally::default();
            let mut turned = turn(&case, plain, &mut tally).unwrap().unwrap();
            assert!(tally.refused.is_empty(), "{name}: {:?}", tally.refused);
            for input in case["inputs"].as_array().unwrap() {
                let mut case = case.clone();
                case["input"] = input.clone();
                turned["input"] = input.clone();
                let mut tally = Tally::default();
                let outcome = compare(&case, &turned, &mut tally);
                runs += 1;
                failed += usize::from(!tally.other_error.is_empty());
                match outcome {
                    Ok(()) => {}
                    // Short expressions look names up in the items of a list.
                    Err(difference)
                        if plain
                            && difference.starts_with("status Failed")
                            && input.to_string().contains('[') =>
                    {
                        lists += 1;
                    }
                    Err(difference) => misses.push(format!("{name} on {input}: {difference}")),
                }
            }
        }
    }
    println!(
        "{runs} runs of own machines, {failed} of which fail; {lists} go on in the short form because of a list"
    );
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

fn run_all(folder: &Path, plain: bool) -> Tally {
    let mut tally = Tally::default();
    for file in ["executions-none", "executions-lambda", "executions-service"] {
        for case in data::cases(&folder.join(format!("{file}.jsonl"))) {
            if let Err(difference) = run_both(&case, plain, &mut tally) {
                tally
                    .differences
                    .push(format!("{}: {difference}", data::text(&case, "name")));
            }
        }
    }
    tally
}

/// Turns a case's machine and runs both.
fn run_both(case: &Value, plain: bool, tally: &mut Tally) -> Result<(), String> {
    match turn(case, plain, tally)? {
        Some(turned) => compare(case, &turned, tally),
        None => Ok(()),
    }
}

/// The case with its machine turned; none if there is nothing to turn.
fn turn(case: &Value, plain: bool, tally: &mut Tally) -> Result<Option<Value>, String> {
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
        return Ok(None);
    }
    let options = Options {
        plain,
        ..Options::default()
    };
    let converted = convert(&definition, &options).map_err(|error| error.to_string())?;
    for refusal in &converted.refused {
        *tally.refused.entry(refusal.code.to_owned()).or_default() += 1;
        tally
            .notes
            .push(format!("{}: {refusal:?}", data::text(case, "name")));
    }
    match converted.states.len() {
        0 => tally.nothing += 1,
        count if count == total => tally.whole += 1,
        _ => tally.part += 1,
    }
    if converted.states.is_empty() {
        return Ok(None);
    }
    let text = apply(&written, &converted.edits);
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
        return Err(format!("not valid: {} {text}", new.join("; ")));
    }
    let mut other = case.clone();
    if let Some(place) = other.get_mut("definition") {
        *place = turned.source.value().unwrap_or_default();
    }
    Ok(Some(other))
}

fn compare(case: &Value, turned: &Value, tally: &mut Tally) -> Result<(), String> {
    let before = executions::run(case)?;
    let after = executions::run(turned)?;
    let random = case
        .get("nondeterministic")
        .is_some_and(|flag| *flag != Value::Bool(false) && !flag.is_null());
    match (before.outcome, after.outcome) {
        (None, None) => Ok(()),
        (Some(a), Some(b)) => {
            let told = difference(&a, &b, random);
            if let Some(text) = told {
                return Err(format!("{text} {}", turned["definition"]));
            }
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
        without_ids(before.output.as_ref()),
        without_ids(after.output.as_ref()),
    );
    (!random && !agrees(&a, &b)).then(|| format!("output {a}, then {b}"))
}

/// The output without ids that are new in each run.
fn without_ids(output: Option<&Value>) -> Value {
    let is_id = |word: &str| {
        word.len() == 36
            && word.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    let text = output.unwrap_or(&Value::Null).to_string();
    let words: Vec<&str> = text
        .split_inclusive(|c: char| !c.is_ascii_hexdigit() && c != '-')
        .map(|part| {
            let word = part.trim_end_matches(|c: char| !c.is_ascii_hexdigit() && c != '-');
            match is_id(word) {
                true => part.strip_prefix(word).unwrap_or_default(),
                false => part,
            }
        })
        .collect();
    serde_json::from_str(&words.concat()).unwrap_or_default()
}

//! Counts what the lints say about every recorded definition; they must not say it of a machine that shows the contrary.
//!
//! `AWM_CONFORMANCE_MISSES=1` prints each finding.

use awm_asl::{Code, Format, MachineType, Severity, validate};
use awm_conformance::{data, executions};
use serde_json::Value;
use std::collections::BTreeMap;

#[test]
fn lints_do_not_contradict_recordings() {
    let Some(folder) = data::folder() else {
        println!("the recorded cases are not here: nothing was looked at");
        return;
    };
    let tell = std::env::var_os("AWM_CONFORMANCE_MISSES").is_some();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for file in ["executions-none", "executions-lambda", "executions-service"] {
        for case in data::cases(&folder.join(format!("{file}.jsonl"))) {
            let name = data::text(&case, "name");
            let definition = case.get("definition").unwrap_or(&Value::Null).to_string();
            let ended = executions::run(&case).ok().and_then(|run| run.outcome);
            for found in validate(&definition, Format::Json, MachineType::Standard) {
                if !found.code.is_lint() {
                    continue;
                }
                *counts.entry(found.code.to_string()).or_default() += 1;
                if tell && found.severity != Severity::Info {
                    println!("{name}: {found}");
                }
                let fails_always = matches!(
                    found.code,
                    Code::PayloadTooLarge | Code::TooManyEvents | Code::NewerJsonata
                ) && found.severity != Severity::Info;
                if fails_always && ended.as_ref().is_some_and(|ended| ended.error.is_none()) {
                    wrong.push(format!("{name}: {found}"));
                }
            }
        }
    }
    println!("{counts:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

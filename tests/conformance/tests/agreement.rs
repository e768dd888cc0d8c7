//! Runs every recorded case there is and holds the counts to `floors.json`.
//!
//! `AWM_CONFORMANCE_MISSES=1` prints what is wrong with each case that does not agree.

use awm_conformance::report::Report;
use awm_conformance::{data, diagnostics, executions, history, test_states};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What is wrong with a case, if anything.
type Difference = fn(&Value) -> Option<String>;

#[test]
fn the_recorded_cases_agree() {
    let Some(folder) = data::folder() else {
        println!("the recorded cases are not here: nothing was compared");
        return;
    };
    let mut report = Report::default();
    for file in ["executions-none", "executions-lambda", "executions-service"] {
        count_executions(&mut report, &folder, file);
    }
    let single: [(&str, &str, Difference); 5] = [
        (
            "test-state/answered",
            "test-state-answered.jsonl",
            test_states::answered_difference,
        ),
        (
            "test-state/refused",
            "test-state-refused.jsonl",
            test_states::refused_difference,
        ),
        (
            "validation/validate",
            "validation-validate-api.jsonl",
            diagnostics::validated_difference,
        ),
        (
            "validation/refused",
            "validation-refused-create.jsonl",
            diagnostics::refused_difference,
        ),
        (
            "variable references",
            "static-variable-references.jsonl",
            diagnostics::references_difference,
        ),
    ];
    for (category, file, difference) in single {
        for case in data::cases(&folder, file) {
            report.count(category, data::text(&case, "name"), difference(&case));
        }
    }
    println!("{}", report.table());
    if std::env::var_os("AWM_CONFORMANCE_MISSES").is_some() {
        for miss in report.misses() {
            println!("{miss}");
        }
    }
    println!(
        "floors reached: {}",
        serde_json::to_string(&report.floors()).unwrap()
    );
    let floors: BTreeMap<String, u64> =
        serde_json::from_str(include_str!("../floors.json")).unwrap();
    let below = report.below(&floors);
    assert!(below.is_empty(), "fewer cases agree than did: {below:?}");
}

fn count_executions(report: &mut Report, folder: &Path, file: &str) {
    let short = file.trim_start_matches("executions-");
    for case in data::cases(folder, &format!("{file}.jsonl")) {
        let name = data::text(&case, "name");
        let category = format!("{short}/{}", data::text(&case, "category"));
        let simulated = match executions::run(&case) {
            Ok(simulated) => simulated,
            Err(error) => {
                report.count(&category, name, Some(error));
                continue;
            }
        };
        let difference = executions::outcome_difference(&case, simulated.outcome.as_ref());
        report.count(&category, name, difference);
        if case.get("expected_calls").is_some_and(Value::is_array) {
            let difference = executions::calls_difference(&case, &simulated);
            report.count(&format!("calls/{short}"), name, difference);
        }
        if case.get("history").is_some_and(Value::is_array) {
            let difference = history::difference(&case, &simulated.events);
            report.count(&format!("histories/{short}"), name, difference);
        }
    }
}

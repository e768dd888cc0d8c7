//! Which kind a case is, told from its fields, and what is wrong with it.

use crate::report::Report;
use crate::{data, diagnostics, executions, history, nondeterminism, test_states};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a case and counts what agrees. A case that is of no kind that is known counts as one that differs, and so does one that ends in
/// a panic. One without a name is told by its place.
pub fn count(report: &mut Report, case: &Value, place: &str) {
    let name = match data::text(case, "name") {
        "" => place,
        name => name,
    };
    let counted = catch_unwind(AssertUnwindSafe(|| count_named(report, case, name)));
    if let Err(panic) = counted {
        let said = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or_default();
        report.count("panicked", name, Some(format!("it panicked: {said}")));
    }
}

fn count_named(report: &mut Report, case: &Value, name: &str) {
    let has = |pointer: &str| case.pointer(pointer).is_some();
    if has("/request") {
        let (category, difference) = if has("/expected/status") {
            ("answered", test_states::answered_difference(case))
        } else {
            ("refused", test_states::refused_difference(case))
        };
        report.count(&format!("test-state/{category}"), name, difference);
    } else if has("/expected/variableReferences") {
        let difference = diagnostics::references_difference(case);
        report.count("variable references", name, difference);
    } else if has("/expected/diagnostics") {
        let difference = diagnostics::validated_difference(case);
        report.count("validation/validate", name, difference);
    } else if has("/definition") && has("/expected/status") {
        count_execution(report, case, name);
    } else if has("/definition") && has("/expected/message") {
        let difference = diagnostics::refused_difference(case);
        report.count("validation/refused", name, difference);
    } else {
        let fields = case.as_object().map(|fields| {
            let fields: Vec<&str> = fields.keys().map(String::as_str).collect();
            fields.join(", ")
        });
        let told = format!(
            "its kind can't be told from its fields: {}",
            fields.unwrap_or_else(|| "it is not an object".to_owned())
        );
        report.count("unknown", name, Some(told));
    }
}

fn count_execution(report: &mut Report, case: &Value, name: &str) {
    let needs = needs(case);
    let area = match data::text(case, "category") {
        "" => "uncategorised",
        area => area,
    };
    let category = format!("{needs}/{area}");
    let simulated = match executions::run(case) {
        Ok(simulated) => simulated,
        Err(error) => {
            report.count(&category, name, Some(error));
            return;
        }
    };
    let mut difference = executions::outcome_difference(case, simulated.outcome.as_ref());
    if let Some(reason) = nondeterminism::reason(case) {
        report.tell_nondeterministic(name, &reason);
        difference =
            difference.filter(|_| !nondeterminism::alike(case, simulated.outcome.as_ref()));
    }
    report.count(&category, name, difference);
    if case.get("expected_calls").is_some_and(Value::is_array) {
        let difference = executions::calls_difference(case, &simulated);
        report.count(&format!("calls/{needs}"), name, difference);
    }
    if case.get("history").is_some_and(Value::is_array) {
        let difference = history::difference(case, &simulated.events);
        report.count(&format!("histories/{needs}"), name, difference);
    }
}

/// What a case needs besides the interpreter: `none`, `lambda` or `service`.
fn needs(case: &Value) -> &'static str {
    let needs = case.get("needs").and_then(Value::as_array);
    let needs: Vec<&str> = needs
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match needs.as_slice() {
        [] => "none",
        needs if needs.iter().all(|need| *need == "lambda") => "lambda",
        _ => "service",
    }
}

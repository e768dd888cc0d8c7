//! All cases of a file.

use crate::case::run_case;
use crate::coverage::Coverage;
use crate::report::SuiteReport;
use crate::workflow::Workflow;
use awm_suite::{MockFile, Suite};
use std::collections::BTreeSet;

/// Runs the cases that are `wanted`, with the mocks that lie beside the workflow. `seconds` tells the real time, from any beginning.
pub fn run_suite(
    workflow: &Workflow,
    suite: &Suite,
    beside: &MockFile,
    wanted: impl Fn(&str) -> bool,
    seconds: impl Fn() -> f64,
) -> SuiteReport {
    let mut report = SuiteReport {
        workflow: workflow.name.clone(),
        ..SuiteReport::default()
    };
    let mut exercised = BTreeSet::new();
    for case in suite.cases.iter().filter(|case| wanted(&case.name)) {
        let began = seconds();
        let (mut told, seen) = run_case(workflow, suite, beside, case);
        told.seconds = seconds() - began;
        exercised.extend(seen);
        report.cases.push(told);
    }
    report.coverage = Coverage::of(&workflow.machine, &exercised);
    if report.cases.len() == suite.cases.len() {
        report.shortfalls = report.coverage.shortfalls(&suite.minimum);
    }
    report
}

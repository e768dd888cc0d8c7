//! The tests of the workflows that come with the product.
#![cfg(test)]

use awm_suite::{MockFile, Suite, read_text};
use awm_testing::{Workflow, run_suite};
use std::path::Path;

#[test]
fn every_template_passes_its_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../domain/templates/workflows");
    for template in awm_templates::templates() {
        let text = template.document["text"].as_str().unwrap();
        let workflow = Workflow::read(template.id.as_str(), text).unwrap();
        let path = folder.join(format!("{}.test.yaml", template.id));
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{} has no tests: {error}", template.id));
        let suite = read_text(&text, Suite::read).unwrap();
        let report = run_suite(&workflow, &suite, &MockFile::default(), |_| true, || 0.0);
        let failures: Vec<String> = report
            .cases
            .iter()
            .flat_map(|case| {
                case.failures
                    .iter()
                    .map(|found| format!("{}: {found}", case.name))
            })
            .chain(report.shortfalls.iter().map(ToString::to_string))
            .collect();
        assert_eq!(failures, Vec::<String>::new(), "{}", template.id);
    }
}

//! Runs the project's own cases and prints how many there are of each area.
//!
//! A file of `cases` is an area; each line is a case that says what it follows from.

use awm_conformance::own;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Cases that there are at least.
const AT_LEAST: usize = 150;

#[test]
fn the_own_cases_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut areas: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = BTreeSet::new();
    let mut misses = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let area = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let cases = own::read(&text).unwrap_or_else(|error| panic!("{area}, {error}"));
        for case in &cases {
            assert!(
                [
                    "states-language.net",
                    "developer guide: ",
                    "API reference: "
                ]
                .iter()
                .any(|start| case.source.starts_with(start)),
                "{area}: `{}` does not say what it follows from",
                case.name
            );
            assert!(
                names.insert((area.clone(), case.name.clone())),
                "{area}: `{}` is there twice",
                case.name
            );
            if let Some(difference) = own::difference(case) {
                misses.push(format!("{area}: {}: {difference}", case.name));
            }
        }
        areas.insert(area, cases.len());
    }
    let count: usize = areas.values().sum();
    for (area, cases) in &areas {
        println!("{area:<24} {cases:>4}");
    }
    println!("{:<24} {count:>4}", "together");
    assert!(
        misses.is_empty(),
        "{} cases miss:\n{}",
        misses.len(),
        misses.join("\n")
    );
    assert!(count >= AT_LEAST, "{count} cases are fewer than {AT_LEAST}");
}

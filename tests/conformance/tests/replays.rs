//! Replays every recorded history there is.
//!
//! `AWM_CONFORMANCE_MISSES=1` prints what differs in each that is not reproduced.
#![cfg(test)]

use awm_conformance::{data, replays};
use serde_json::Value;

/// Histories that may differ, by the reason: none.
const MAY_DIFFER: [(&str, &str); 0] = [];

/// Histories whose forks may differ, by the reason.
const FORKS_MAY_DIFFER: [(&str, &str); 1] = [(
    "assign_test_assign_reference_variables--test_reference_assign_BASE_REFERENCE_IN_WAIT",
    "the recording has the word `date` in place of the time that a variable holds",
)];

fn check(what: &str, difference: fn(&Value) -> Option<String>, may_differ: &[(&str, &str)]) {
    let Some(folder) = data::folder() else {
        println!("the recorded cases are not here: nothing was replayed");
        return;
    };
    let (mut all, mut same, mut misses) = (0, 0, Vec::new());
    for file in data::files(&folder) {
        for case in data::cases(&file) {
            if !case.get("history").is_some_and(Value::is_array) {
                continue;
            }
            all += 1;
            match difference(&case) {
                None => same += 1,
                Some(difference) => misses.push((data::text(&case, "name").to_owned(), difference)),
            }
        }
    }
    println!("{what}: {same} of {all}");
    misses.retain(|(name, difference)| {
        match may_differ.iter().find(|(known, _)| known == name) {
            Some((_, reason)) => println!("{name} differs: {reason}"),
            None if std::env::var_os("AWM_CONFORMANCE_MISSES").is_some() => {
                println!("{name}: {difference}");
            }
            None => {}
        }
        !may_differ.iter().any(|(known, _)| known == name)
    });
    let names: Vec<&String> = misses.iter().map(|(name, _)| name).collect();
    assert!(names.is_empty(), "{what}: {names:?} differ");
}

#[test]
fn every_recorded_history_is_reproduced() {
    check("histories reproduced", replays::difference, &MAY_DIFFER);
}

#[test]
fn a_fork_that_changes_nothing_ends_as_the_history_did() {
    check(
        "histories forked at each event",
        replays::fork_difference,
        &FORKS_MAY_DIFFER,
    );
}

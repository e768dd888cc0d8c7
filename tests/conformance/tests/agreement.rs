//! Runs every recorded case there is and holds the counts to `floors.json`.
//!
//! `AWM_CONFORMANCE_MISSES=1` prints what is wrong with each case that does not agree.

use awm_conformance::report::Report;
use awm_conformance::{data, kinds};
use std::collections::BTreeMap;

#[test]
fn the_recorded_cases_agree() {
    let Some(folder) = data::folder() else {
        println!("the recorded cases are not here: nothing was compared");
        return;
    };
    let mut report = Report::default();
    for file in data::files(&folder) {
        for case in data::cases(&file) {
            kinds::count(&mut report, &case, "");
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

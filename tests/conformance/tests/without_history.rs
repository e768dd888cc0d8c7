//! An execution ends the same whether its history is told or not: data is moved then where it would be copied.
#![cfg(test)]

use awm_conformance::{data, executions};

#[test]
fn executions_end_the_same_without_their_history() {
    let Some(folder) = data::folder() else {
        println!("the recorded cases are not here: nothing was compared");
        return;
    };
    let mut compared = 0;
    for file in data::files(&folder) {
        for case in data::cases(&file) {
            if case.get("request").is_some() || case.pointer("/expected/status").is_none() {
                continue;
            }
            let (Ok(with), Ok(without)) = (
                executions::run(&case),
                executions::run_without_history(&case),
            ) else {
                continue;
            };
            assert_eq!(with.outcome, without.outcome, "{}", case["name"]);
            assert!(without.events.is_empty(), "{}", case["name"]);
            compared += 1;
        }
    }
    println!("{compared} executions end the same");
    assert!(compared > 100, "{compared}");
}

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
            // Functions that tell an id of their call tell another one each time.
            let differs = with.outcome != without.outcome
                && executions::run(&case).is_ok_and(|again| again.outcome == with.outcome);
            assert!(
                !differs,
                "{}: {:?} with its history, {:?} without",
                case["name"], with.outcome, without.outcome
            );
            assert!(without.events.is_empty(), "{}", case["name"]);
            compared += 1;
        }
    }
    println!("{compared} executions end the same");
    assert!(compared > 100, "{compared}");
}

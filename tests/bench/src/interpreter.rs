//! Transitions a second of the interpreter's core: no store, no clock, no tasks.

use crate::figure::Figures;
use awm_e2e::Failure;
use awm_interpreter::{Effect, Execution, Input, Names, Options, Program};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(1);

/// Runs a five-state machine again and again, in both query languages.
pub(crate) fn measure() -> Result<(), Failure> {
    for (language, definition) in [("JSONPath", json_path()), ("JSONata", jsonata())] {
        let program = Program::from_definition(&definition)
            .map_err(|errors| format!("the machine does not compile: {errors:?}"))?;
        let program = Arc::new(program);
        let mut transitions = Figures::default();
        let mut executions = Figures::default();
        for _ in 0..ROUNDS {
            let began = Instant::now();
            let (mut entered, mut ended) = (0_u64, 0_u64);
            while began.elapsed() < ROUND {
                entered += execute(&program)?;
                ended += 1;
            }
            let seconds = began.elapsed().as_secs_f64();
            transitions.push(entered as f64 / seconds);
            executions.push(ended as f64 / seconds);
        }
        transitions.report(&format!("{language}, states entered"), "/s");
        executions.report(&format!("{language}, five-state executions"), "/s");
    }
    Ok(())
}

/// Runs once; answers with the number of states entered.
pub(crate) fn execute(program: &Arc<Program>) -> Result<u64, Failure> {
    let names = Names {
        execution_id: "arn:aws:states:eu-west-1:000000000000:execution:bench:one".into(),
        execution_name: "one".into(),
        role: "arn:aws:iam::000000000000:role/bench".into(),
        machine_id: "arn:aws:states:eu-west-1:000000000000:stateMachine:bench".into(),
        machine_name: "bench".into(),
        region: "eu-west-1".into(),
    };
    let mut execution = Execution::new(
        Arc::clone(program),
        input(),
        names,
        Options::default(),
        7,
        0,
    );
    let mut entered = 0;
    let mut next = Some(Input::Started);
    while let Some(input) = next.take() {
        for effect in execution.step(0, input) {
            match effect {
                Effect::Emit(events) => {
                    entered += events
                        .iter()
                        .filter(|event| event.kind.ends_with("StateEntered"))
                        .count() as u64;
                }
                Effect::Continue => next = Some(Input::Continue),
                Effect::Finished(outcome) if outcome.output.is_none() => {
                    return Err(format!("the machine failed: {:?}", outcome.cause).into());
                }
                _ => {}
            }
        }
    }
    if entered == 5 {
        Ok(entered)
    } else {
        Err(format!("five states were to be entered, not {entered}").into())
    }
}

/// What the machine is run with.
pub(crate) fn input() -> Value {
    json!({ "order": { "id": 1001, "total": 250, "lines": [{ "sku": "A", "count": 2 }, { "sku": "B", "count": 1 }] } })
}

pub(crate) fn json_path() -> Value {
    json!({ "StartAt": "Pick", "States": {
        "Pick": { "Type": "Pass", "InputPath": "$.order", "Next": "Large?" },
        "Large?": { "Type": "Choice", "Choices": [{ "Variable": "$.total", "NumericGreaterThan": 200, "Next": "Count" }], "Default": "Done" },
        "Count": { "Type": "Pass", "Parameters": { "id.$": "$.id", "lines.$": "States.ArrayLength($.lines)", "total.$": "$.total" }, "ResultPath": "$.summary", "Next": "Add" },
        "Add": { "Type": "Pass", "Parameters": { "id.$": "$.summary.id", "total.$": "States.MathAdd($.summary.total, 10)" }, "Next": "Done" },
        "Done": { "Type": "Succeed" }
    }})
}

fn jsonata() -> Value {
    json!({ "QueryLanguage": "JSONata", "StartAt": "Pick", "States": {
        "Pick": { "Type": "Pass", "Output": "{% $states.input.order %}", "Next": "Large?" },
        "Large?": { "Type": "Choice", "Choices": [{ "Condition": "{% $states.input.total > 200 %}", "Next": "Count" }], "Default": "Done" },
        "Count": { "Type": "Pass", "Output": { "id": "{% $states.input.id %}", "lines": "{% $count($states.input.lines) %}", "total": "{% $states.input.total %}" }, "Next": "Add" },
        "Add": { "Type": "Pass", "Output": { "id": "{% $states.input.id %}", "total": "{% $states.input.total + 10 %}" }, "Next": "Done" },
        "Done": { "Type": "Succeed" }
    }})
}

//! Executions a second of the interpreter's core: no store, no clock, no tasks; and what the JSON alone would cost.

use crate::{Failure, figure::Figures, process};
use awm_interpreter::{Effect, Execution, Input, Names, Options, Program};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(1);

/// What one core or all cores did in a round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Round {
    /// By the clock on the wall.
    pub(crate) per_second: f64,
    /// By the processor's: the figure that other work on the machine does not change.
    pub(crate) per_cpu_second: f64,
}

/// Runs a five-state machine again and again, in both query languages, with its history and without.
pub(crate) fn measure() -> Result<(), Failure> {
    for (language, definition) in [("JSONPath", json_path()), ("JSONata", jsonata())] {
        // A profiler looks at one of them.
        let only = std::env::var("AWM_BENCH_ONLY").unwrap_or_default();
        for (with, history) in [("with its history", true), ("without", false)] {
            let what = format!("{language}, executions {with}");
            if !what.contains(&only) {
                continue;
            }
            let (mut wall, mut cpu) = (Figures::default(), Figures::default());
            for _ in 0..ROUNDS {
                let round = on_cores(&definition, history, 1, ROUND)?;
                wall.push(round.per_second);
                cpu.push(round.per_cpu_second);
            }
            wall.report(&what, "/s");
            cpu.report(&what, "/CPU s");
        }
    }
    let mut json = Figures::default();
    for _ in 0..ROUNDS {
        json.push(json_alone()?);
    }
    json.report("input parsed, output written, nothing else", "/CPU s");
    Ok(())
}

/// Runs the machine on so many cores at once, each with a program of its own, as a user would who has that many.
pub(crate) fn on_cores(
    definition: &Value,
    history: bool,
    cores: usize,
    time: Duration,
) -> Result<Round, Failure> {
    let (began, used) = (Instant::now(), process::cpu_seconds(std::process::id())?);
    let mut ended = 0_u64;
    std::thread::scope(|scope| -> Result<(), Failure> {
        let threads: Vec<_> = (0..cores)
            .map(|_| scope.spawn(|| on_one_core(definition, history, time)))
            .collect();
        for thread in threads {
            ended += thread.join().map_err(|_| "a core stopped")??;
        }
        Ok(())
    })?;
    let used = process::cpu_seconds(std::process::id())? - used;
    Ok(Round {
        per_second: ended as f64 / began.elapsed().as_secs_f64(),
        per_cpu_second: ended as f64 / used,
    })
}

fn on_one_core(definition: &Value, history: bool, time: Duration) -> Result<u64, Failure> {
    let program = Program::from_definition(definition)
        .map_err(|errors| format!("the machine does not compile: {errors:?}"))?;
    let (program, input) = (Arc::new(program), Arc::new(input()));
    let local = Names::local("", "bench");
    let began = Instant::now();
    let mut ended = 0;
    while began.elapsed() < time {
        // The clock is asked now and then only.
        for _ in 0..100 {
            ended += 1;
            let names = Names {
                execution_id: format!("arn:aws:states:local:000000000000:execution:bench:{ended}"),
                execution_name: ended.to_string(),
                ..local.clone()
            };
            execute(&program, Arc::clone(&input), names, ended, history)?;
        }
    }
    Ok(ended)
}

/// Runs once.
fn execute(
    program: &Arc<Program>,
    input: Arc<Value>,
    names: Names,
    seed: u64,
    history: bool,
) -> Result<(), Failure> {
    let options = Options {
        history,
        ..Options::default()
    };
    let mut execution = Execution::new(Arc::clone(program), input, names, options, seed, 0);
    let (mut told, mut total) = (0, None);
    let mut next = Some(Input::Started);
    while let Some(input) = next.take() {
        for effect in execution.step(0, input) {
            match effect {
                Effect::Emit(events) => told += events.len(),
                Effect::Continue => next = Some(Input::Continue),
                Effect::Finished(outcome) => {
                    let output = outcome.output.as_ref();
                    total = output.and_then(|output| output.get("total")?.as_i64());
                }
                _ => {}
            }
        }
    }
    let events = if history { 12 } else { 0 };
    if total == Some(260) && told == events {
        Ok(())
    } else {
        Err(format!("the total was {total:?} after {told} events").into())
    }
}

/// Inputs parsed and outputs written as JSON in a CPU second, with nothing between.
fn json_alone() -> Result<f64, Failure> {
    let (input, output) = (input().to_string(), json!({ "id": 1001, "total": 260 }));
    let (began, used) = (Instant::now(), process::cpu_seconds(std::process::id())?);
    let (mut ended, mut bytes) = (0_u64, 0);
    while began.elapsed() < ROUND {
        for _ in 0..100 {
            let value: Value = serde_json::from_str(std::hint::black_box(&input))?;
            bytes += std::hint::black_box(&value)
                .as_object()
                .map_or(0, serde_json::Map::len);
            bytes += serde_json::to_string(std::hint::black_box(&output))?.len();
            ended += 1;
        }
    }
    std::hint::black_box(bytes);
    Ok(ended as f64 / (process::cpu_seconds(std::process::id())? - used))
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

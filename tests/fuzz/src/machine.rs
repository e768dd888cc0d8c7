//! Machines of a small grammar, in a world that does anything.

use awm_api::runs::RunEvent;
use awm_interpreter::{Effect, Execution, Failure, Input, Names, Options, Outcome, Program};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Inputs after which a machine is endless: far more than the events that it may write.
const MAX_INPUTS: usize = 20_000;

/// Choices that bytes make; zeros when they run out.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn below(&mut self, sides: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first) % sides.max(1)
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let at = self.below(of.len());
        of.get(at).copied().unwrap_or_default()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth > 2 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(100)),
            3 => json!(-0.5),
            4 => json!(self.one(&["", "a", "x y", "é😀", "2020-01-01T00:00:00Z", "{\"k\":1}"])),
            5 => json!([]),
            6 => (0..self.below(4)).map(|_| self.value(depth + 1)).collect(),
            _ => (0..self.below(4))
                .map(|_| {
                    (
                        self.one(&["a", "b", "list", "n"]).to_owned(),
                        self.value(depth + 1),
                    )
                })
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    fn path(&mut self) -> &'static str {
        self.one(&[
            "$",
            "$.a",
            "$.b",
            "$.list",
            "$.list[0]",
            "$.a.b",
            "$..n",
            "$$.State.Name",
            "$$.Execution.Input",
            "$v",
        ])
    }

    fn expression(&mut self) -> &'static str {
        self.one(&[
            "{% $states.input %}",
            "{% $states.input.a %}",
            "{% $states.input.list %}",
            "{% [1, 2, 3] %}",
            "{% 1 + 'a' %}",
            "{% $v %}",
            "{% $states.context.State.Name %}",
            "{% 2 %}",
            "{% true %}",
            "{% $states.result %}",
            "{% $states.errorOutput %}",
            "{% 'x' %}",
        ])
    }

    /// A machine of some states, which lead anywhere.
    fn machine(&mut self, depth: usize) -> Value {
        let count = 1 + self.below(5);
        let names: Vec<String> = (0..count).map(|at| format!("S{depth}{at}")).collect();
        let mut states = Map::new();
        for name in &names {
            let state = self.state(&names, depth);
            states.insert(name.clone(), state);
        }
        json!({ "StartAt": names.first(), "States": states })
    }

    fn state(&mut self, names: &[String], depth: usize) -> Value {
        let jsonata = self.below(3) == 0;
        let kinds: &[&str] = if depth > 1 {
            &["Pass", "Task", "Choice", "Wait", "Succeed", "Fail"]
        } else {
            &[
                "Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map",
            ]
        };
        let kind = self.one(kinds);
        let mut state = json!({ "Type": kind });
        let mut put = |name: &str, value: Value| {
            if let Some(fields) = state.as_object_mut() {
                fields.insert(name.to_owned(), value);
            }
        };
        if jsonata {
            put("QueryLanguage", json!("JSONata"));
        }
        let target = |bytes: &mut Self| {
            let at = bytes.below(names.len());
            json!(names.get(at))
        };
        match kind {
            "Choice" => {
                let condition = if jsonata {
                    json!({ "Condition": self.expression(), "Next": target(self) })
                } else {
                    let test = self.one(&["IsPresent", "IsNumeric", "BooleanEquals"]);
                    json!({ "Variable": self.path(), test: true, "Next": target(self) })
                };
                put("Choices", json!([condition]));
                if self.below(3) > 0 {
                    put("Default", target(self));
                }
            }
            "Fail" | "Succeed" => {}
            _ if self.below(3) == 0 => put("Next", target(self)),
            _ => put("End", json!(true)),
        }
        match kind {
            "Wait" => match self.below(3) {
                0 => put("Seconds", json!(self.below(9))),
                1 if jsonata => put("Timestamp", json!(self.expression())),
                1 => put("TimestampPath", json!(self.path())),
                _ if jsonata => put("Seconds", json!(self.expression())),
                _ => put("SecondsPath", json!(self.path())),
            },
            "Fail" => put(
                "Error",
                json!(self.one(&["Boom", "States.ALL", "States.Runtime"])),
            ),
            "Task" => {
                put(
                    "Resource",
                    json!(self.one(&[
                        "${AwmWork}",
                        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                        "arn:aws:states:us-east-1:111111111111:activity:a",
                        "arn:aws:states:::glue:startJobRun.sync",
                    ])),
                );
                if self.below(2) == 0 {
                    put("TimeoutSeconds", json!(10 + self.below(9)));
                    put("HeartbeatSeconds", json!(1 + self.below(9)));
                }
            }
            "Parallel" => {
                let branches: Vec<Value> = (0..=self.below(3))
                    .map(|_| self.machine(depth + 1))
                    .collect();
                put("Branches", json!(branches));
            }
            "Map" => {
                let mut processor = self.machine(depth + 1);
                let distributed = self.below(2) == 0;
                if let (true, Some(fields)) = (distributed, processor.as_object_mut()) {
                    let config = json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" });
                    fields.insert("ProcessorConfig".to_owned(), config);
                    if self.below(2) == 0 {
                        put(
                            "ItemBatcher",
                            json!({ "MaxItemsPerBatch": 1 + self.below(3) }),
                        );
                    }
                    if self.below(2) == 0 {
                        put("ToleratedFailurePercentage", json!(self.below(101)));
                    }
                    if self.below(2) == 0 {
                        put(
                            "ItemReader",
                            json!({ "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSON" } }),
                        );
                    }
                    if self.below(2) == 0 {
                        let writer = json!({ "Resource": "arn:aws:states:::s3:putObject" });
                        let config = json!({ "WriterConfig": { "Transformation": "FLATTEN", "OutputType": "JSON" } });
                        put(
                            "ResultWriter",
                            if self.below(2) == 0 { writer } else { config },
                        );
                    }
                }
                put("ItemProcessor", processor);
                if self.below(2) == 0 {
                    put("MaxConcurrency", json!(self.below(3)));
                }
                match self.below(3) {
                    0 if jsonata => put("Items", json!(self.expression())),
                    0 => put("ItemsPath", json!(self.path())),
                    _ => {}
                }
            }
            _ => {}
        }
        let works = matches!(kind, "Task" | "Parallel" | "Map");
        if works && self.below(2) == 0 {
            put(
                "Retry",
                json!([{ "ErrorEquals": [self.one(&["Boom", "States.ALL", "States.Timeout"])], "MaxAttempts": self.below(3),
                "JitterStrategy": "FULL" }]),
            );
        }
        if works && self.below(2) == 0 {
            put(
                "Catch",
                json!([{ "ErrorEquals": ["States.ALL"], "Next": target(self) }]),
            );
        }
        if !jsonata && kind != "Fail" {
            if self.below(3) == 0 {
                put("InputPath", json!(self.path()));
            }
            if self.below(3) == 0 {
                put("OutputPath", json!(self.path()));
            }
            if matches!(kind, "Pass" | "Task" | "Parallel" | "Map") && self.below(3) == 0 {
                put(
                    "ResultPath",
                    json!(self.one(&["$", "$.a", "$.r.s", "$.list"])),
                );
            }
            if matches!(kind, "Pass" | "Task") && self.below(3) == 0 {
                put(
                    "Parameters",
                    json!({ "x.$": self.path(), "y": self.value(1) }),
                );
            }
        }
        if jsonata && kind != "Fail" && self.below(3) == 0 {
            put("Output", json!(self.expression()));
        }
        if matches!(kind, "Pass" | "Task" | "Map" | "Parallel" | "Wait") && self.below(3) == 0 {
            put(
                "Assign",
                if jsonata {
                    json!({ "v": self.expression() })
                } else {
                    json!({ "v.$": self.path() })
                },
            );
        }
        state
    }
}

/// The first half of the bytes makes the machine, the second its world.
pub(crate) fn machine(bytes: &[u8]) {
    let (shape, world) = bytes.split_at(bytes.len() / 2);
    let mut shape = Bytes(shape);
    let input = shape.value(0);
    let mut definition = shape.machine(0);
    if let (0, Some(fields)) = (shape.below(4), definition.as_object_mut()) {
        fields.insert("TimeoutSeconds".to_owned(), json!(30));
    }
    let Ok(program) = Program::from_definition(&definition) else {
        return;
    };
    let program = Arc::new(program);
    let first = play(&program, &input, world, true);
    let again = play(&program, &input, world, true);
    assert_eq!(
        first, again,
        "the same inputs give other effects: {definition}"
    );
    let (outcome, told) = play(&program, &input, world, false);
    assert_eq!(
        (outcome, told.len()),
        (first.0, 0),
        "it ends otherwise when no history is kept: {definition}"
    );
}

/// Plays to the end; answers with how it ended and what was told of it.
fn play(
    program: &Arc<Program>,
    input: &Value,
    world: &[u8],
    history: bool,
) -> (Outcome, Vec<String>) {
    let mut world = Bytes(world);
    let options = Options {
        event_limit: 100,
        history,
        ..Options::default()
    };
    let names = Names::local("run", "machine");
    let mut execution = Execution::new(Arc::clone(program), input.clone(), names, options, 1, 0);
    let mut coming: BTreeMap<(i64, u64), Input> = BTreeMap::from([((0, 0), Input::Started)]);
    let (mut now, mut order, mut last) = (0, 0_u64, 0_u64);
    let mut told = Vec::new();
    for _ in 0..MAX_INPUTS {
        let next = coming.pop_first();
        let input = next.map_or(
            Input::Stop {
                error: None,
                cause: None,
            },
            |((at, _), input)| {
                now = now.max(at);
                input
            },
        );
        // What a clone does must be what the execution itself does.
        let mut clone = (world.below(8) == 1).then(|| execution.clone());
        let effects = execution.step(now, input.clone());
        if let Some(clone) = &mut clone {
            assert_eq!(
                clone.step(now, input),
                effects,
                "a clone does something else"
            );
        }
        for effect in effects {
            order += 1;
            let mut comes = |after: i64, input: Input| coming.insert((now + after, order), input);
            match effect {
                Effect::Emit(events) => {
                    for event in events.into_iter().map(RunEvent::from) {
                        assert_eq!(event.id, last + 1, "a gap before {}", event.kind);
                        assert!(event.previous < event.id, "{} is not chained", event.kind);
                        last = event.id;
                        told.push(format!("{} {} {}", event.id, event.previous, event.kind));
                    }
                }
                Effect::RunTask { id, .. } => {
                    let after = world.below(12) as i64 * 1_000;
                    match world.below(8) {
                        0 => {
                            comes(
                                after,
                                Input::TaskFailed {
                                    id,
                                    failure: Failure::work("Boom", "because"),
                                },
                            );
                        }
                        1 => {
                            comes(after, Input::Heartbeat { id });
                        }
                        2 => {
                            let output = world.value(0);
                            comes(after, Input::TaskSubmitted { id, output });
                        }
                        3 => {}
                        4 => {
                            comes(
                                after,
                                Input::TaskFailed {
                                    id,
                                    failure: Failure::named(None, None),
                                },
                            );
                        }
                        _ => {
                            let output = world.value(0);
                            comes(after, Input::TaskSucceeded { id, output });
                        }
                    }
                }
                Effect::SetTimer { id, at } => {
                    comes((at - now).max(0), Input::TimerFired { id });
                }
                Effect::ReadItems { id, .. } | Effect::ReadMore { id } => {
                    let more = world.below(4) == 1;
                    let items = match world.below(5) {
                        0 => Err(Failure::work("States.ItemReaderFailed", "because")),
                        count => Ok(awm_interpreter::ItemsPart {
                            items: (0..count).map(|_| world.value(1).into()).collect(),
                            source: "S3://b/k".into(),
                            more,
                        }),
                    };
                    comes(0, Input::ItemsRead { id, items });
                }
                Effect::WriteResults { id, .. } => {
                    let output = match world.below(3) {
                        0 => Err(Failure::work("States.ResultWriterFailed", "because")),
                        _ => Ok(json!({})),
                    };
                    comes(0, Input::ResultsWritten { id, output });
                }
                Effect::Continue => {
                    comes(0, Input::Continue);
                }
                Effect::CancelTask { .. } | Effect::CancelTimer { .. } => {}
                Effect::Finished(outcome) => {
                    assert_eq!(execution.outcome(), Some(&*outcome), "it ends twice");
                    let after = execution.step(now, Input::Continue);
                    assert!(after.is_empty(), "it goes on after its end: {after:?}");
                    return (Arc::unwrap_or_clone(outcome), told);
                }
            }
        }
    }
    let none = Outcome {
        status: awm_api::runs::RunStatus::Running,
        output: None,
        error: None,
        cause: None,
    };
    assert_eq!(last, 0, "it never ends: {:?}", told.last());
    (none, told)
}

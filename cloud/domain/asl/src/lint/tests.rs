//! Every page's examples, what lints find, and what fixes do.

use super::{apply_safe_fixes, page, pages};
use crate::source::{Source, apply};
use crate::{Code, Diagnostic, Format, MachineType, validate};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// The JSON blocks of a page; `${Text}` stands for a long text.
fn examples(page: &str) -> Vec<String> {
    page.split("```json\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .map(|example| example.replace("${Text}", &"long text ".repeat(30_000)))
        .collect()
}

fn found(text: &str) -> Vec<Diagnostic> {
    validate(text, Format::Json, MachineType::Standard)
}

#[test]
fn each_example_raises_its_lint_and_nothing_else() {
    for code in pages() {
        let page = page(code).unwrap();
        assert!(
            page.starts_with(&format!("# {}: ", code.as_str())),
            "{code}"
        );
        let [bad, good] = examples(page).try_into().unwrap();
        let codes: Vec<Code> = found(&bad).iter().map(|found| found.code).collect();
        assert_eq!(codes, [code], "{code}");
        assert_eq!(found(&good), [], "{code}");
    }
}

#[test]
fn each_fix_takes_its_finding_away() {
    let mut fixed = Vec::new();
    for code in pages() {
        let [bad, _] = examples(page(code).unwrap()).try_into().unwrap();
        let Some(fix) = found(&bad).into_iter().find_map(|found| found.fix) else {
            continue;
        };
        let edits = fix.edits(&Source::new(bad.as_str(), Format::Json)).unwrap();
        let text = apply(&bad, &edits);
        assert_eq!(found(&text), [], "{code}: {text}");
        fixed.push(format!(
            "{code} {}: {}",
            if fix.safe { "safe" } else { "unsafe" },
            fix.title
        ));
    }
    expect![[r#"
        NEWER_JSONATA safe: Write it as a condition
        NO_DEFAULT safe: Add a Default that fails
        NO_RETRY unsafe: Add a Retry
        UNUSED_RESULT safe: Drop the result
        UNUSED_VARIABLE safe: Remove the variable attempt
        MISSING_TRANSITION_TARGET safe: Remove the state Forgotten
    "#]]
    .assert_eq(&(fixed.join("\n") + "\n"));
}

#[test]
fn safe_fixes_are_applied_until_none_is_left() {
    let text = json!({"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B", "Assign": {"one": 1, "two.$": "$.x"}}]},
        "B": {"Type": "Succeed"},
        "C": {"Type": "Pass", "Next": "D"},
        "D": {"Type": "Pass", "Next": "C"},
    }})
    .to_string();
    let (fixed, done) = apply_safe_fixes(&text, Format::Json, MachineType::Standard);
    expect![[r#"
        Add a Default that fails at /States/A
        Remove the variable one at /States/A/Choices/0/Assign/one
        Remove the state C at /States/C
        Remove the state D at /States/D
    "#]]
    .assert_eq(&(done.join("\n") + "\n"));
    let left: Vec<String> = found(&fixed).iter().map(ToString::to_string).collect();
    expect![[r#"
        1:119 info UNUSED_VARIABLE: no state reads the variable `$two` at /States/A/Choices[0]/Assign/two.$
    "#]].assert_eq(&(left.join("\n") + "\n"));
}

/// The lints about a machine that starts at `A`.
fn check(language: &str, states: Value, expected: Expect) {
    let definition = json!({"QueryLanguage": language, "StartAt": "A", "States": states});
    let lines: Vec<String> = found(&definition.to_string())
        .into_iter()
        .filter(|found| found.code != Code::NoRetry)
        .map(|mut found| {
            found.span = None;
            found.to_string()
        })
        .collect();
    expected.assert_eq(
        &lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    );
}

#[test]
fn variables_are_followed_through_catchers_branches_and_iterations() {
    check(
        "JSONPath",
        json!({
            "A": {"Type": "Task", "Resource": "${AwmRetrieve}", "Assign": {"a.$": "$.x"}, "Next": "B",
                  "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"b": 1}, "Next": "B"}]},
            "B": {"Type": "Pass", "Parameters": {"a.$": "$a", "b.$": "$b"}, "Next": "P"},
            "P": {"Type": "Parallel", "Next": "M", "Branches": [
                {"StartAt": "P1", "States": {"P1": {"Type": "Pass", "Assign": {"inner": 1}, "Next": "P2"},
                                              "P2": {"Type": "Pass", "Parameters": {"i.$": "$inner"}, "End": true}}},
                {"StartAt": "P3", "States": {"P3": {"Type": "Pass", "Parameters": {"i.$": "$inner"}, "End": true}}}
            ]},
            "M": {"Type": "Map", "Next": "C", "Assign": {"sure": 1}, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "M1", "States": {"M1": {"Type": "Pass", "Parameters": {"a.$": "$a"}, "End": true}}
            }},
            "C": {"Type": "Choice", "Default": "D", "Choices": [
                {"Variable": "$late", "IsPresent": true, "Next": "D"},
                {"Variable": "$sure", "NumericEquals": 1, "Next": "D"}
            ]},
            "D": {"Type": "Pass", "Assign": {"late": 1}, "Next": "E"},
            "E": {"Type": "Choice", "Default": "C", "Choices": [{"Variable": "$late", "IsNull": true, "Next": "F"}]},
            "F": {"Type": "Succeed"}
        }),
        expect![[r#"
            warning MAYBE_UNASSIGNED_VARIABLE: the variable `$a` is read here, but not every way to this state assigns it at /States/B
            warning MAYBE_UNASSIGNED_VARIABLE: the variable `$b` is read here, but not every way to this state assigns it at /States/B
            warning UNASSIGNED_VARIABLE: the variable `$inner` is read here, but no state before this one assigns it at /States/P/Branches[1]/States/P3
            warning UNASSIGNED_VARIABLE: the variable `$a` is read here, but no state before this one assigns it at /States/M/ItemProcessor/States/M1
        "#]],
    );
}

#[test]
fn results_are_followed_to_where_they_end() {
    let look = json!({"Type": "Task", "Resource": "${AwmRetrieve}", "Parameters": {"question.$": "$.q"}, "ResultPath": "$.found", "Next": "B"});
    let pick = json!({"Type": "Pass", "Parameters": {"q.$": "$.q"}, "End": true});
    for (name, middle, reported) in [
        (
            "nothing between",
            json!({"Type": "Pass", "Next": "C"}),
            true,
        ),
        (
            "overwritten",
            json!({"Type": "Pass", "ResultPath": "$.found", "Result": 1, "Next": "C"}),
            true,
        ),
        (
            "read",
            json!({"Type": "Pass", "Parameters": {"x.$": "$.found.x"}, "Next": "C"}),
            false,
        ),
        (
            "read in a call",
            json!({"Type": "Pass", "Parameters": {"x.$": "States.JsonToString($)"}, "Next": "C"}),
            false,
        ),
        (
            "sent whole",
            json!({"Type": "Task", "Resource": "${AwmRemember}", "ResultPath": null, "Next": "C"}),
            false,
        ),
        (
            "given",
            json!({"Type": "Choice", "Default": "C", "Choices": [{"Variable": "$.q", "IsNull": true, "Next": "E"}]}),
            false,
        ),
        (
            "chosen by",
            json!({"Type": "Choice", "Default": "C", "Choices": [{"Variable": "$.found", "IsNull": true, "Next": "C"}]}),
            false,
        ),
        (
            "read in JSONata",
            json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input %}", "Next": "C"}),
            false,
        ),
        (
            "not read in JSONata",
            json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"q": "{% $states.input.q %}"}, "Next": "C"}),
            true,
        ),
    ] {
        let mut states = json!({"A": look, "B": middle, "C": pick});
        if name == "given" {
            states["E"] = json!({"Type": "Succeed"});
        }
        let definition = json!({"StartAt": "A", "States": states}).to_string();
        let found = found(&definition);
        assert_eq!(
            found.iter().any(|found| found.code == Code::UnusedResult),
            reported,
            "{name}: {found:?}"
        );
    }
}

#[test]
fn loops_are_counted() {
    let counter = |limit: u64| {
        json!({
            "A": {"Type": "Pass", "Parameters": {"n": 0}, "Next": "Work"},
            "Work": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "More"},
            "More": {"Type": "Choice", "Default": "End", "Choices": [{"Variable": "$.n", "NumericLessThan": limit, "Next": "Work"}]},
            "End": {"Type": "Succeed"}
        })
    };
    check("JSONPath", counter(1_000), expect![""]);
    check(
        "JSONPath",
        counter(10_000),
        expect![[r#"
        warning TOO_MANY_EVENTS: 10000 rounds of this loop write about 40000 events, but a history may have 25000: the execution fails at /States/More
    "#]],
    );
    let poll = |seconds: u64| {
        json!({
            "A": {"Type": "Wait", "Seconds": seconds, "Next": "Ask"},
            "Ask": {"Type": "Task", "Resource": "${AwmCallApi}", "Arguments": {}, "Next": "Done"},
            "Done": {"Type": "Choice", "Default": "A", "Choices": [{"Condition": "{% $states.input.done %}", "Next": "End"}]},
            "End": {"Type": "Succeed"}
        })
    };
    check(
        "JSONata",
        poll(2),
        expect![[r#"
        info TOO_MANY_EVENTS: if what this loop waits for does not come, its history is full after 2777 rounds, which is 92 minutes at /States/Done
    "#]],
    );
    check("JSONata", poll(60), expect![""]);
    check(
        "JSONata",
        json!({
            "A": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Work"},
            "Work": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Next": "More"},
            "More": {"Type": "Choice", "Default": "End", "Choices": [{"Condition": "{% $n < 9000 %}", "Next": "Work"}]},
            "End": {"Type": "Succeed"}
        }),
        expect![[r#"
            warning TOO_MANY_EVENTS: 9000 rounds of this loop write about 36000 events, but a history may have 25000: the execution fails at /States/More
        "#]],
    );
}

#[test]
fn newer_operators_are_written_as_conditions() {
    let mut told = String::new();
    for source in [
        "$a ?? 'b'",
        "$states.input.a.b ?: [1, 2]",
        "$f($a ?? 1)",
        "$a ?? $b ?? 1",
        "$a = 1 ?? 2",
        "'?? ' & $a ?? 1",
    ] {
        let definition = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
            "A": {"Type": "Pass", "Output": {"x": [format!("{{% {source} %}}")]}, "End": true}
        }})
        .to_string();
        let fix = found(&definition)
            .into_iter()
            .find(|found| found.code == Code::NewerJsonata)
            .unwrap()
            .fix;
        let line = match fix {
            None => "by hand".to_owned(),
            Some(fix) => {
                let source = Source::new(definition.as_str(), Format::Json);
                let text = apply(&definition, &fix.edits(&source).unwrap());
                let value: Value = serde_json::from_str(&text).unwrap();
                value["States"]["A"]["Output"]["x"][0].to_string()
            }
        };
        told.push_str(&format!("{source} -> {line}\n"));
    }
    expect![[r#"
        $a ?? 'b' -> "{% $exists($a) ? $a : 'b' %}"
        $states.input.a.b ?: [1, 2] -> "{% $boolean($states.input.a.b) ? $states.input.a.b : [1, 2] %}"
        $f($a ?? 1) -> by hand
        $a ?? $b ?? 1 -> by hand
        $a = 1 ?? 2 -> "{% $exists($a = 1) ? $a = 1 : 2 %}"
        '?? ' & $a ?? 1 -> by hand
    "#]].assert_eq(&told);
}

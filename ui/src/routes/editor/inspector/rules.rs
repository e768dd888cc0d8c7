//! The rules of a Choice.

use super::{
    errors::handles,
    place::FieldPlace,
    row::{AddLine, Card, ProblemLines, Row},
    scalar::ScalarBox,
    target::{TargetPicker, scope_of},
};
use crate::routes::editor::model::{
    codec::Codec,
    fields::Language,
    rules::{OPERATORS, Operand, RuleNode, blank, operand_for, operator, read, regroup, write},
};
use awm_flow::rule_in_words;
use awm_kit::{Select, SelectOption};
use leptos::prelude::*;
use serde_json::Value;

/// The list of rules.
#[component]
pub fn RulesEditor(
    /// The `Choices` field.
    place: FieldPlace,
) -> impl IntoView {
    let count = place.count();
    let add = {
        let place = place.clone();
        move |()| {
            let mut rule = blank(place.language == Language::Jsonata);
            let scope = scope_of(&place.state);
            let next = place.session.definition.with_untracked(|root| {
                let default = root
                    .pointer(&format!("{}/Default", place.state))
                    .and_then(Value::as_str)
                    .map(str::to_owned);
                let states = root
                    .pointer(&format!("{scope}/States"))
                    .and_then(Value::as_object);
                default.or_else(|| states.and_then(|states| states.keys().next_back().cloned()))
            });
            if let (Value::Object(rule), Some(next)) = (&mut rule, next) {
                rule.insert("Next".to_owned(), Value::String(next));
            }
            place.push(rule);
        }
    };
    let testid = "field-Choices";
    view! {
        <div class="flex flex-col gap-2" data-testid=testid>
            {move || {
                (0..count.get()).map(|n| view! { <Rule list=place.clone() at=n last=n + 1 == count.get_untracked() /> }).collect_view()
            }}
            <AddLine text="Add a rule" on_click=add testid="add-rule" />
        </div>
    }
}

#[component]
fn Rule(list: FieldPlace, at: usize, last: bool) -> impl IntoView {
    let place = list.child(&at.to_string());
    let value = place.value();
    let title = Signal::derive(move || {
        value.with(|value| value.as_ref().map(rule_in_words).unwrap_or_default())
    });
    let scope = scope_of(&place.state);
    let handles = handles(&list, at, last);
    let fields = place.clone();
    let more = move |name: &'static str, label: &'static str, codec: Codec| {
        let place = fields.child(name);
        view! {
            <Row label=label caption=name place=place.clone()>
                <ScalarBox place=place codec=codec label=label />
            </Row>
        }
    };
    let output = place.language == Language::Jsonata;
    let own = place.problems(false);
    view! {
        <Card title=title up=handles.0 down=handles.1 remove=handles.2>
            <Condition place=place.clone() depth=0 />
            <Row label="Then go to" caption="Next" place=place.child("Next")>
                <TargetPicker place=place.child("Next") scope=scope label="Then go to" testid="rule-Next" />
            </Row>
            <details class="group">
                <summary class="text-xs text-ink-faint hover:text-ink">"Variables, comment"</summary>
                <div class="mt-2 flex flex-col gap-2">
                    {more("Assign", "Variables", Codec::Json)} {output.then(|| more("Output", "Output", Codec::Json))}
                    {more("Comment", "Comment", Codec::Text)}
                </div>
            </details>
            <ProblemLines problems=own />
        </Card>
    }
}

/// One node of a rule: a comparison, an expression, or a group of nodes.
#[component]
fn Condition(place: FieldPlace, depth: usize) -> impl IntoView {
    let value = place.value();
    // The controls are made anew only when the node becomes another kind, so that typing keeps its place.
    let shape = Memo::new(move |_| {
        value.with(|value| match value.as_ref().map(read) {
            Some(RuleNode::And(parts)) => ("And", parts.len()),
            Some(RuleNode::Or(parts)) => ("Or", parts.len()),
            Some(RuleNode::Not(_)) => ("Not", 1),
            Some(RuleNode::Compare { .. }) => ("Compare", 0),
            Some(RuleNode::Condition(_)) => ("Condition", 0),
            Some(RuleNode::Unknown) | None => ("Unknown", 0),
        })
    });
    let kind = Signal::derive(move || shape.get().0.to_owned());
    let regrouping = place.clone();
    let change = move |into: String| {
        if let Some(old) = regrouping.now() {
            regrouping.set(regroup(&old, &into));
        }
    };
    let options = Signal::stored(vec![
        SelectOption::new("Compare", "One comparison"),
        SelectOption::new("And", "All of"),
        SelectOption::new("Or", "Any of"),
        SelectOption::new("Not", "Not"),
    ]);
    view! {
        {(place.language == Language::JsonPath && depth < 8)
            .then(|| view! { <Select value=kind options=options on_change=change label="Kind of rule" testid="rule-kind" /> })}
        {move || {
            let (kind, count) = shape.get();
            match kind {
                "And" | "Or" => view! { <Group place=place.child(kind) count=count depth=depth /> }.into_any(),
                "Not" if depth < 32 => {
                    view! {
                        <div class="ml-1 flex flex-col gap-2 border-l-2 border-line pl-2">
                            <Condition place=place.child("Not") depth=depth + 1 />
                        </div>
                    }
                    .into_any()
                }
                "Compare" => view! { <Comparison place=place.clone() /> }.into_any(),
                "Condition" => {
                    let condition = place.child("Condition");
                    view! {
                        <Row label="Holds when" caption="Condition" place=condition.clone()>
                            <ScalarBox place=condition codec=Codec::Json field="Condition" label="Holds when" placeholder="{% $states.input.ok = true %}" />
                        </Row>
                    }
                    .into_any()
                }
                _ => view! { <ScalarBox place=place.clone() codec=Codec::Json label="Rule as JSON" /> }.into_any(),
            }
        }}
    }
    .into_any()
}

#[component]
fn Group(place: FieldPlace, count: usize, depth: usize) -> impl IntoView {
    let add = {
        let place = place.clone();
        move |()| place.push(blank(false))
    };
    view! {
        <div class="ml-1 flex flex-col gap-2 border-l-2 border-line pl-2">
            {(0..count)
                .map(|n| {
                    let part = place.child(&n.to_string());
                    let gone = part.clone();
                    view! {
                        <div class="flex min-w-0 flex-col gap-2">
                            <Condition place=part depth=depth + 1 />
                            {(count > 1)
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="self-end rounded-badge px-1 text-2xs text-ink-faint hover:bg-fill hover:text-ink"
                                            on:click=move |_| gone.put(None)
                                        >
                                            "Remove"
                                        </button>
                                    }
                                })}
                        </div>
                    }
                })
                .collect_view()} <AddLine text="Add a condition" on_click=add />
        </div>
    }
    .into_any()
}

#[component]
fn Comparison(place: FieldPlace) -> impl IntoView {
    let value = place.value();
    let compare = Memo::new(
        move |_| match value.with(|value| value.as_ref().map(read)) {
            Some(RuleNode::Compare { operator, .. }) => operator,
            _ => String::new(),
        },
    );
    let options = Signal::stored(
        OPERATORS
            .iter()
            .map(|operator| SelectOption::new(operator.name, operator.words))
            .collect::<Vec<_>>(),
    );
    let change = {
        let place = place.clone();
        move |name: String| {
            let Some(old) = place.now() else { return };
            if let (
                RuleNode::Compare {
                    variable, operand, ..
                },
                Some(operator),
            ) = (read(&old), operator(&name))
            {
                let operand = operand_for(operator, &operand);
                place.set(write(
                    &old,
                    RuleNode::Compare {
                        variable,
                        operator: name,
                        operand,
                    },
                ));
            }
        }
    };
    let truth = Signal::stored(vec![
        SelectOption::new("true", "true"),
        SelectOption::new("false", "false"),
    ]);
    let variable = place.child("Variable");
    view! {
        <Row label="Variable" caption="Variable" place=variable.clone()>
            <ScalarBox place=variable codec=Codec::Path field="Variable" label="Variable" placeholder="$.path" />
        </Row>
        {move || {
            let name = compare.get();
            let (chosen, change) = (name.clone(), change.clone());
            let operand = place.child(&name);
            let control = match operator(&name).map(|operator| operator.operand) {
                Some(Operand::Truth) => {
                    let (now, set) = (operand.value(), operand.clone());
                    let text = Signal::derive(move || now.with(|now| now.as_ref().map(Value::to_string).unwrap_or_default()));
                    let on_change = move |text: String| set.set(text == "true");
                    view! { <Select value=text options=truth on_change=on_change label="Value" testid="rule-operand" /> }.into_any()
                }
                kind => {
                    let codec = match kind {
                        Some(Operand::Number) => Codec::Number,
                        Some(Operand::Path) => Codec::Path,
                        Some(Operand::Timestamp) => Codec::Timestamp,
                        _ => Codec::Text,
                    };
                    view! { <ScalarBox place=operand.clone() codec=codec label="Value" /> }.into_any()
                }
            };
            view! {
                <Row label="Comparison" caption=name.clone() place=operand.clone()>
                    <Select value=Signal::stored(chosen) options=options on_change=change label="Comparison" testid="rule-operator" />
                </Row>
                {control}
            }
        }}
    }
    .into_any()
}

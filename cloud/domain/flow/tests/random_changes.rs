//! Whatever is done to a document can be taken back and done again, to the byte, and its text always reads.
#![cfg(test)]

use awm_flow::{Change, Document, Editor, Format, Outlet, Place, Point, Port, catalogue, layout};
use serde_json::{Value, json};

/// A small fixed generator: the same tests each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % most.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

fn change(editor: &Editor, chance: &mut Chance) -> Option<Change> {
    let graph = editor.graph();
    let states: Vec<String> = graph.nodes.iter().map(|node| node.id.clone()).collect();
    let edges: Vec<String> = graph.edges.iter().map(|edge| edge.id.clone()).collect();
    let scopes: Vec<String> = graph
        .scopes
        .iter()
        .map(|scope| scope.pointer.clone())
        .collect();
    let items: Vec<&str> = catalogue::items().map(|item| item.id).collect();
    let point = Point {
        x: chance.below(900) as f64,
        y: chance.below(900) as f64,
    };
    let few: Vec<String> = (0..=chance.below(2))
        .filter_map(|_| chance.pick(&states).cloned())
        .collect();
    let state = chance.pick(&states).cloned();
    let scope = chance.pick(&scopes)?.clone();
    Some(match chance.below(20) {
        0..=4 => Change::AddState {
            item: (*chance.pick(&items)?).to_owned(),
            scope,
            name: None,
            place: match chance.below(4) {
                0 => Place::At(point),
                1 => Place::Onto(chance.pick(&edges)?.clone()),
                2 => Place::After(state?),
                _ => Place::Last,
            },
        },
        5 => Change::RemoveStates(few),
        6 => Change::RenameState {
            state: state?,
            name: format!("Né \"{}\"/~", chance.below(9)),
        },
        7 | 8 => {
            let node = graph.node(&state?)?;
            let to = graph
                .nodes
                .get(*chance.pick(&graph.scopes[node.scope].states)?)?
                .id
                .clone();
            let port = match chance.below(5) {
                0 => Port::Choice(chance.below(3)),
                1 => Port::Catch(chance.below(3)),
                2 => Port::Default,
                _ => Port::Next,
            };
            Change::Connect {
                from: Outlet::new(&node.id, port),
                to,
            }
        }
        9 => Change::Disconnect(chance.pick(&edges)?.clone()),
        10 => Change::SetField {
            state: state?,
            pointer: "/Deep/er/field".to_owned(),
            value: json!(chance.below(99)),
        },
        11 => Change::RemoveField {
            state: state?,
            pointer: "/Deep/er".to_owned(),
        },
        12 => Change::MoveNodes(vec![(state?, point)]),
        13 => Change::Duplicate(few),
        14 => Change::Paste {
            text: editor.fragment(&few),
            scope,
            at: (chance.below(2) == 0).then_some(point),
        },
        15 => Change::WrapIn {
            states: few,
            item: if chance.below(2) == 0 {
                "map"
            } else {
                "parallel"
            }
            .to_owned(),
        },
        16 => Change::MoveIntoScope {
            states: few,
            scope,
            at: (chance.below(2) == 0).then_some(point),
        },
        17 => match chance.below(3) {
            0 => Change::AddBranch(state?),
            1 => Change::RemoveBranch {
                state: state?,
                index: 0,
            },
            _ => Change::SetStart(state?),
        },
        18 => Change::SetCollapsed {
            state: state?,
            collapsed: chance.below(2) == 0,
        },
        _ => {
            let edge = chance.pick(&edges)?.clone();
            Change::Reconnect {
                edge,
                from: None,
                to: state,
            }
        }
    })
}

#[track_caller]
fn check(format: Format, text: &str) {
    let mut made = 0;
    for seed in 0..5 {
        let mut chance = Chance(seed);
        let mut editor = Editor::new(Document::new(format, text));
        assert_eq!(editor.broken(), None, "{text}");
        let mut seen = vec![editor.document().clone()];
        for _ in 0..60 {
            let Some(change) = change(&editor, &mut chance) else {
                continue;
            };
            let before = editor.document().clone();
            editor.seal();
            match editor.apply(change.clone()) {
                Ok(_) if *editor.document() == before => {}
                Ok(_) => {
                    made += 1;
                    seen.push(editor.document().clone());
                }
                Err(_) => assert_eq!(*editor.document(), before, "{change:?}"),
            }
            assert_eq!(
                editor.broken(),
                None,
                "after {change:?}:\n{}\nbefore:\n{}",
                editor.document().text,
                before.text
            );
            consistent(&editor, &change);
        }
        for before in seen.iter().rev().skip(1) {
            assert!(editor.undo().is_some());
            assert_eq!(editor.document(), before);
        }
        assert!(!editor.can_undo());
        for after in seen.iter().skip(1) {
            assert!(editor.redo().is_some());
            assert_eq!(editor.document(), after);
        }
        assert!(!editor.can_redo());
    }
    assert!(made > 100, "only {made} changes were possible");
}

/// The editor draws what its text says, every node has a place, and nothing kept beside the text is of a state that is gone.
fn consistent(editor: &Editor, change: &Change) {
    let fresh = Editor::new(editor.document().clone());
    assert_eq!(fresh.graph(), editor.graph(), "{change:?}");
    let graph = editor.graph();
    assert_eq!(graph.order.len(), graph.nodes.len());
    for (index, node) in graph.nodes.iter().enumerate() {
        let rect = editor.placement().local_rect(index).expect("a place");
        assert!(
            rect.x.is_finite() && rect.y.is_finite() && rect.width >= layout::NODE_WIDTH,
            "{} {rect:?}",
            node.id
        );
    }
    for (edge, known) in graph.edges.iter().enumerate() {
        if let Some(path) = layout::route(graph, editor.placement(), edge) {
            assert!(
                path.points.len() >= 2 && !path.d().contains("NaN"),
                "{}",
                known.id
            );
        }
    }
    let document = editor.document();
    for state in document.positions.keys().chain(document.mocks.keys()) {
        assert!(
            graph.node(state).is_some(),
            "{state} is kept after {change:?}"
        );
    }
}

#[test]
fn a_machine_of_everything() {
    check(
        Format::Json,
        r#"{
  "Comment": "an author's own layout",
  "StartAt": "Ask",   "Extra": {"kept":[1,2 , 3]},
  "States": {
    "Ask": { "Type": "Task", "Resource": "${AwmRetrieve}", "Parameters": {"question.$": "$.q"},
             "Catch": [ {"ErrorEquals": ["States.ALL"], "Next": "Sorry"} ], "Next": "Found?" },
    "Found?": {"Type": "Choice", "Choices": [
        {"Variable": "$.found", "BooleanEquals": true, "Next": "Both"},
        {"Variable": "$.n", "NumericGreaterThan": 3, "Next": "Ask"}], "Default": "Sorry"},
    "Both": {"Type": "Parallel", "Branches": [
        {"StartAt": "L", "States": {"L": {"Type": "Pass", "Next": "L2"}, "L2": {"Type": "Succeed"}}},
        {"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemProcessor":
            {"StartAt": "One", "States": {"One": {"Type": "Wait", "Seconds": 1, "End": true}}}, "End": true}}}
    ], "Next": "Done"},
    "Done": {"Type": "Succeed"},
    "Sorry": {"Type": "Fail", "Error": "NotFound"}
  }
}"#,
    );
}

#[test]
fn a_machine_in_yaml() {
    check(
        Format::Yaml,
        "# the author's own words\nStartAt: Ask\nStates:\n  Ask:\n    Type: Task   # asks\n    Resource: ${AwmRetrieve}\n    \
         Catch:\n      - ErrorEquals: [States.ALL]\n        Next: Sorry\n    Next: Which\n  Which:\n    Type: Choice\n    \
         Choices:\n      - {Variable: $.a, IsPresent: true, Next: Ask}\n    Default: Sorry\n  Sorry: {Type: Fail}\n",
    );
}

#[test]
fn a_change_leaves_the_rest_of_the_text_alone() {
    let text = "{\n   \"StartAt\":\"A\" ,\n  \"States\": { \"A\":{\"Type\":\"Pass\",\"Own\":[1 ,2],\"End\":true} }\n}\n";
    let mut editor = Editor::new(Document::new(Format::Json, text));
    let add = Change::AddState {
        item: "wait".into(),
        scope: String::new(),
        name: None,
        place: Place::After("/States/A".into()),
    };
    editor.apply(add).expect("a state");
    expect_test::expect![[r#"
        {
           "StartAt":"A" ,
          "States": { "A":{"Type":"Pass","Own":[1 ,2],"Next":"Wait"},"Wait":{"Type":"Wait","Seconds":5,"End":true} }
        }
    "#]].assert_eq(&editor.document().text);
}

#[test]
fn an_empty_machine_in_jsonata() {
    check(
        Format::Json,
        r#"{"QueryLanguage": "JSONata", "StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": true}}}"#,
    );
}

#[test]
fn a_broken_text_can_only_be_mended() {
    let good = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}).to_string();
    let mut editor = Editor::new(Document::new(Format::Json, &good));
    editor
        .apply(Change::ReplaceText(format!("{good},")))
        .expect("any text may be typed");
    assert!(editor.broken().is_some());
    assert_eq!(editor.graph().nodes.len(), 1, "the last drawing stays");
    assert!(
        editor
            .apply(Change::RemoveStates(vec!["/States/A".to_owned()]))
            .is_err()
    );
    editor.undo();
    assert_eq!(
        (editor.broken(), editor.document().text.as_str()),
        (None, good.as_str())
    );
}

#[test]
fn typing_and_dragging_are_one_step_each() {
    let text = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}).to_string();
    let mut editor = Editor::new(Document::new(Format::Json, &text));
    for word in ["h", "he", "hel", "held"] {
        let change = Change::SetField {
            state: "/States/A".into(),
            pointer: "/Comment".into(),
            value: Value::from(word),
        };
        editor.apply(change).expect("a field");
    }
    for x in 1..9 {
        let at = Point {
            x: f64::from(x) * 8.0,
            y: 96.0,
        };
        editor
            .apply(Change::MoveNodes(vec![("/States/A".into(), at)]))
            .expect("a move");
    }
    assert_eq!(editor.undo().as_deref(), Some("Moved A"));
    assert!(editor.document().positions.is_empty());
    assert_eq!(editor.undo().as_deref(), Some("Set Comment of A"));
    assert_eq!(editor.document().text, text);
    assert!(!editor.can_undo());
}

//! What changes do to the graph, shown as lines `from -port-> to`.
#![cfg(test)]

use awm_flow::{Change, Document, Editor, Format, Outlet, Place, Point, Port};
use expect_test::{Expect, expect};

const CHAT: &str = r#"{
  "StartAt": "Recall",
  "States": {
    "Recall": {"Type": "Task", "Resource": "${AwmRecall}", "Next": "Retrieve"},
    "Retrieve": {"Type": "Task", "Resource": "${AwmRetrieve}", "Parameters": {"topK": 8},
      "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Sorry"}], "Next": "Found?"},
    "Found?": {"Type": "Choice", "Choices": [{"Variable": "$.found", "BooleanEquals": true, "Next": "Generate"}], "Default": "Sorry"},
    "Generate": {"Type": "Task", "Resource": "${AwmGenerate}", "End": true},
    "Sorry": {"Type": "Fail"}
  }
}"#;

#[track_caller]
fn check(changes: Vec<Change>, drawing: Expect) {
    let mut editor = Editor::new(Document::new(Format::Json, CHAT));
    let mut lines = Vec::new();
    for change in changes {
        match editor.apply(change) {
            Ok(applied) => lines.push(format!("{} {:?}", applied.said, applied.select)),
            Err(error) => lines.push(format!("error: {error}")),
        }
    }
    let graph = editor.graph();
    for index in &graph.order {
        let node = &graph.nodes[*index];
        let ways = graph
            .edges
            .iter()
            .filter(|edge| edge.from_node == Some(*index));
        let ways: Vec<String> = ways
            .map(|edge| {
                let target = if edge.to_node.is_some() {
                    edge.target.clone()
                } else {
                    format!("({})", edge.target)
                };
                if edge.label.is_empty() {
                    target
                } else {
                    format!("{target} [{}]", edge.label)
                }
            })
            .collect();
        let depth = "  ".repeat(graph.frames_around(*index).count());
        let end = if node.ends { " ." } else { "" };
        lines.push(format!(
            "{depth}{} {} {:?} -> {}{end}",
            node.item,
            node.name,
            node.summary,
            ways.join(", ")
        ));
    }
    drawing.assert_eq(&(lines.join("\n") + "\n"));
}

fn state(name: &str) -> String {
    format!("/States/{name}")
}

#[test]
fn a_drawing_of_what_is_there() {
    check(
        vec![],
        expect![[r#"
        recall Recall "earlier turns" -> Retrieve
        retrieve Retrieve "top 8" -> Found?, Sorry [Timeout]
        choice Found? "1 rule" -> Generate [found is true], Sorry [otherwise]
        generate Generate "answer with citations" ->  .
        fail Sorry "" ->  .
    "#]],
    );
}

#[test]
fn adding() {
    let add = |item: &str, place| Change::AddState {
        item: item.into(),
        scope: String::new(),
        name: None,
        place,
    };
    check(
        vec![
            add("remember", Place::After(state("Generate"))),
            add("pass", Place::Onto(state("Found?/Choices/0/Next"))),
            add("choice", Place::Onto(state("Recall/Next"))),
            add("wait", Place::Onto("/StartAt".into())),
            add("parallel", Place::Last),
            add("succeed", Place::At(Point { x: 3.0, y: 500.0 })),
            add("nothing", Place::Last),
        ],
        expect![[r#"
            Added Remember ["/States/Remember"]
            Added Pass ["/States/Pass"]
            Added Choice ["/States/Choice"]
            Added Wait ["/States/Wait"]
            Added Parallel ["/States/Parallel"]
            Added Succeed ["/States/Succeed"]
            error: `nothing` can't be added
            wait Wait "5 s" -> Recall
            recall Recall "earlier turns" -> Choice
            choice Choice "1 rule" -> Retrieve [value is present], Retrieve [otherwise]
            retrieve Retrieve "top 8" -> Found?, Sorry [Timeout]
            choice Found? "1 rule" -> Pass [found is true], Sorry [otherwise]
            pass Pass "" -> Generate
            generate Generate "answer with citations" -> Remember
            remember Remember "question and answer" -> Parallel
            parallel Parallel "2 branches" ->  .
              pass Left "" ->  .
              pass Right "" ->  .
            fail Sorry "" ->  .
            succeed Succeed "" ->  .
        "#]],
    );
}

#[test]
fn removing_mends_the_ways() {
    check(
        vec![Change::RemoveStates(vec![
            state("Retrieve"),
            state("Sorry"),
        ])],
        expect![[r#"
            Removed 2 states []
            recall Recall "earlier turns" -> Found?
            choice Found? "1 rule" -> Generate [found is true]
            generate Generate "answer with citations" ->  .
        "#]],
    );
    check(
        vec![Change::RemoveStates(vec![
            state("Recall"),
            state("Generate"),
        ])],
        expect![[r#"
            Removed 2 states []
            retrieve Retrieve "top 8" -> Found?, Sorry [Timeout]
            choice Found? "1 rule" -> Sorry [otherwise]
            fail Sorry "" ->  .
        "#]],
    );
}

#[test]
fn connecting_and_cutting() {
    check(
        vec![
            Change::Connect {
                from: Outlet::new(state("Generate"), Port::Next),
                to: state("Recall"),
            },
            Change::Connect {
                from: Outlet::new(state("Generate"), Port::Catch(0)),
                to: state("Sorry"),
            },
            Change::Connect {
                from: Outlet::new(state("Found?"), Port::Choice(1)),
                to: state("Retrieve"),
            },
            Change::Disconnect(state("Retrieve/Catch/0/Next")),
            Change::Disconnect(state("Recall/Next")),
            Change::Reconnect {
                edge: state("Found?/Default"),
                from: None,
                to: Some(state("Generate")),
            },
            Change::Connect {
                from: Outlet::new(state("Sorry"), Port::Next),
                to: state("Recall"),
            },
        ],
        expect![[r#"
            Connected Generate to Recall []
            Connected Generate to Sorry []
            Connected Found? to Retrieve []
            Disconnected Retrieve from Sorry []
            Disconnected Recall from Retrieve []
            Connected Found? to Generate []
            error: `Sorry` has no such way out
            recall Recall "earlier turns" ->  .
            retrieve Retrieve "top 8" -> Found?
            choice Found? "2 rules" -> Generate [found is true], Retrieve [value is present], Generate [otherwise]
            generate Generate "answer with citations" -> Recall, Sorry [any error]
            fail Sorry "" ->  .
        "#]],
    );
}

#[test]
fn renaming_reaches_every_reference() {
    check(
        vec![
            Change::RenameState {
                state: state("Sorry"),
                name: "Apolo/gise".into(),
            },
            Change::RenameState {
                state: state("Recall"),
                name: "Generate".into(),
            },
            Change::RenameState {
                state: state("Recall"),
                name: String::new(),
            },
        ],
        expect![[r#"
            Renamed Sorry to Apolo/gise ["/States/Apolo~1gise"]
            error: there is a state called `Generate` already
            error: a name has 1 to 80 characters
            recall Recall "earlier turns" -> Retrieve
            retrieve Retrieve "top 8" -> Found?, Apolo/gise [Timeout]
            choice Found? "1 rule" -> Generate [found is true], Apolo/gise [otherwise]
            generate Generate "answer with citations" ->  .
            fail Apolo/gise "" ->  .
        "#]],
    );
}

#[test]
fn frames() {
    let inner = "/States/Parallel/Branches/0".to_owned();
    check(
        vec![
            Change::WrapIn {
                states: vec![state("Recall"), state("Retrieve")],
                item: "parallel".into(),
            },
            Change::AddBranch(state("Parallel")),
            Change::MoveIntoScope {
                states: vec![state("Generate")],
                scope: inner.clone(),
                at: None,
            },
            Change::WrapIn {
                states: vec![format!("{inner}/States/Generate")],
                item: "map".into(),
            },
            Change::MoveIntoScope {
                states: vec![state("Parallel")],
                scope: inner,
                at: None,
            },
            Change::RemoveBranch {
                state: state("Parallel"),
                index: 1,
            },
        ],
        expect![[r#"
            Put 2 states into Parallel ["/States/Parallel"]
            Added a branch to Parallel ["/States/Parallel/Branches/1/States/Branch"]
            Moved Generate ["/States/Parallel/Branches/0/States/Generate"]
            Put Generate into Map ["/States/Parallel/Branches/0/States/Map"]
            error: `/States/Parallel` can't be moved into itself
            Removed a branch of Parallel []
            parallel Parallel "1 branch" -> Found?
              recall Recall "earlier turns" -> Retrieve
              retrieve Retrieve "top 8" ->  .
              map Map "each item" ->  .
                generate Generate "answer with citations" ->  .
            choice Found? "1 rule" -> Sorry [otherwise]
            fail Sorry "" ->  .
        "#]],
    );
}

#[test]
fn copies() {
    let editor = Editor::new(Document::new(Format::Json, CHAT));
    let copied = editor.fragment(&[state("Retrieve"), state("Found?")]);
    check(
        vec![
            Change::Paste {
                text: copied,
                scope: String::new(),
                at: None,
            },
            Change::Duplicate(vec![state("Retrieve")]),
            Change::Paste {
                text: r#"{"Type": "Wait", "Seconds": 3, "Next": "Gone"}"#.into(),
                scope: String::new(),
                at: None,
            },
            Change::Paste {
                text: "[1, 2]".into(),
                scope: String::new(),
                at: None,
            },
        ],
        expect![[r#"
            Pasted 2 states ["/States/Retrieve 2", "/States/Found? 2"]
            Duplicated Retrieve ["/States/Retrieve 3"]
            Pasted Wait ["/States/Wait"]
            error: what was copied is no state, no `States` and no machine
            recall Recall "earlier turns" -> Retrieve
            retrieve Retrieve "top 8" -> Found?, Sorry [Timeout]
            choice Found? "1 rule" -> Generate [found is true], Sorry [otherwise]
            generate Generate "answer with citations" ->  .
            fail Sorry "" ->  .
            retrieve Retrieve 2 "top 8" -> Found? 2, Sorry [Timeout]
            choice Found? 2 "1 rule" -> 
            retrieve Retrieve 3 "top 8" -> Sorry [Timeout] .
            wait Wait "3 s" ->  .
        "#]],
    );
}

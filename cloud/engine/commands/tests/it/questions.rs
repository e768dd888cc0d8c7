//! Question sets, by their rows.

use crate::host::TestHost;
use awm_api::chat::{ChatSession, ChatTurn, Citation};
use awm_commands::Host;
use serde_json::{Value, json};

async fn set(host: &TestHost) -> String {
    let made = host
        .ask("question_set_create", json!({"name": " Handbook\n"}))
        .await;
    assert_eq!(made["name"], "Handbook");
    made["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn questions_are_written_imported_and_exported() {
    let host = TestHost::new();
    let set = set(&host).await;
    let body = json!({"question": " How many  days? ", "relevant": [{"document": "a.md"}]});
    let added = host
        .ask("question_add", json!({"set_id": set, "body": body}))
        .await;
    assert_eq!(
        (&added["question"], &added["origin"]),
        (&json!("How many days?"), &json!("written"))
    );
    let again = json!({"set_id": set, "body": {"question": "HOW MANY DAYS?"}});
    assert_eq!(host.ask("question_add", again).await["id"], added["id"]);
    let text = "{\"question\": \"how many days?\"}\n{\"question\": \"Who?\", \"unanswerable\": true}\nbroken\n";
    let imported = host
        .ask(
            "question_import",
            json!({"set_id": set, "format": "jsonl", "text": text}),
        )
        .await;
    assert_eq!(
        imported,
        json!({
            "added": 1, "passed_over": 1, "broken": 1,
            "problems": [{"line": 3, "message": "the line is no JSON object"}],
        })
    );
    let save = json!({"id": added["id"], "body": {"question": "=How many?", "answer": "thirty"}});
    host.ask("question_save", save).await;
    let file = host
        .ask("question_export", json!({"set_id": set, "format": "csv"}))
        .await;
    assert_eq!(
        file,
        json!({
            "file_name": "Handbook.csv",
            "text": "question,relevant,section,answer,unanswerable\n'=How many?,,,thirty,\nWho?,,,,yes\n",
        })
    );
    host.ask("question_remove", json!({"id": added["id"]}))
        .await;
    let left = host.ask("question_list", json!({"set_id": set})).await;
    assert_eq!(
        (&left["total"], &left["items"][0]["origin"]),
        (&json!(1), &json!("imported"))
    );
    for (name, request, code) in [
        ("question_add", json!({"set_id": set}), "AWM-1001"),
        (
            "question_add",
            json!({"set_id": "none", "body": {"question": "x"}}),
            "AWM-1003",
        ),
        (
            "question_add",
            json!({"set_id": set, "body": {"question": " "}}),
            "AWM-1001",
        ),
        (
            "question_add",
            json!({"set_id": set, "from_turn": {"session_id": "none", "turn_id": "none"}}),
            "AWM-1003",
        ),
        (
            "question_import",
            json!({"set_id": set, "format": "csv", "text": "a,b\n1,2\n"}),
            "AWM-1001",
        ),
        (
            "question_import",
            json!({"set_id": set, "format": "jsonl", "text": ""}),
            "AWM-1001",
        ),
        (
            "question_generate",
            json!({"set_id": set, "limit": 0}),
            "AWM-1001",
        ),
        (
            "question_generate",
            json!({"set_id": set, "limit": 5, "paraphrase": true}),
            "AWM-1001",
        ),
        (
            "question_export",
            json!({"set_id": "none", "format": "csv"}),
            "AWM-1003",
        ),
        ("question_set_create", json!({"name": "  "}), "AWM-1001"),
    ] {
        let answer = host.ask(name, request.clone()).await;
        assert_eq!(answer["code"], code, "{name} {request}: {answer}");
    }
}

#[tokio::test]
async fn a_turn_becomes_a_question_once() {
    let host = TestHost::new();
    let chats = host.ports().chats.clone();
    let session = ChatSession {
        id: "s".into(),
        workflow_id: "w".into(),
        workflow_name: "Bot".into(),
        title: String::new(),
        turns: 2,
        changed_at: 1,
    };
    chats.put_session(host.tenant(), &session).await.unwrap();
    let citation = |heading: &str| Citation {
        number: 1,
        passage_id: "p".into(),
        document_id: "d".into(),
        document_name: "a.md".into(),
        headings: vec![heading.into()],
        page: None,
        start: 0,
        end: 4,
        quote: "noon".into(),
    };
    let turn = |id: &str, question: &str, refused: bool| -> ChatTurn {
        let citations = match refused {
            true => Value::Null,
            false => json!([citation("Hours"), citation("Hours"), citation("Summer")]),
        };
        serde_json::from_value(json!({
            "id": id, "question": question, "answer": "At noon [1]", "extractive": true, "refused": refused,
            "citations": if citations.is_null() { json!([]) } else { citations }, "run_id": "r", "asked_at": 1,
        }))
        .unwrap()
    };
    for turn in [turn("1", "When?", false), turn("2", "Who?", true)] {
        chats.put_turn(host.tenant(), "s", &turn).await.unwrap();
    }
    let ask = |turn: &str| json!({"from_turn": {"session_id": "s", "turn_id": turn}});
    let first = host.ask("question_add", ask("1")).await;
    assert_eq!(
        first["relevant"],
        json!([
            {"document": "a.md", "section": ["Hours"]},
            {"document": "a.md", "section": ["Summer"]},
        ])
    );
    assert_eq!(first["origin"], "chat");
    assert_eq!(host.ask("question_add", ask("1")).await["id"], first["id"]);
    assert_eq!(
        host.ask("question_add", ask("2")).await["unanswerable"],
        true
    );
    let sets = host.ask("question_set_list", Value::Null).await;
    assert_eq!(
        (&sets[0]["name"], &sets[0]["questions"]),
        (&json!("From conversations"), &json!(2))
    );
    assert_eq!(host.ask("question_add", ask("3")).await["code"], "AWM-1003");
}

#[tokio::test]
async fn headings_become_questions() {
    let host = TestHost::new();
    let source = host.ask("source_create", json!({"name": "Docs"})).await;
    let long = "Every employee has thirty days of annual leave in each year.";
    let ingest = host.ports().ingest.clone();
    for (name, text) in [
        (
            "a.md",
            format!(
                "# Leave\n\n## Annual leave\n\n{long}\n\n## Contact\n\n{long}\n\n## Short\n\nNo.\n"
            ),
        ),
        ("b.md", format!("# Leave\n\n## Contact\n\n{long}\n")),
        (
            "c.md",
            "# 休假\n\n## 年假\n\n每位员工每年有三十天的年假。每位员工每年有三十天的年假。每位员工每年有三十天的年假。每位员工。\n".to_owned(),
        ),
    ] {
        ingest.index_text("Docs", name, &text).await.unwrap();
    }
    let set = set(&host).await;
    let generate = json!({"set_id": set, "sources": [source["id"]], "limit": 50});
    let made = host.ask("question_generate", generate.clone()).await;
    assert_eq!(
        (&made["added"], &made["passed_over"]),
        (&json!(2), &json!(0))
    );
    let made = host.ask("question_generate", generate).await;
    assert_eq!(
        (&made["added"], &made["passed_over"]),
        (&json!(0), &json!(2))
    );
    let list = host.ask("question_list", json!({"set_id": set})).await;
    let told: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|q| (q["question"].clone(), q["relevant"][0].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (
                json!("What does Leave say about Annual leave?"),
                json!({"document": "a.md", "section": ["Leave", "Annual leave"]})
            ),
            (
                json!("休假: 年假?"),
                json!({"document": "c.md", "section": ["休假", "年假"]})
            ),
        ],
        "no heading that two documents have, none with nothing below it"
    );
}

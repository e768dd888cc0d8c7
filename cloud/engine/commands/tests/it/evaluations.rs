//! Evaluations of question sets, by their rows.

use crate::host::TestHost;
use awm_commands::Host;
use serde_json::{Value, json};

/// A library of two documents and a set of three questions.
async fn world() -> (TestHost, String) {
    let host = TestHost::new();
    let ingest = host.ports().ingest.clone();
    for (name, text) in [
        ("leave.md", "# Leave\n\nEveryone has thirty days of leave."),
        ("parking.md", "# Parking\n\nThe garage opens at seven."),
    ] {
        ingest.index_text("Docs", name, text).await.unwrap();
    }
    let set = host
        .ask("question_set_create", json!({"name": "Handbook"}))
        .await;
    let set = set["id"].as_str().unwrap().to_owned();
    let text = [
        json!({"question": "How many days of leave?", "relevant": ["leave.md"]}),
        json!({"question": "When does the garage open?", "relevant": [{"document": "parking.md", "section": ["Parking"]}], "answer": "at seven"}),
        json!({"question": "Zeppelin?", "unanswerable": true}),
    ]
    .map(|line| format!("{line}\n"))
    .concat();
    let import = json!({"set_id": set, "format": "jsonl", "text": text});
    assert_eq!(host.ask("question_import", import).await["added"], 3);
    (host, set)
}

async fn finished(host: &TestHost, set: &str, settings: Value) -> Value {
    let begun = host
        .ask(
            "evaluation_start",
            json!({"set_id": set, "settings": settings}),
        )
        .await;
    assert_eq!(begun["state"], "running", "{begun}");
    let told = host
        .follow("evaluation_watch", json!({"id": begun["id"]}))
        .await;
    told.last().unwrap().clone()
}

#[tokio::test]
async fn a_set_is_evaluated_and_kept() {
    let (host, set) = world().await;
    let run = finished(&host, &set, json!({"answers": false})).await;
    assert_eq!((&run["state"], &run["done"]), (&json!("done"), &json!(3)));
    let figures = &run["figures"];
    for name in ["ndcg_at_10", "recall_at_k", "recall_at_100", "mrr_at_10"] {
        assert_eq!(
            figures[name],
            json!({"value": 1.0, "low": 1.0, "high": 1.0}),
            "{name}"
        );
    }
    assert_eq!(
        (&figures["judged"], &figures["refusals"]),
        (&json!(2), &Value::Null)
    );
    assert_eq!(run["measured"]["documents"], 2);

    let answered = finished(&host, &set, json!({"label": "with answers"})).await;
    let figures = &answered["figures"];
    // The stand-in for a model answers everything, and cites one document for it.
    assert_eq!(figures["refusals"]["value"], 0.0);
    assert_eq!(figures["false_refusals"]["value"], 0.0);
    assert_eq!(figures["citation_precision"]["value"], 0.0);
    assert_eq!(figures["faithfulness"]["value"], 0.0);

    let list = host.ask("evaluation_list", json!({"set_id": set})).await;
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(list[0]["settings"]["label"], "with answers");
    let detail = host.ask("evaluation_get", json!({"id": run["id"]})).await;
    assert_eq!(detail["run"], run);
    let second = &detail["results"][1];
    assert_eq!(second["ranks"], json!([1]));
    assert_eq!(second["found"][0]["relevant"], true);
    assert_eq!(second["answer"], Value::Null);
    host.ask("evaluation_delete", json!({"id": run["id"]}))
        .await;
    assert_eq!(
        host.ask("evaluation_get", json!({"id": run["id"]})).await["code"],
        "AWM-1003"
    );
}

#[tokio::test]
async fn two_evaluations_show_what_got_worse() {
    let (host, set) = world().await;
    let before = finished(&host, &set, json!({"answers": false})).await;
    let list = host.ask("document_list", json!({"text": "parking"})).await;
    host.ask("document_remove", json!({"id": list["items"][0]["id"]}))
        .await;
    host.ask(
        "question_add",
        json!({"set_id": set, "body": {"question": "New?"}}),
    )
    .await;
    let after = finished(&host, &set, json!({"answers": false})).await;
    let compared = host
        .ask(
            "evaluation_compare",
            json!({"before": before["id"], "after": after["id"]}),
        )
        .await;
    assert_eq!(
        (&compared["worse"], &compared["better"], &compared["alone"]),
        (&json!(1), &json!(0), &json!(1))
    );
    let first = &compared["questions"][0];
    assert_eq!(first["change"], -1.0);
    assert_eq!(
        first["before"]["question"]["question"],
        "When does the garage open?"
    );
    assert_eq!(
        (&first["before"]["ranks"], &first["after"]["ranks"]),
        (&json!([1]), &json!([null]))
    );
}

#[tokio::test]
async fn an_evaluation_can_be_stopped_and_what_makes_no_sense_is_refused() {
    let (host, set) = world().await;
    let begun = host.ask("evaluation_start", json!({"set_id": set})).await;
    let stopped = host
        .ask("evaluation_stop", json!({"id": begun["id"]}))
        .await;
    assert_eq!(
        (&stopped["state"], &stopped["figures"]),
        (&json!("stopped"), &Value::Null)
    );
    let again = host
        .ask("evaluation_stop", json!({"id": begun["id"]}))
        .await;
    assert_eq!(again["state"], "stopped");
    let watched = host
        .follow("evaluation_watch", json!({"id": begun["id"]}))
        .await;
    assert_eq!(watched, [stopped]);

    let empty = host
        .ask("question_set_create", json!({"name": "Empty"}))
        .await;
    for (name, request, code) in [
        ("evaluation_start", json!({"set_id": "none"}), "AWM-1003"),
        (
            "evaluation_start",
            json!({"set_id": empty["id"]}),
            "AWM-1001",
        ),
        (
            "evaluation_start",
            json!({"set_id": set, "settings": {"top_k": 0}}),
            "AWM-1001",
        ),
        ("evaluation_stop", json!({"id": "none"}), "AWM-1003"),
        (
            "evaluation_compare",
            json!({"before": begun["id"], "after": "none"}),
            "AWM-1003",
        ),
    ] {
        let answer = host.ask(name, request).await;
        assert_eq!(answer["code"], code, "{name}: {answer}");
    }
}

#[tokio::test]
async fn what_another_process_left_is_shown_as_stopped() {
    let (host, set) = world().await;
    let run = finished(&host, &set, json!({"answers": false})).await;
    let mut left: awm_api::evaluation_runs::EvaluationRun = serde_json::from_value(run).unwrap();
    left.state = awm_api::evaluation_runs::EvaluationState::Running;
    let evaluations = host.ports().evaluations.clone();
    evaluations
        .put_run(host.tenant(), &left, None)
        .await
        .unwrap();
    let list = host.ask("evaluation_list", json!({})).await;
    assert_eq!(list[0]["state"], "stopped");
}

//! Each template, with its sample input and with what leads into its other branches.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

mod world;

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use world::{Ended, World};

/// What a conversation shows: the answer, and the documents that it cites.
fn shown(ended: &Ended) -> String {
    let output = match &ended.output {
        Ok(output) => output,
        Err(error) => return error.clone(),
    };
    let mut shown = output["answer"].as_str().unwrap().to_owned();
    for citation in output["citations"].as_array().into_iter().flatten() {
        let part = format!(
            "\n  [{}] {} {}",
            citation["number"], citation["documentName"], citation["headings"]
        );
        shown.push_str(&part);
    }
    for flag in ["extractive", "refused"] {
        if output[flag] == true {
            shown.push_str(&format!("\n  {flag}"));
        }
    }
    shown
}

async fn say(world: &World, message: &str, expected: Expect) -> Ended {
    let ended = world.say(message).await;
    expected.assert_eq(&shown(&ended));
    ended
}

fn check(ended: &Ended, expected: Expect) {
    let found = match &ended.output {
        Ok(output) => serde_json::to_string_pretty(output).unwrap(),
        Err(error) => error.clone(),
    };
    expected.assert_eq(&found);
}

#[tokio::test]
async fn document_question_answering() {
    let world = World::of("document-question-answering").await;
    let sample = world.run_sample().await;
    expect![""].assert_eq(&shown(&sample));
    assert_eq!(sample.output.as_ref().unwrap()["answer"], sample.told);
    say(&world, "How long is the warranty on a tent?", expect![""]).await;
    say(
        &world,
        "Who composed the opera about a flute?",
        expect![""],
    )
    .await;
    let remembered = world.task("AwmRecall", json!({"sessionId": "sample"})).await;
    assert_eq!(remembered["turns"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn support_bot() {
    let world = World::of("support-bot").await;
    expect![""].assert_eq(&shown(&world.run_sample().await));
    say(&world, "And order 9999?", expect![""]).await;
    say(
        &world,
        "What does it cost to have a zip mended?",
        expect![""],
    )
    .await;
    let shaky = say(&world, "1005 please", expect![""]).await;
    let failed = shaky.events.iter().filter(|e| *e == "TaskFailed").count();
    assert_eq!(failed, 1, "{:?}", shaky.events);
}

#[tokio::test]
async fn web_page_to_knowledge() {
    let world = World::of("web-page-to-knowledge").await;
    let sample = world.run_sample().await;
    let output = sample.output.unwrap();
    assert!(output["passages"].as_u64().unwrap() > 0, "{output}");
    let found = world
        .task(
            "AwmRetrieve",
            json!({"question": "wash jacket soap", "sources": ["Web pages"]}),
        )
        .await;
    assert!(found.to_string().contains("30 °C"), "{found}");
    for (url, expected) in [
        ("http://169.254.169.254/latest/meta-data/", expect![""]),
        ("http://sample-api.invalid/pages/none.html", expect![""]),
    ] {
        let ended = world.run(json!({"url": url, "source": "Web pages"})).await;
        check(&ended, expected);
    }
}

#[tokio::test]
async fn document_intake() {
    let world = World::of("document-intake").await;
    let sample = world.run_sample().await.output.unwrap();
    assert_eq!(sample["status"], "indexed");
    assert!(sample["passages"].as_u64().unwrap() > 3, "{sample}");
    for (path, expected) in [
        ("sample:delivery-note.txt", expect![""]),
        ("/nowhere/at-all.pdf", expect![""]),
    ] {
        let ended = world.run(json!({"path": path, "source": "Supplier documents"})).await;
        check(&ended, expected);
    }
}

#[tokio::test]
async fn conversation_with_memory() {
    let world = World::of("conversation-with-memory").await;
    expect![""].assert_eq(&shown(&world.run_sample().await));
    say(&world, "What did I ask before?", expect![""]).await;
    say(
        &world,
        "How many days of paid holiday does every employee get?",
        expect![""],
    )
    .await;
    say(&world, "And from the 60th birthday?", expect![""]).await;
    say(&world, "What did I ask before?", expect![""]).await;
    world.pass_minutes(61);
    say(&world, "What did I ask before?", expect![""]).await;
}

#[tokio::test]
async fn parallel_and_map() {
    let world = World::of("parallel-and-map").await;
    check(&world.run_sample().await, expect![""]);
    check(&world.run(json!({"orders": []})).await, expect![""]);
}

/// Nothing but the mocked state's resource is out of reach; without its mock the branch takes its Catch.
#[tokio::test]
async fn every_template_succeeds_with_its_sample_input() {
    for template in awm_templates::templates() {
        let ended = World::of(&template.id).await.run_sample().await;
        let output: Result<Value, String> = ended.output;
        assert!(output.is_ok(), "{}: {output:?}", template.id);
    }
}

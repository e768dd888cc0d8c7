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
    expect![[r#"
        You can return a jacket, a tent or any other item within 60 days of delivery. [1]
          [1] "returns-policy.md" ["Returns policy","How long you have"]
          extractive"#]]
    .assert_eq(&shown(&sample));
    assert_eq!(sample.output.as_ref().unwrap()["answer"], sample.told);
    say(&world, "How long is the warranty on a tent?", expect![[r#"
        Every jacket, tent and backpack of our own brand has a warranty of 5 years against faults of material and workmanship. [1]
          [1] "warranty.md" ["Warranty and repairs","What is covered"]
          extractive"#]]).await;
    say(
        &world,
        "Who composed the opera about a flute?",
        expect![[r#"
        The documents hold no answer to that. Try other words, or add a document that covers it.
          refused"#]],
    )
    .await;
    let remembered = world
        .task("AwmRecall", json!({"sessionId": "sample"}))
        .await;
    assert_eq!(remembered["turns"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn support_bot() {
    let world = World::of("support-bot").await;
    expect!["Order **1002** (Lofoten tent for two, Vind gas stove) is **on its way**. The parcel left Bergen on 20 May and should arrive within 3 working days."].assert_eq(&shown(&world.run_sample().await));
    say(&world, "And order 9999?", expect!["There is no order 9999. The number is in the subject of the confirmation e-mail; could you check it?"]).await;
    say(
        &world,
        "What does it cost to have a zip mended?",
        expect![[r#"
            Outside of the warranty the workshop mends zips for 25 euros, re-tapes seams for 40 euros, and washes and re-proofs a shell jacket for 18 euros. [1]
              [1] "warranty.md" ["Warranty and repairs","Paid repairs"]
              extractive"#]],
    )
    .await;
    let shaky = say(&world, "1005 please", expect!["Order **1005** (Rondane backpack 45 l) is **waiting for payment**. The card was declined; please choose another means of payment."]).await;
    let failed = shaky
        .events
        .iter()
        .filter(|kind| *kind == "LambdaFunctionFailed");
    assert_eq!(failed.count(), 1, "{:?}", shaky.events);
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
        (
            "http://169.254.169.254/latest/meta-data/",
            expect![
                "AddressForbidden: http://169.254.169.254/latest/meta-data/ leads into a private network; only public pages can be fetched"
            ],
        ),
        (
            "http://sample-api.invalid/pages/none.html",
            expect![
                "Awm.NotFound: there is no page at `http://sample-api.invalid/pages/none.html`: status 404"
            ],
        ),
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
        (
            "sample:delivery-note.txt",
            expect![[r#"
            {
              "status": "review",
              "path": "sample:delivery-note.txt",
              "reason": "it holds only 74 characters, perhaps it is a scan"
            }"#]],
        ),
        (
            "/nowhere/at-all.pdf",
            expect![[r#"
                {
                  "status": "review",
                  "path": "/nowhere/at-all.pdf",
                  "reason": "it could not be read: `/nowhere/at-all.pdf` lies in no folder of the knowledge base or the workspace [AWM-4019]"
                }"#]],
        ),
    ] {
        let ended = world
            .run(json!({"path": path, "source": "Supplier documents"}))
            .await;
        check(&ended, expected);
    }
}

#[tokio::test]
async fn conversation_with_memory() {
    let world = World::of("conversation-with-memory").await;
    expect![[r#"
        Every employee gets 25 days of paid holiday a year. [1]
          [1] "employee-handbook.md" ["Employee handbook","Holidays"]
          extractive"#]]
    .assert_eq(&shown(&world.run_sample().await));
    say(
        &world,
        "What did I ask before?",
        expect!["You have not asked anything yet, or it is longer ago than the memory lasts."],
    )
    .await;
    say(
        &world,
        "How many days of paid holiday does every employee get?",
        expect![[r#"
            Every employee gets 25 days of paid holiday a year. [1]
              [1] "employee-handbook.md" ["Employee handbook","Holidays"]
              extractive"#]],
    )
    .await;
    say(
        &world,
        "And from the 60th birthday?",
        expect![[r#"
            From the year of the 60th birthday it is 30 days. [1]

            Every employee gets 25 days of paid holiday a year. [2]
              [1] "employee-handbook.md" ["Employee handbook","Holidays"]
              [2] "employee-handbook.md" ["Employee handbook","Holidays"]
              extractive"#]],
    )
    .await;
    say(
        &world,
        "What did I ask before?",
        expect![[r#"
        You asked:

        - How many days of paid holiday does every employee get?
        - And from the 60th birthday?"#]],
    )
    .await;
    world.pass_minutes(61);
    say(
        &world,
        "What did I ask before?",
        expect!["You have not asked anything yet, or it is longer ago than the memory lasts."],
    )
    .await;
}

#[tokio::test]
async fn parallel_and_map() {
    let world = World::of("parallel-and-map").await;
    check(
        &world.run_sample().await,
        expect![[r#"
        {
          "orders": 4,
          "skipped": 1,
          "total": 730.5,
          "rows": [
            {
              "id": "1001",
              "skipped": false,
              "inStock": true,
              "total": 232.5
            },
            {
              "id": "1002",
              "skipped": false,
              "inStock": true,
              "total": 364
            },
            {
              "id": "1003",
              "skipped": false,
              "inStock": true,
              "total": 134
            },
            {
              "id": "1004",
              "skipped": true,
              "total": 0
            }
          ]
        }"#]],
    );
    check(
        &world.run(json!({"orders": []})).await,
        expect![[r#"
        {
          "orders": 0,
          "skipped": 0,
          "total": 0,
          "rows": []
        }"#]],
    );
}

/// Templates run as they are.
#[tokio::test]
async fn every_template_succeeds_with_its_sample_input() {
    for template in awm_templates::templates() {
        let ended = World::of(&template.id).await.run_sample().await;
        let output: Result<Value, String> = ended.output;
        assert!(output.is_ok(), "{}: {output:?}", template.id);
    }
}

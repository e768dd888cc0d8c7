//! Answers from passages: quoted, written by a model, refused.

use crate::world::{Said, World};
use awm_ports::LlmError;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn passages() -> Value {
    json!([
        {"id": "d-0", "documentId": "d", "documentName": "returns.md", "headings": ["Returns"], "start": 10, "end": 68,
            "text": "You can return any item within 60 days of delivery.", "score": 0.03},
        {"id": "e-0", "documentId": "e", "documentName": "shipping.md", "start": 0, "end": 40,
            "text": "Shipping is free from 80 euros."},
    ])
}

const QUESTION: &str = "Within how many days can I return an item?";

/// What was answered and what was told on the way, which must be the same text.
async fn check(world: &World, request: Value, expected: Expect) {
    let (answer, told) = world.run("AwmGenerate", request).await;
    let found = match answer {
        Ok(answer) => {
            assert_eq!(answer["answer"], told);
            serde_json::to_string_pretty(&answer).unwrap()
        }
        Err(failure) => format!("{failure} (told {told:?})"),
    };
    expected.assert_eq(&found);
}

#[tokio::test]
async fn quotes_without_a_model() {
    let world = World::new();
    check(
        &world,
        json!({"question": QUESTION, "passages": passages()}),
        expect![[r#"
            {
              "answer": "You can return any item within 60 days of delivery. [1]",
              "citations": [
                {
                  "number": 1,
                  "passageId": "d-0",
                  "documentId": "d",
                  "documentName": "returns.md",
                  "headings": [
                    "Returns"
                  ],
                  "start": 10,
                  "end": 61,
                  "quote": "You can return any item within 60 days of delivery."
                }
              ],
              "extractive": true,
              "refused": false
            }"#]],
    )
    .await;
    check(
        &world,
        json!({"question": "Who is the king of Norway?", "passages": passages()}),
        expect![[r#"
            {
              "answer": "I found no answer to that in the documents.",
              "citations": [],
              "extractive": true,
              "refused": true
            }"#]],
    )
    .await;
    check(
        &world,
        json!({"question": QUESTION, "passages": []}),
        expect![[r#"
            {
              "answer": "I found no answer to that in the documents.",
              "citations": [],
              "extractive": false,
              "refused": true
            }"#]],
    )
    .await;
    check(&world, json!({"question": QUESTION}), expect![[r#"Awm.ComponentMissing: no model is configured, so AwmGenerate can only quote: give it `passages`, or set a model in the settings (told "")"#]]).await;
}

#[tokio::test]
async fn a_model_cites_passages() {
    let said = Said {
        pieces: vec!["You have ", "60 days [", "1", "]. Also [7", "] free [2,1]."],
        ..Said::default()
    };
    let world = World::saying(said.clone()).await;
    let history =
        json!([{"role": "user", "text": "Hello"}, {"role": "assistant", "text": "Good day."}]);
    check(
        &world,
        json!({"question": QUESTION, "passages": passages(), "history": history, "instructions": "Be kind."}),
        expect![[r#"
            {
              "answer": "You have 60 days [1]. Also free [2][1].",
              "citations": [
                {
                  "number": 1,
                  "passageId": "d-0",
                  "documentId": "d",
                  "documentName": "returns.md",
                  "headings": [
                    "Returns"
                  ],
                  "start": 10,
                  "end": 61,
                  "quote": "You can return any item within 60 days of delivery."
                },
                {
                  "number": 2,
                  "passageId": "e-0",
                  "documentId": "e",
                  "documentName": "shipping.md",
                  "headings": [],
                  "start": 0,
                  "end": 31,
                  "quote": "Shipping is free from 80 euros."
                }
              ],
              "extractive": false,
              "refused": false,
              "usage": {
                "tokensIn": 10,
                "tokensOut": 5
              },
              "model": "tiny"
            }"#]],
    )
    .await;
    let heard = said.heard.lock().unwrap();
    let roles: Vec<String> = heard[0]
        .messages
        .iter()
        .map(|m| format!("{:?}", m.role))
        .collect();
    assert_eq!(roles, ["System", "User", "Assistant", "User"]);
    // What was asked holds the passages; the rules don't.
    assert!(heard[0].messages[3].content.contains("within 60 days"));
    assert!(!heard[0].messages[0].content.contains("60 days"));
}

#[tokio::test]
async fn a_model_refuses_or_says_no() {
    for (pieces, expected) in [
        (
            vec!["NO", "_ANSWER"],
            expect!["I found no answer to that in the documents. refused=true"],
        ),
        (
            vec!["NO_ANSWER. The passages don't say."],
            expect!["I found no answer to that in the documents. refused=true"],
        ),
        (
            vec![],
            expect!["I found no answer to that in the documents. refused=true"],
        ),
        (vec!["N", "O"], expect!["NO refused=false"]),
    ] {
        let world = World::saying(Said {
            pieces,
            ..Said::default()
        })
        .await;
        let (answer, told) = world
            .run(
                "AwmGenerate",
                json!({"question": QUESTION, "passages": passages()}),
            )
            .await;
        let answer = answer.unwrap();
        expected.assert_eq(&format!("{told} refused={}", answer["refused"]));
    }
}

#[tokio::test]
async fn without_passages_a_model_is_free() {
    let world = World::saying(Said {
        pieces: vec!["NO_ANSWER is ", "a word [1]."],
        ..Said::default()
    })
    .await;
    check(
        &world,
        json!({"question": "What is it?"}),
        expect![[r#"
            {
              "answer": "NO_ANSWER is a word [1].",
              "citations": [],
              "extractive": false,
              "refused": false,
              "usage": {
                "tokensIn": 10,
                "tokensOut": 5
              },
              "model": "tiny"
            }"#]],
    )
    .await;
    check(
        &world,
        json!({"question": QUESTION, "passages": [], "quotesOnly": false}),
        expect![[r#"
            {
              "answer": "I found no answer to that in the documents.",
              "citations": [],
              "extractive": false,
              "refused": true
            }"#]],
    )
    .await;
}

#[tokio::test]
async fn failures_have_names() {
    for error in [
        LlmError::Unreachable("no model answers at `localhost:1`".into()),
        LlmError::Refused {
            status: 401,
            message: "bad key".into(),
            retry_after_ms: None,
        },
        LlmError::Malformed("the answer ended in the middle".into()),
    ] {
        let world = World::saying(Said {
            pieces: vec!["Begun "],
            error: Some(error.clone()),
            ..Said::default()
        })
        .await;
        let expected = match error {
            LlmError::Unreachable(_) => expect![[
                r#"Awm.ModelUnreachable: no model answers at `localhost:1` [AWM-5001] (told "Begun")"#
            ]],
            LlmError::Refused { .. } => {
                expect![[r#"Awm.ModelRefused: bad key [AWM-5012] (told "Begun")"#]]
            }
            _ => {
                expect![[
                    r#"Awm.ModelUnreachable: the answer ended in the middle [AWM-5011] (told "Begun")"#
                ]]
            }
        };
        check(
            &world,
            json!({"question": QUESTION, "passages": passages()}),
            expected,
        )
        .await;
        // Quotations need no model.
        let (answer, _) = world
            .run(
                "AwmGenerate",
                json!({"question": QUESTION, "passages": passages(), "quotesOnly": true}),
            )
            .await;
        assert_eq!(answer.unwrap()["extractive"], true);
    }
    let world = World::new();
    let mut found = String::new();
    for request in [
        json!({}),
        json!({"question": ""}),
        json!({"question": "q", "passages": [{"txt": 1}]}),
        json!({"question": "q", "history": [{"role": "system", "text": "x"}]}),
        json!({"question": "q", "history": "x"}),
        json!({"question": "q", "quotesOnly": true}),
        json!({"question": "q", "prompt": "x"}),
    ] {
        found.push_str(&world.line("AwmGenerate", request).await);
        found.push('\n');
    }
    expect![[r#"
        Awm.BadRequest: `question` of AwmGenerate is missing
        Awm.BadRequest: `question` of AwmGenerate is empty
        Awm.BadRequest: `passages[0]` is no passage: missing field `text`
        Awm.BadRequest: `history[0].role` of AwmGenerate must be `user`, `assistant`, `summary` or `fact`
        Awm.BadRequest: `history[0].role` of AwmGenerate must be `user`, `assistant`, `summary` or `fact`
        Awm.BadRequest: `quotesOnly` of AwmGenerate needs `passages`
        Awm.BadRequest: `prompt` is not a field of AwmGenerate, which takes question, passages, history, instructions, quotesOnly, maxTokens, model
    "#]].assert_eq(&found);
}

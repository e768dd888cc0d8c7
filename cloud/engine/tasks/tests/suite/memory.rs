//! What is remembered beyond turns: follow-ups, summaries, facts; and answers that nothing supports.

use crate::world::{Said, World};
use awm_ports::LOCAL_USER;
use awm_tenancy::TenantId;
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;

async fn remember(world: &World, question: &str, more: Value) -> Value {
    let mut request = json!({"sessionId": "s", "question": question, "answer": "Within 60 days."});
    request
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    world.run("AwmRemember", request).await.0.unwrap()
}

async fn recalled(world: &World, session: &str) -> Vec<(String, String)> {
    let answer = world
        .run("AwmRecall", json!({"sessionId": session}))
        .await
        .0
        .unwrap();
    let turns = answer["turns"].as_array().unwrap().clone();
    let text = |turn: &Value, name: &str| turn[name].as_str().unwrap().to_owned();
    turns
        .iter()
        .map(|turn| (text(turn, "role"), text(turn, "text")))
        .collect()
}

#[tokio::test]
async fn a_workflow_names_its_own_time() {
    let world = World::new();
    remember(&world, "How long?", json!({"minutes": 5})).await;
    world.clock.advance(5 * MINUTE - 1);
    assert_eq!(recalled(&world, "s").await.len(), 2);
    world.clock.advance(1);
    assert_eq!(recalled(&world, "s").await.len(), 0);
    let wrong = world
        .line(
            "AwmRemember",
            json!({"sessionId": "s", "question": "", "answer": "", "minutes": 0}),
        )
        .await;
    assert!(wrong.starts_with("Awm.BadRequest: `minutes`"), "{wrong}");
}

#[tokio::test]
async fn what_falls_out_becomes_a_summary_that_lives_as_long_as_its_first_turn() {
    let world = World::new();
    for n in 0..8 {
        remember(
            &world,
            &format!("How many days to return a jacket of size {n}?"),
            json!({}),
        )
        .await;
        world.clock.advance(MINUTE);
    }
    let lines = recalled(&world, "s").await;
    let roles: Vec<&str> = lines.iter().map(|(role, _)| role.as_str()).collect();
    assert_eq!(roles[..3], ["summary", "user", "assistant"]);
    assert_eq!(lines.len(), 13, "twelve lines stay word for word");
    assert!(
        lines[0]
            .1
            .contains("asked: How many days to return a jacket of size 0?"),
        "{:?}",
        lines[0]
    );
    assert!(lines[1].1.contains("size 2"));
    // The first turn was said at 0 and lives for 60 minutes; now it is 8.
    world.clock.advance(52 * MINUTE - 1);
    assert_eq!(recalled(&world, "s").await[0].0, "summary");
    world.clock.advance(1);
    let lines = recalled(&world, "s").await;
    assert!(
        !lines
            .iter()
            .any(|(role, text)| role == "summary" || text.contains("size 0")),
        "{lines:?}"
    );
    assert!(!lines.is_empty(), "younger turns are still there");
}

#[tokio::test]
async fn facts_come_from_the_person_alone() {
    let world = World::new();
    let told = remember(
        &world,
        "Remember that I work in Oslo. How long?",
        json!({"answer": "Remember that you owe us money."}),
    )
    .await;
    assert_eq!(told["facts"], 1);
    remember(&world, "Remember that I work in Oslo.", json!({})).await;
    let elsewhere = recalled(&world, "another conversation").await;
    assert_eq!(
        elsewhere,
        [("fact".to_owned(), "I work in Oslo".to_owned())],
        "once, in every conversation"
    );
    let tenant = TenantId::local();
    let other = TenantId::of_profile("other000000000000000000000").unwrap();
    assert_eq!(
        world.deps.memory.facts(&other, LOCAL_USER).await.unwrap(),
        []
    );
    assert_eq!(
        world
            .deps
            .memory
            .facts(&tenant, "somebody else")
            .await
            .unwrap(),
        []
    );

    let mut settings = world.deps.settings.load(&tenant).await.unwrap();
    settings.remember_facts = false;
    world.deps.settings.save(&tenant, &settings).await.unwrap();
    remember(&world, "Remember that I work in Lima.", json!({})).await;
    assert_eq!(
        recalled(&world, "another conversation").await,
        [],
        "neither told nor learned"
    );
}

#[tokio::test]
async fn a_model_finds_facts_in_a_message_and_makes_none_up() {
    let said = Said {
        pieces: vec![
            "- Leads the repair workshop in Bergen\n- Owns 12 golden bicycles from Peru\n",
        ],
        ..Said::default()
    };
    let world = World::saying(said.clone()).await;
    let told = remember(
        &world,
        "I lead the repair workshop in Bergen. How long is the warranty?",
        json!({}),
    )
    .await;
    assert_eq!(
        (&told["facts"], &told["usage"]["tokensIn"]),
        (&json!(1), &json!(10))
    );
    assert_eq!(
        recalled(&world, "x").await,
        [(
            "fact".to_owned(),
            "Leads the repair workshop in Bergen".to_owned()
        )]
    );
    // A plain question is not worth asking a model about.
    let asked = said.heard.lock().unwrap().len();
    remember(&world, "How long is the warranty?", json!({})).await;
    assert_eq!(said.heard.lock().unwrap().len(), asked);
}

fn history() -> Value {
    json!([{"role": "fact", "text": "I work in Oslo"}, {"role": "user", "text": "How many days to return a jacket?"}, {"role": "assistant", "text": "60 days."}])
}

#[tokio::test]
async fn a_follow_up_is_made_whole() {
    let request = json!({"question": "And for boots?", "history": history()});
    let world = World::new();
    let (found, _) = world.run("AwmRetrieve", request.clone()).await;
    assert_eq!(
        found.unwrap()["searchedFor"],
        "And for boots? (days return jacket)"
    );

    let said = Said {
        pieces: vec!["\"How many days to ", "return boots?\""],
        ..Said::default()
    };
    let world = World::saying(said.clone()).await;
    let found = world.run("AwmRetrieve", request.clone()).await.0.unwrap();
    assert_eq!(found["searchedFor"], "How many days to return boots?");
    assert_eq!(found["usage"], json!({"tokensIn": 10, "tokensOut": 5}));
    {
        let heard = said.heard.lock().unwrap();
        assert!(
            heard[0].messages[1]
                .content
                .ends_with("</conversation>\n\nLast question: And for boots?")
        );
        assert!(
            !heard[0].messages[0].content.contains("jacket"),
            "the rules hold nothing that was said"
        );
    }
    // A model that prattles, or fails, is not followed.
    for said in [
        Said {
            pieces: vec!["Sure!\nHere is a question"],
            ..Said::default()
        },
        Said {
            pieces: vec!["How"],
            error: Some(awm_ports::LlmError::BrokeOff("cut".into())),
            ..Said::default()
        },
    ] {
        let world = World::saying(said).await;
        let found = world.run("AwmRetrieve", request.clone()).await.0.unwrap();
        assert_eq!(found["searchedFor"], "And for boots? (days return jacket)");
    }
    let world = World::new();
    let (found, _) = world
        .run("AwmRetrieve", json!({"question": "And for boots?"}))
        .await;
    assert_eq!(
        found.unwrap()["searchedFor"],
        "And for boots?",
        "nothing was asked before"
    );
}

#[tokio::test]
async fn an_answer_without_a_source_is_believed_as_far_as_the_passages_say_the_same() {
    let passages = json!([{"id": "d-0", "documentId": "d", "documentName": "returns.md", "start": 10, "end": 61,
        "text": "You can return any item within 60 days of delivery."}]);
    for (said, refused, expected) in [
        (
            "You can return an item within 60 days of delivery.",
            false,
            "You can return an item within 60 days of delivery. [1]",
        ),
        (
            "You can return an item within 90 days of delivery.",
            true,
            "I found no answer to that in the documents.",
        ),
        (
            "The king of Norway opens the parliament each autumn.",
            true,
            "I found no answer to that in the documents.",
        ),
        (
            "I am sorry, NO_ANSWER",
            true,
            "I found no answer to that in the documents.",
        ),
    ] {
        let world = World::saying(Said {
            pieces: vec![said],
            ..Said::default()
        })
        .await;
        let request = json!({"question": "How long can I return an item?", "passages": passages});
        let answer = world.run("AwmGenerate", request).await.0.unwrap();
        assert_eq!(
            (&answer["answer"], &answer["refused"]),
            (&json!(expected), &json!(refused)),
            "{said}"
        );
        assert_eq!(
            answer["citations"].as_array().unwrap().len(),
            usize::from(!refused)
        );
    }
}

#[tokio::test]
async fn a_model_is_named_by_its_title() {
    let world = World::saying(Said {
        pieces: vec!["So [1]."],
        ..Said::default()
    })
    .await;
    let ask =
        |model: &str| json!({"question": "How?", "passages": [{"text": "So."}], "model": model});
    let answer = world.run("AwmGenerate", ask("tiny")).await.0.unwrap();
    assert_eq!(answer["model"], "tiny");
    let line = world.line("AwmGenerate", ask("huge")).await;
    assert_eq!(
        line,
        "Awm.ComponentMissing: the settings hold no model `huge`"
    );
}

//! What is deleted is nowhere.

use crate::world::{MINUTE, NOW, TEMPLATE, Workspace, question, send, session};
use awm_api::{
    chat::{ChatSessionDelete, ChatSessionGet},
    memory::{FactDelete, FactList, MemoryForget, MemoryGet, ReceiptList, ReceiptReason},
    settings::{SettingsGet, SettingsSave},
};
use awm_memory::MemoryClock;
use std::sync::Arc;

/// After a deletion or an expiry nothing in the workspace folder holds the words: no table, journal, event or log.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_nowhere() {
    let workspace = Workspace::new();
    workspace.chat(&[
        "--workflow",
        TEMPLATE,
        "How long is the warranty of a tent?",
    ]);
    let clock = Arc::new(MemoryClock::standing(NOW));
    let host = workspace.open(&clock).await;
    let session = session(&host).await;
    let words = |n: usize| format!("xylophonist{n}warranty");
    for n in 0..12 {
        // Long and short, so that pages are split and rows grow.
        let padding = "tent ".repeat(if n % 3 == 0 { 900 } else { 3 });
        let text = format!(
            "Remember that my word is {}. How long is the warranty on a jacket, tent and backpack against faults of material and workmanship? {padding}",
            words(n)
        );
        send(&host, question(&session, &text)).await;
        clock.advance(1_000);
    }
    let facts = host.ask(FactList {}).await.unwrap();
    assert_eq!(facts.len(), 12, "{facts:?}");
    assert!(
        !workspace.holding(&words(3)).is_empty(),
        "the positive control: the words are there"
    );

    // The memory expires; the transcript stays.
    clock.advance(60 * MINUTE);
    awm_commands::tidy(&host).await.unwrap();
    let known = host
        .ask(MemoryGet {
            session_id: session.id.clone(),
        })
        .await
        .unwrap();
    assert_eq!(known.lines, []);
    host.ask(FactDelete { id: None }).await.unwrap();
    assert!(
        !workspace.holding(&words(3)).is_empty(),
        "the transcript is kept"
    );

    host.ask(ChatSessionDelete {
        id: session.id.clone(),
    })
    .await
    .unwrap();
    for n in 0..12 {
        assert_eq!(
            workspace.holding(&words(n)),
            Vec::<String>::new(),
            "word {n}"
        );
    }
    let receipts = host.ask(ReceiptList {}).await.unwrap();
    let deleted = &receipts[0];
    assert_eq!(
        (deleted.reason, deleted.subject.as_str()),
        (ReceiptReason::ConversationDeleted, session.id.as_str())
    );
    let places: Vec<&str> = deleted
        .places
        .iter()
        .map(|place| place.place.as_str())
        .collect();
    assert_eq!(places, ["runs", "run events", "transcript"], "{deleted:?}");
    let gone = host
        .ask(MemoryForget {
            session_id: session.id,
        })
        .await;
    assert_eq!(gone.err().unwrap().code.as_str(), "AWM-1003");
    host.close().await;
}

/// Conversations go when the settings say that they were kept long enough.
#[tokio::test(flavor = "multi_thread")]
async fn conversations_are_kept_no_longer_than_the_settings_say() {
    let workspace = Workspace::new();
    workspace.chat(&[
        "--workflow",
        TEMPLATE,
        "How long is the warranty of a tent?",
    ]);
    let clock = Arc::new(MemoryClock::standing(NOW));
    let host = workspace.open(&clock).await;
    let mut settings = host.ask(SettingsGet {}).await.unwrap();
    settings.chat_retention_days = Some(7);
    host.ask(SettingsSave { settings }).await.unwrap();
    let session = session(&host).await;
    send(
        &host,
        question(
            &session,
            "How long is the warranty of a tent, marimbaphone?",
        ),
    )
    .await;
    clock.advance(6 * 24 * 60 * MINUTE);
    let (_, young) = send(
        &host,
        question(&session, "How long is the warranty of stoves?"),
    )
    .await;
    clock.advance(2 * 24 * 60 * MINUTE);
    awm_commands::tidy(&host).await.unwrap();
    let transcript = host
        .ask(ChatSessionGet {
            id: session.id.clone(),
        })
        .await
        .unwrap();
    assert_eq!(transcript.turns, [young]);
    assert_eq!(
        transcript.session.title,
        "How long is the warranty of stoves?"
    );
    assert_eq!(workspace.holding("marimbaphone"), Vec::<String>::new());
    let receipts = host.ask(ReceiptList {}).await.unwrap();
    assert!(
        receipts
            .iter()
            .any(|receipt| receipt.reason == ReceiptReason::RetentionOver)
    );
    clock.advance(7 * 24 * 60 * MINUTE);
    awm_commands::tidy(&host).await.unwrap();
    assert_eq!(
        host.ask(ChatSessionGet { id: session.id })
            .await
            .err()
            .unwrap()
            .code
            .as_str(),
        "AWM-1003"
    );
    host.close().await;
}

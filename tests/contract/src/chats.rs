//! What any [`Chats`] keeps to.

use awm_api::chat::{ChatSession, ChatTurn};
use awm_ports::{Chats, StoreError};
use awm_tenancy::TenantId;

/// Runs the suite on an empty store.
pub async fn chats(store: &dyn Chats) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    let session = |id: &str, changed_at| ChatSession {
        id: id.into(),
        workflow_id: "w".into(),
        workflow_name: "Support bot".into(),
        title: String::new(),
        turns: 0,
        changed_at,
    };
    let turn = |id: &str, answer: &str| ChatTurn {
        id: id.into(),
        question: "When?".into(),
        answer: answer.into(),
        citations: Vec::new(),
        extractive: true,
        refused: false,
        run_id: "r".into(),
        asked_at: 5,
        first_word_ms: Some(12),
        ..ChatTurn::default()
    };
    assert_eq!(store.sessions(&tenant).await?, []);
    store.put_session(&tenant, &session("a", 1)).await?;
    store.put_session(&tenant, &session("b", 2)).await?;
    store.put_turn(&tenant, "a", &turn("2", "")).await?;
    store.put_turn(&tenant, "a", &turn("1", "")).await?;
    store
        .put_turn(&tenant, "a", &turn("2", "At noon [1]"))
        .await?;
    store.put_session(&tenant, &session("a", 3)).await?;

    let ids: Vec<_> = store
        .sessions(&tenant)
        .await?
        .into_iter()
        .map(|s| s.id)
        .collect();
    assert_eq!(ids, ["a", "b"], "newest change first");
    assert_eq!(store.session(&tenant, "a").await?, session("a", 3));
    assert_eq!(
        store.turns(&tenant, "a").await?,
        [turn("2", "At noon [1]"), turn("1", "")],
        "in the order they were put, a changed one at its place, kept by a change of the session"
    );
    assert_eq!(store.turns(&tenant, "b").await?, []);

    store.delete_turn(&tenant, "a", "1").await?;
    assert_eq!(store.turns(&tenant, "a").await?, [turn("2", "At noon [1]")]);
    let again = store.delete_turn(&tenant, "a", "1").await;
    assert!(matches!(
        again,
        Err(StoreError::NotFound { what: "turn", .. })
    ));

    store.delete_session(&tenant, "a").await?;
    for answer in [
        store.session(&tenant, "a").await.map(drop),
        store.turns(&tenant, "a").await.map(drop),
        store.put_turn(&tenant, "a", &turn("1", "")).await,
        store.delete_turn(&tenant, "a", "2").await,
        store.delete_session(&tenant, "a").await,
    ] {
        assert!(matches!(
            answer,
            Err(StoreError::NotFound {
                what: "conversation",
                ..
            })
        ));
    }
    store.put_session(&tenant, &session("a", 4)).await?;
    assert_eq!(
        store.turns(&tenant, "a").await?,
        [],
        "turns went with their session"
    );
    Ok(())
}

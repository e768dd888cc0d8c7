//! What any [`Memory`] keeps to.

use awm_api::{
    Timestamp,
    memory::{Fact, Receipt, ReceiptPlace, ReceiptReason},
};
use awm_ports::{Forgotten, Memory, MemorySummary, MemoryTurn, StoreError};
use awm_tenancy::TenantId;

/// Runs the suite on an empty store.
pub async fn memory(store: &dyn Memory) -> Result<(), StoreError> {
    two_tenants(store).await?;
    let tenant = TenantId::local();
    for at in 1..=4 {
        store
            .remember(&tenant, "s", turn(&format!("turn {at}"), at))
            .await?;
    }
    store.remember(&tenant, "other", turn("else", 1)).await?;

    let texts = async |limit, now| -> Result<String, StoreError> {
        let turns = store.recall(&tenant, "s", limit, now).await?;
        let texts: Vec<_> = turns.into_iter().map(|turn| turn.text).collect();
        Ok(texts.join(", "))
    };
    assert_eq!(texts(9, 50).await?, "turn 1, turn 2, turn 3, turn 4");
    assert_eq!(
        texts(2, 50).await?,
        "turn 3, turn 4",
        "the newest, oldest first"
    );
    assert_eq!(texts(0, 50).await?, "");
    assert_eq!(
        texts(9, 102).await?,
        "turn 3, turn 4",
        "expired at the very moment"
    );
    assert_eq!(texts(9, 104).await?, "");

    let gone = |turns, summaries| Forgotten { turns, summaries };
    assert_eq!(
        store.purge(&tenant, 102).await?,
        gone(3, 0),
        "two of one session, one of the other"
    );
    assert_eq!(texts(9, 50).await?, "turn 3, turn 4");
    assert_eq!(
        store.forget(&tenant, "s", Some(4)).await?,
        gone(1, 0),
        "from a moment on"
    );
    assert_eq!(texts(9, 50).await?, "turn 3");
    assert_eq!(store.forget(&tenant, "s", None).await?, gone(1, 0));
    assert_eq!(store.forget(&tenant, "s", None).await?, gone(0, 0));
    assert_eq!(texts(9, 50).await?, "");

    folded(store).await?;
    facts(store).await?;
    receipts(store).await
}

/// A summary takes the place of the oldest turns and goes when it expires.
async fn folded(store: &dyn Memory) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    for at in 1..=5 {
        store
            .remember(&tenant, "f", turn(&format!("turn {at}"), at))
            .await?;
    }
    let summary = |text: &str, at, expires_at| MemorySummary {
        text: text.into(),
        at,
        expires_at,
    };
    store
        .fold(&tenant, "f", summary("one and two", 2, 101))
        .await?;
    store.fold(&tenant, "f", summary("three", 3, 103)).await?;
    let left: Vec<_> = store.recall(&tenant, "f", 9, 50).await?;
    let left: Vec<_> = left.into_iter().map(|turn| turn.text).collect();
    assert_eq!(left, ["turn 4", "turn 5"]);
    assert_eq!(
        store.summaries(&tenant, "f", 50).await?,
        [summary("one and two", 2, 101), summary("three", 3, 103)]
    );
    assert_eq!(
        store.summaries(&tenant, "f", 101).await?,
        [summary("three", 3, 103)]
    );
    assert_eq!(store.summaries(&tenant, "else", 50).await?, []);
    let gone = |turns, summaries| Forgotten { turns, summaries };
    assert_eq!(store.purge(&tenant, 101).await?, gone(0, 1));
    assert_eq!(store.forget(&tenant, "f", Some(4)).await?, gone(2, 0));
    assert_eq!(store.forget(&tenant, "f", None).await?, gone(0, 1));
    Ok(())
}

async fn facts(store: &dyn Memory) -> Result<(), StoreError> {
    let (tenant, other) = (TenantId::local(), other());
    let fact = |id: &str, text: &str, changed_at| Fact {
        id: id.into(),
        text: text.into(),
        session_id: "s".into(),
        at: 1,
        changed_at,
    };
    store
        .put_fact(&tenant, "ada", fact("1", "works in Oslo", 1))
        .await?;
    store
        .put_fact(&tenant, "ada", fact("2", "likes short answers", 2))
        .await?;
    store
        .put_fact(&tenant, "bob", fact("1", "works in Lima", 1))
        .await?;
    store
        .put_fact(&other, "ada", fact("1", "somebody else", 1))
        .await?;
    store
        .put_fact(&tenant, "ada", fact("1", "works in Bergen", 3))
        .await?;
    assert_eq!(
        store.facts(&tenant, "ada").await?,
        [
            fact("1", "works in Bergen", 3),
            fact("2", "likes short answers", 2)
        ],
        "a changed one at its place"
    );
    assert_eq!(
        store.facts(&tenant, "bob").await?,
        [fact("1", "works in Lima", 1)]
    );
    assert_eq!(
        store.facts(&other, "ada").await?,
        [fact("1", "somebody else", 1)]
    );
    assert_eq!(store.delete_facts(&tenant, "ada", Some("1")).await?, 1);
    assert_eq!(store.delete_facts(&tenant, "ada", Some("1")).await?, 0);
    assert_eq!(store.delete_facts(&tenant, "ada", None).await?, 1);
    assert_eq!(store.facts(&tenant, "ada").await?, []);
    assert_eq!(
        store.facts(&tenant, "bob").await?.len(),
        1,
        "another person's stay"
    );
    assert_eq!(
        store.facts(&other, "ada").await?.len(),
        1,
        "another tenant's stay"
    );
    Ok(())
}

async fn receipts(store: &dyn Memory) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    let receipt = |id: &str, at| Receipt {
        id: id.into(),
        at,
        reason: ReceiptReason::MemoryForgotten,
        subject: "s".into(),
        places: vec![ReceiptPlace {
            place: "memory".into(),
            count: 2,
        }],
    };
    store.put_receipt(&tenant, receipt("a", 1)).await?;
    store.put_receipt(&tenant, receipt("b", 2)).await?;
    store.put_receipt(&other(), receipt("c", 3)).await?;
    assert_eq!(
        store.receipts(&tenant, 9).await?,
        [receipt("b", 2), receipt("a", 1)],
        "newest first"
    );
    assert_eq!(store.receipts(&tenant, 1).await?, [receipt("b", 2)]);
    Ok(())
}

/// What one tenant remembers is never answered to, forgotten or purged by another.
async fn two_tenants(store: &dyn Memory) -> Result<(), StoreError> {
    let (tenant, other) = (TenantId::local(), other());
    store.remember(&tenant, "same", turn("mine", 1)).await?;
    store.remember(&other, "same", turn("theirs", 1)).await?;
    let summary = MemorySummary {
        text: "theirs".into(),
        at: 0,
        expires_at: 101,
    };
    store.fold(&other, "same", summary).await?;
    assert_eq!(
        store.recall(&tenant, "same", 9, 50).await?,
        [turn("mine", 1)]
    );
    assert_eq!(store.summaries(&tenant, "same", 50).await?, []);
    let mine = Forgotten {
        turns: 1,
        summaries: 0,
    };
    assert_eq!(store.purge(&tenant, 1_000).await?, mine);
    assert_eq!(
        store.forget(&tenant, "same", None).await?,
        Forgotten::default()
    );
    assert_eq!(
        store.recall(&other, "same", 9, 50).await?,
        [turn("theirs", 1)]
    );
    assert_eq!(store.summaries(&other, "same", 50).await?.len(), 1);
    store.forget(&other, "same", None).await?;
    Ok(())
}

fn other() -> TenantId {
    TenantId::of_profile("other000000000000000000000").unwrap_or(TenantId::local())
}

fn turn(text: &str, at: Timestamp) -> MemoryTurn {
    MemoryTurn {
        role: "user".into(),
        text: text.into(),
        at,
        expires_at: at + 100,
    }
}

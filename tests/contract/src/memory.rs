//! What any [`Memory`] keeps to.

use awm_ports::{Memory, MemoryTurn, StoreError};
use awm_tenancy::TenantId;

/// Runs the suite on an empty store.
pub async fn memory(store: &dyn Memory) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    let turn = |text: &str, at| MemoryTurn {
        role: "user".into(),
        text: text.into(),
        at,
        expires_at: at + 100,
    };
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

    assert_eq!(
        store.purge(&tenant, 102).await?,
        3,
        "two of one session, one of the other"
    );
    assert_eq!(texts(9, 50).await?, "turn 3, turn 4");
    assert_eq!(store.forget(&tenant, "s").await?, 2);
    assert_eq!(store.forget(&tenant, "s").await?, 0);
    assert_eq!(texts(9, 50).await?, "");
    Ok(())
}

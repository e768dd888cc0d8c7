//! What any [`Connections`] keeps to.

use awm_api::connections::{Auth, Connection, Retries};
use awm_ports::{Connections, StoreError};
use awm_tenancy::TenantId;

/// Runs the suite on an empty store, with two tenants.
pub async fn connections(
    store: &dyn Connections,
    tenant: &TenantId,
    other: &TenantId,
) -> Result<(), StoreError> {
    let names = async |tenant: &TenantId| {
        let all = store.list(tenant).await?;
        let names: Vec<String> = all.into_iter().map(|connection| connection.name).collect();
        Ok::<_, StoreError>(names.join(" "))
    };
    assert_eq!(names(tenant).await?, "");
    let made = store.save(tenant, connection("c2", "Shop")).await?;
    assert_eq!(
        made,
        Connection {
            revision: 1,
            ..connection("c2", "Shop")
        }
    );
    store.save(tenant, connection("c1", "Weather")).await?;
    // Names of one are ids of another.
    store.save(tenant, connection("c3", "c1")).await?;
    assert_eq!(names(tenant).await?, "Shop Weather c1", "by name");
    assert_eq!(store.get(tenant, "Shop").await?, made);
    assert_eq!(store.get(tenant, "c2").await?, made);
    assert_eq!(
        store.get(tenant, "c1").await?.name,
        "Weather",
        "the id first"
    );

    let changed = Connection {
        auth: Auth::Bearer,
        ..made.clone()
    };
    assert_eq!(store.save(tenant, changed.clone()).await?.revision, 2);
    let late = store.save(tenant, changed).await;
    assert!(
        matches!(
            late,
            Err(StoreError::Conflict {
                base: 1,
                newest: 2,
                ..
            })
        ),
        "{late:?}"
    );
    assert_eq!(store.get(tenant, "c2").await?.auth, Auth::Bearer);
    let again = store.save(tenant, connection("c9", "Shop")).await;
    assert!(
        matches!(
            again,
            Err(StoreError::Conflict {
                base: 0,
                newest: 0,
                ..
            })
        ),
        "{again:?}"
    );
    let gone = store
        .save(
            tenant,
            Connection {
                revision: 4,
                ..connection("c9", "New")
            },
        )
        .await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");

    assert_eq!(names(other).await?, "", "nothing of one tenant to another");
    for id in ["c2", "Shop"] {
        let found = store.get(other, id).await;
        assert!(
            matches!(found, Err(StoreError::NotFound { .. })),
            "{found:?}"
        );
    }
    let theirs = store.save(other, connection("c2", "Shop")).await?;
    assert_eq!(theirs.revision, 1, "the same id and name are another one's");
    assert_eq!(store.get(tenant, "c2").await?.revision, 2);
    store.delete(other, "c2").await?;
    assert_eq!(
        store.get(tenant, "c2").await?.revision,
        2,
        "nor is it deleted with it"
    );

    store.delete(tenant, "c2").await?;
    let twice = store.delete(tenant, "c2").await;
    assert!(
        matches!(twice, Err(StoreError::NotFound { .. })),
        "{twice:?}"
    );
    assert_eq!(names(tenant).await?, "Weather c1");
    Ok(())
}

fn connection(id: &str, name: &str) -> Connection {
    Connection {
        id: id.into(),
        revision: 0,
        name: name.into(),
        base_url: "https://api.example".into(),
        auth: Auth::None,
        headers: Default::default(),
        timeout_ms: 30_000,
        retries: Retries::default(),
        rate: None,
        max_bytes: 1 << 20,
        operations: Vec::new(),
        secrets: Vec::new(),
        updated_at: 7,
    }
}
